package dev.varve.source.files;

import dev.varve.EntryPath;
import java.nio.file.Path;

/** A file or directory as a {@linkplain SystemCalls call} names it. Immutable. */
final class Spot {

  private static final byte[] NOTHING = {};

  private final byte[] path;
  private final boolean descriptor;

  private Spot(byte[] path, boolean descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  /** An absolute path, whose last step is not followed if it is a link. */
  static Spot at(Path path) {
    return new Spot(RawNames.absolute(path), false);
  }

  /** A single step, to be found in a directory that is given beside it. */
  static Spot step(Path name) {
    return new Spot(RawNames.lastStep(name), false);
  }

  /** What is backed up under that name, which is not followed if it is a link. */
  static Spot of(EntryPath name) {
    return of(name.bytes());
  }

  /** What is backed up under the name that has these bytes. */
  static Spot of(byte[] steps) {
    byte[] path = new byte[steps.length + 1];
    path[0] = '/';
    System.arraycopy(steps, 0, path, 1, steps.length);
    return new Spot(path, false);
  }

  /** What a path in {@code /proc/self/fd} leads to. */
  static Spot behind(Path descriptor) {
    return new Spot(RawNames.absolute(descriptor), true);
  }

  /** What a descriptor, given beside it, leads to. */
  static Spot held() {
    return new Spot(NOTHING, true);
  }

  byte[] path() {
    return path;
  }

  /** Whether it is held by a descriptor, so that a link is followed. */
  boolean isDescriptor() {
    return descriptor;
  }

  @Override
  public String toString() {
    return EntryPath.textOf(path);
  }
}
