package dev.varve.source.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds the descriptors by which this process holds directories open, so that {@code
 * /proc/self/fd/N} is a path to one that nobody can swap. The JDK has {@code openat} but not {@code
 * mkdirat}, {@code symlinkat} and {@code linkat}. Safe for use by many threads.
 */
final class Descriptors {

  private static final Path ALL = Path.of("/proc/self/fd");

  /** A time that is rounded unless nanoseconds are kept. */
  private static final FileTime ODD = FileTime.from(Instant.ofEpochSecond(1_000_000_000, 1));

  private static final int MOST_REMEMBERED = 64;

  /** How many descriptors one open directory has in this JVM; found out by {@link #learn}. */
  private static volatile int each;

  private final Optional<SystemCalls> calls;
  private volatile boolean nanoseconds;

  /** Those that directories had lately: the system hands the same numbers out again. */
  private final Deque<Path> lately = new ArrayDeque<>();

  /**
   * @param calls to hold things without searching, if there are any
   */
  Descriptors(Optional<SystemCalls> calls) {
    this.calls = calls;
  }

  /** Whether this platform shows descriptors. */
  static boolean areShown() {
    return Files.isDirectory(ALL);
  }

  /**
   * Learns from a directory that only this object's owner has open, and returns a path to it.
   *
   * @param key of the directory
   */
  Path learn(SecureDirectoryStream<Path> stream, Object key) throws IOException {
    List<Path> found = find(key);
    if (found.isEmpty()) {
      throw new IOException("A directory that is open is not among the descriptors in " + ALL);
    }
    each = found.size();
    BasicFileAttributeView view = stream.getFileAttributeView(BasicFileAttributeView.class);
    view.setTimes(ODD, ODD, null);
    nanoseconds = view.readAttributes().lastModifiedTime().equals(ODD);
    return found.get(0);
  }

  /** Whether times set by a descriptor keep nanoseconds; before JDK 25 they may not. */
  boolean setNanoseconds() {
    return nanoseconds;
  }

  /**
   * A path to the directory of this key. It stays right while its owner holds it open: there are no
   * more descriptors of it than the owner has.
   *
   * @throws IOException if something else in this process has the directory open too
   */
  Path sure(Object key) throws IOException {
    List<Path> found = find(key);
    if (found.size() != each) {
      throw new IOException(
          "the directory is also open elsewhere in this program; try again when it is not");
    }
    return found.get(0);
  }

  /**
   * A path that leads to the directory of this key now, found quickly. Whose descriptor it is is
   * not known, so it is good for what does no harm elsewhere.
   */
  Path likely(Object key) throws IOException {
    synchronized (lately) {
      for (Path descriptor : lately) {
        if (leadsTo(descriptor, key)) {
          return descriptor;
        }
      }
    }
    List<Path> found = find(key);
    if (found.isEmpty()) {
      throw new NoSuchFileException(ALL.toString(), null, "shows no descriptor of a directory");
    }
    synchronized (lately) {
      lately.addFirst(found.get(0));
      if (lately.size() > MOST_REMEMBERED) {
        lately.removeLast();
      }
    }
    return found.get(0);
  }

  /**
   * Holds what {@code path} leads to, if that is what has this key.
   *
   * @return nothing if it is something else, or this platform cannot
   */
  Optional<Pin> pin(Path path, Object key) {
    if (calls.isEmpty()) {
      return Optional.empty();
    }
    Pin held;
    try {
      held = calls.get().pin(path);
    } catch (IOException elsewhereNow) {
      return Optional.empty();
    }
    if (leadsTo(held.path(), key)) {
      return Optional.of(held);
    }
    held.close();
    return Optional.empty();
  }

  /** Whether a directory that is held surely has no child of this name; false is no answer. */
  boolean isMissing(Pin directory, Path name) throws IOException {
    return calls.isPresent() && calls.get().canRead() && calls.get().isMissing(directory, name);
  }

  private List<Path> find(Object key) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(ALL)) {
      for (Path descriptor : descriptors) {
        if (leadsTo(descriptor, key)) {
          found.add(descriptor);
        }
      }
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
    return found;
  }

  private static boolean leadsTo(Path descriptor, Object key) {
    try {
      return key.equals(Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey());
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}
