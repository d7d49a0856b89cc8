package dev.varve.source.files;

import dev.varve.ConfigurationException;
import dev.varve.EntryPath;
import dev.varve.SourceIdentity;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
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
 * Kept beside content: mode, owners, times to the nanosecond, hard links, extended attributes of
 * the user's class, devices and pipes; sockets are counted and left out. Not kept yet: access
 * control lists, capabilities. Where the platform has no Unix attributes, names, kinds, contents
 * and times are kept, and every file is read each time.
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
   * This source without what matches {@code pattern} and does not match an earlier one. {@code
   * *.tmp} and {@code build/out} match at any depth, {@code /srv/cache} from the root of the file
   * system, {@code cache/} directories only, {@code **} any number of steps, {@code !keep.tmp}
   * takes back what patterns before it matched. The roots themselves are never excluded.
   *
   * @throws ConfigurationException if the pattern is malformed
   */
  public FilesSource exclude(String pattern) {
    Glob glob = Glob.parse(pattern);
    return with(s -> s.excludes.add(glob));
  }

  /**
   * This source without what matches a pattern in {@code file}: one a line, in UTF-8, lines that
   * are empty or begin with {@code #} are skipped.
   *
   * @throws ConfigurationException if the file cannot be read or a pattern is malformed
   */
  public FilesSource excludeFrom(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new ConfigurationException(
          "Cannot read the patterns in " + file + " (" + Failures.reason(failure) + ")", failure);
    }
    FilesSource source = this;
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        source = source.exclude(line.stripTrailing());
      }
    }
    return source;
  }

  /**
   * This source with only what matches {@code pattern}, or one given before or after, what lies
   * below that, and the directories that lead there.
   *
   * @throws ConfigurationException if the pattern is malformed or negated
   */
  public FilesSource include(String pattern) {
    Glob glob = Glob.parse(pattern);
    if (glob.negated()) {
      throw new ConfigurationException(
          "Include pattern '" + pattern + "' is negated; exclude what it names instead");
    }
    return with(s -> s.includes.add(glob));
  }

  /** This source without what other file systems hold that are mounted below a root. */
  public FilesSource oneFileSystem() {
    return with(s -> s.oneFileSystem = true);
  }

  /**
   * This source without the contents of directories that hold a file called {@code marker}, but
   * with the directory and that file. {@code CACHEDIR.TAG} counts only with the signature of the
   * cache directory tagging specification.
   */
  public FilesSource skipMarked(String marker) {
    return with(s -> s.markers.add(marker));
  }

  /** This source without files larger than {@code bytes}, 0 or more. */
  public FilesSource largestFile(long bytes) {
    if (bytes < 0) {
      throw new ConfigurationException("The largest file has 0 bytes or more, not " + bytes);
    }
    return with(s -> s.largestFileBytes = bytes);
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
