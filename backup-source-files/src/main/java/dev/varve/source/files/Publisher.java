package dev.varve.source.files;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Gives things their names in the target in one step. Safe for use by many threads. */
final class Publisher {

  private static final int LOCKS = 64;

  private final Staging staging;
  private final Folder target;
  private final List<Object> locks = Stream.generate(Object::new).limit(LOCKS).toList();

  private volatile boolean targetChanged;

  Publisher(Staging staging, Folder target) {
    this.staging = staging;
    this.target = target;
  }

  /** Whether anything got a name in the target itself. */
  boolean targetChanged() {
    return targetChanged;
  }

  /**
   * What to hold from looking at a place to publishing there, so that of two things of one name the
   * second finds the first.
   */
  Object lock(Place place) {
    return locks.get(Math.floorMod(place.parent().hashCode(), LOCKS));
  }

  /** Makes something at a path where nothing is and nobody else can reach. */
  interface Maker {
    void make(Path at) throws IOException;
  }

  /** Makes something and gives it its name; a file or link of that name is replaced. */
  void publish(Folder folder, Path name, Maker maker) throws IOException {
    Path staged = staging.next();
    maker.make(staging.path().resolve(staged));
    publish(folder, name, staged, maker);
  }

  /**
   * Gives something staged its name.
   *
   * @param again makes the same once more, on another file system
   */
  void publish(Folder folder, Path name, Path staged, Maker again) throws IOException {
    if (folder.equals(target)) {
      targetChanged = true;
    }
    try {
      folder.take(staging.folder(), staged, name);
    } catch (AtomicMoveNotSupportedException otherFileSystem) {
      try (Staging there = staging.in(folder)) {
        Path copy = there.next();
        again.make(there.path().resolve(copy));
        folder.take(there.folder(), copy, name);
      }
    }
  }
}
