package dev.varve.source.files;

import dev.varve.ConfigurationException;
import dev.varve.EntryPath;
import dev.varve.PathFilter;
import dev.varve.SourceIdentity;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Files and directories as one source with one or several roots. Immutable: each setting gives
 * another source.
 *
 * <p>Entries are named by their absolute path without the leading slash, in the bytes of the file
 * system whatever the locale. A root that is a symbolic link to a directory is read as that
 * directory under the link's name; all other links are kept as links. The directories above a root
 * are not entries. What cannot be read is reported and the rest goes on; a root that cannot be read
 * fails the backup before it begins.
 *
 * <p>A file counts as unchanged if its ctime, modification time, size and inode are what they were.
 * Kept beside content: mode, owners, times to the nanosecond, hard links, devices and pipes, and on
 * Linux all extended attributes, which hold access control lists and capabilities too; sockets are
 * counted and left out. Not kept: flags that {@code chattr} sets, and when a file was read or made.
 * Without native access (JDK 22, or JNA) only the user's extended attributes are kept, and that is
 * said once. Where the platform has no Unix attributes, names, kinds, contents and times are kept,
 * and every file is read each time.
 */
public final class FilesSource implements Source {

  private final FilesSettings settings;

  private FilesSource(FilesSettings settings) {
    this.settings = settings;
  }

  /**
   * A source of these files and directories.
   *
   * @throws ConfigurationException if there is none, or one is not on the default file system
   */
  public static FilesSource of(Path... roots) {
    if (roots.length == 0) {
      throw new ConfigurationException("Name at least one file or directory to back up");
    }
    for (Path root : roots) {
      if (!root.getFileSystem().equals(FileSystems.getDefault())) {
        throw new ConfigurationException(
            "Cannot back up " + root + " of " + root.getFileSystem() + "; unpack it first");
      }
    }
    return new FilesSource(new FilesSettings(Arrays.asList(roots)));
  }

  /** This source, its snapshots being those of {@code name} instead of the paths of its roots. */
  public FilesSource named(String name) {
    return with(s -> s.name = identity(name, "host").name());
  }

  /**
   * This source, its snapshots being those of {@code host} instead of the environment variable
   * {@code VARVE_HOST} or else this machine's name.
   */
  public FilesSource host(String host) {
    return with(s -> s.host = identity("name", host).host());
  }

  /**
   * This source without what matches {@code pattern}, or with a {@code !} with what patterns before
   * it matched. {@code *.tmp} and {@code build/out} match at any depth, {@code /srv/cache} from the
   * root of the file system, {@code cache/} directories only; the rest see {@link PathFilter}. The
   * roots themselves are never excluded.
   *
   * @throws ConfigurationException if the pattern is malformed
   */
  public FilesSource exclude(String pattern) {
    return filter(settings.filter.toBuilder().exclude(pattern).build());
  }

  /**
   * This source with only what matches {@code pattern}, or one given before or after, what lies
   * below that, and the directories that lead there.
   *
   * @throws ConfigurationException if the pattern is malformed or negated
   */
  public FilesSource include(String pattern) {
    return filter(settings.filter.toBuilder().include(pattern).build());
  }

  /**
   * This source with what {@code filter} admits, which replaces all patterns so far; paths begin at
   * the root of the file system.
   */
  public FilesSource filter(PathFilter filter) {
    return with(s -> s.filter = filter);
  }

  /** This source without what other file systems hold that are mounted below a root. */
  public FilesSource oneFileSystem() {
    return with(s -> s.oneFileSystem = true);
  }

  /**
   * This source without the contents of cache directories, but with the directory and its {@code
   * CACHEDIR.TAG}, which counts only with the signature of the cache directory tagging
   * specification.
   */
  public FilesSource skipCaches() {
    return with(s -> s.markers.add(Markers.Marker.ofCaches()));
  }

  /**
   * This source without the contents of directories that hold a file called {@code marker}, but
   * with the directory and that file.
   *
   * @throws ConfigurationException if that is not the name of a file
   */
  public FilesSource skipMarked(String marker) {
    return skipMarked(marker, "");
  }

  /**
   * As {@link #skipMarked(String)}, where the file begins with {@code header}, in UTF-8.
   *
   * @throws ConfigurationException if {@code marker} is not the name of a file
   */
  public FilesSource skipMarked(String marker, String header) {
    if (marker.isEmpty() || Path.of(marker).getNameCount() != 1 || Path.of(marker).isAbsolute()) {
      throw new ConfigurationException(
          "'" + marker + "' does not name a file in a directory; give a name such as .nobackup");
    }
    byte[] beginning = header.getBytes(StandardCharsets.UTF_8);
    return with(s -> s.markers.add(new Markers.Marker(marker, beginning)));
  }

  /** This source without files larger than {@code bytes}, 0 or more. */
  public FilesSource largestFile(long bytes) {
    return with(s -> s.largestFileBytes = checkedSize(bytes));
  }

  /** This source without files smaller than {@code bytes}, 0 or more. */
  public FilesSource smallestFile(long bytes) {
    return with(s -> s.smallestFileBytes = checkedSize(bytes));
  }

  /**
   * This source reading named pipes and block devices as if they were files: an entry has the
   * content that comes, and is restored as a file. A root may be a link to one.
   *
   * <p>A pipe is read until its last writer has closed it; whether that had written everything
   * nobody can tell. Reading waits for a writer, which holds up one of the threads that read, until
   * one comes or the backup is cancelled. So name pipes rather than directories in which somebody
   * else may make some.
   */
  public FilesSource readSpecial() {
    return with(s -> s.readsSpecial = true);
  }

  /** This source without extended attributes, which cost a call of the system for each file. */
  public FilesSource withoutExtendedAttributes() {
    return with(s -> s.extendedAttributes = false);
  }

  /** This source with what the JDK has calls for. */
  FilesSource withoutNativeCalls() {
    return with(s -> s.nativeCalls = false);
  }

  /** This source as if {@code clock} told the time. */
  FilesSource at(Clock clock) {
    return with(s -> s.clock = clock);
  }

  /** This source holding about so much of one directory in memory. */
  FilesSource listingMemory(long bytes) {
    return with(s -> s.listingMemoryBytes = bytes);
  }

  @Override
  public SourceIdentity identity() {
    String name = settings.name.isEmpty() ? describedByRoots() : settings.name;
    String host = settings.host.isEmpty() ? SourceIdentity.thisHost() : settings.host;
    return identity(name, host);
  }

  /** A pipe that is read gives its bytes once. */
  @Override
  public boolean rereadable() {
    return !settings.readsSpecial;
  }

  @Override
  public SourceRun begin(SourceContext context) throws IOException {
    return new FilesRun(settings, Root.all(settings.roots), context);
  }

  @Override
  public String toString() {
    return "files of " + describedByRoots();
  }

  private String describedByRoots() {
    return settings.roots.stream()
        .map(root -> RawNames.withoutRoot(root.toAbsolutePath().normalize()))
        .map(bytes -> bytes.length == 0 ? "/" : "/" + EntryPath.ofBytes(bytes))
        .distinct()
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static long checkedSize(long bytes) {
    if (bytes < 0) {
      throw new ConfigurationException("A file has 0 bytes or more, not " + bytes);
    }
    return bytes;
  }

  private FilesSource with(Consumer<FilesSettings> change) {
    return new FilesSource(settings.changed(change));
  }

  private static SourceIdentity identity(String name, String host) {
    try {
      return new SourceIdentity("files", name, host);
    } catch (IllegalArgumentException unusable) {
      throw new ConfigurationException(
          unusable.getMessage() + "; give the source another name and host", unusable);
    }
  }
}
