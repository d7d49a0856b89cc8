package dev.varve.source.files;

import dev.varve.PathFilter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a {@link FilesSource} was told. Changed only while {@link #changed} makes a copy. */
final class FilesSettings {

  /** The roots as they were given. */
  final List<Path> roots;

  /** The identity's name; empty: described by the roots. */
  String name = "";

  /** The identity's host; empty: this machine's. */
  String host = "";

  /** Which paths belong to the backup. */
  PathFilter filter = PathFilter.everything();

  /** Whether mounts below a root are left out. */
  boolean oneFileSystem;

  /** Files whose directory is left out. */
  final List<Markers.Marker> markers = new ArrayList<>();

  /** Files above are left out. */
  long largestFileBytes = Long.MAX_VALUE;

  /** Files below are left out. */
  long smallestFileBytes;

  boolean extendedAttributes = true;

  /** Whether pipes and block devices are read as if they were files. */
  boolean readsSpecial;

  /** Whether to use calls that the JDK does not have; not in some tests. */
  boolean nativeCalls = true;

  /** How much of one directory is held in memory: about 50 000 children. */
  long listingMemoryBytes = 24L << 20;

  /** Tells how young a ctime is. */
  Clock clock = Clock.systemUTC();

  FilesSettings(List<Path> roots) {
    this.roots = List.copyOf(roots);
  }

  /** Calls that the JDK does not have, if they are wanted and there. */
  Optional<SystemCalls> calls() {
    return extendedAttributes && nativeCalls ? SystemCalls.find() : Optional.empty();
  }

  /** A copy that {@code change} was applied to. */
  FilesSettings changed(Consumer<FilesSettings> change) {
    FilesSettings copy = new FilesSettings(roots);
    copy.name = name;
    copy.host = host;
    copy.filter = filter;
    copy.oneFileSystem = oneFileSystem;
    copy.markers.addAll(markers);
    copy.largestFileBytes = largestFileBytes;
    copy.smallestFileBytes = smallestFileBytes;
    copy.extendedAttributes = extendedAttributes;
    copy.readsSpecial = readsSpecial;
    copy.nativeCalls = nativeCalls;
    copy.listingMemoryBytes = listingMemoryBytes;
    copy.clock = clock;
    change.accept(copy);
    return copy;
  }
}
