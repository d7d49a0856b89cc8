package dev.varve.source.files;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a {@link FilesSource} was told. Changed only while {@link #changed} makes a copy. */
final class FilesSettings {

  /** The roots as they were given. */
  final List<Path> roots;

  /** The identity's name; empty: described by the roots. */
  String name = "";

  /** The identity's host; empty: this machine's. */
  String host = "";

  /** If any: only what they match. */
  final List<Glob> includes = new ArrayList<>();

  /** What does not belong to the backup. */
  final List<Glob> excludes = new ArrayList<>();

  /** Whether mounts below a root are left out. */
  boolean oneFileSystem;

  /** Names of files whose directory is left out. */
  final List<String> markers = new ArrayList<>();

  /** Files above are left out. */
  long largestFileBytes = Long.MAX_VALUE;

  boolean extendedAttributes = true;

  /** Whether to use calls that the JDK does not have; not in some tests. */
  boolean nativeCalls = true;

  /** How much of one directory is held in memory: about 50 000 children. */
  long listingMemoryBytes = 24L << 20;

  /** Tells how young a ctime is. */
  Clock clock = Clock.systemUTC();

  FilesSettings(List<Path> roots) {
    this.roots = List.copyOf(roots);
  }

  /** A copy that {@code change} was applied to. */
  FilesSettings changed(Consumer<FilesSettings> change) {
    FilesSettings copy = new FilesSettings(roots);
    copy.name = name;
    copy.host = host;
    copy.includes.addAll(includes);
    copy.excludes.addAll(excludes);
    copy.oneFileSystem = oneFileSystem;
    copy.markers.addAll(markers);
    copy.largestFileBytes = largestFileBytes;
    copy.extendedAttributes = extendedAttributes;
    copy.nativeCalls = nativeCalls;
    copy.listingMemoryBytes = listingMemoryBytes;
    copy.clock = clock;
    change.accept(copy);
    return copy;
  }
}
