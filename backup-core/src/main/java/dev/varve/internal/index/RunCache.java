package dev.varve.internal.index;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stored bytes of runs in a local directory, one file each, named by the run; or in nameless
 * temporary files. Safe for use by many threads and processes, and safe to delete at any time.
 * Holds nothing that is not sealed, and verifies nothing: who reads it does.
 */
public final class RunCache {

  private static final Logger LOG = LoggerFactory.getLogger(RunCache.class);
  private static final String UNFINISHED = ".tmp";
  private static final Duration UNFINISHED_FOR = Duration.ofDays(1);

  private final Path directory;
  private final boolean lasting;

  private RunCache(Path directory, boolean lasting) {
    this.directory = directory;
    this.lasting = lasting;
  }

  /** Keeps the runs of one repository in this directory, which is made when it is needed. */
  public static RunCache in(Path directory) {
    return new RunCache(directory, true);
  }

  /** Keeps runs only while they are open, in files in this directory that are removed at once. */
  public static RunCache temporary(Path directory) {
    return new RunCache(directory, false);
  }

  /** Keeps runs only while they are open, where the JVM keeps temporary files. */
  public static RunCache temporary() {
    return temporary(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** Removes the files of all runs but these, and what crashed processes left. */
  public void retain(Set<RunName> runs) throws IOException {
    if (!lasting || !Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (isStale(file, runs)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Whether it keeps anything for the next time. */
  boolean lasts() {
    return lasting;
  }

  /** The copy of a run, if there is one of this length. */
  Optional<SealedItem> find(RunName run, long storedBytes) {
    if (!lasting) {
      return Optional.empty();
    }
    try {
      FileChannel file = FileChannel.open(file(run));
      if (file.size() == storedBytes) {
        return Optional.of(new SealedItem.LocalFile(file));
      }
      file.close();
    } catch (NoSuchFileException e) {
      LOG.debug("{} is not cached yet", run);
    } catch (IOException e) {
      LOG.warn("The cached copy of {} cannot be read and is fetched anew: {}", run, e.toString());
    }
    return Optional.empty();
  }

  /**
   * Keeps a run.
   *
   * @throws UncachedException if it cannot be kept, for whatever reason that lies here
   */
  SealedItem keep(RunName run, long storedBytes, Copy copy) throws IOException {
    Path unfinished = unfinished(run);
    FileChannel file = create(unfinished);
    try {
      copy.to(new CacheChannel(file));
      if (file.size() != storedBytes) {
        throw new FormatException(
            run + " has " + file.size() + " bytes, not " + storedBytes + " as announced");
      }
      if (lasting) {
        moveInPlace(unfinished, file(run));
      }
      return new SealedItem.LocalFile(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    } finally {
      remove(unfinished);
    }
  }

  /** Forgets the copy of a run. */
  void drop(RunName run) {
    if (lasting) {
      remove(file(run));
    }
  }

  private FileChannel create(Path unfinished) throws UncachedException {
    try {
      Files.createDirectories(directory);
      return FileChannel.open(
          unfinished,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncachedException(e);
    }
  }

  private static void moveInPlace(Path unfinished, Path file) throws UncachedException {
    try {
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncachedException(e);
    }
  }

  private static boolean isStale(Path file, Set<RunName> runs) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(UNFINISHED)) {
      Instant touched = Files.getLastModifiedTime(file).toInstant();
      return touched.isBefore(Instant.now().minus(UNFINISHED_FOR));
    }
    try {
      return !runs.contains(RunName.ofKey("index/" + name));
    } catch (FormatException e) {
      return false;
    }
  }

  private Path file(RunName run) {
    return directory.resolve(run.hex());
  }

  private Path unfinished(RunName run) {
    return directory.resolve(run.hex() + "-" + RunName.random().hex() + UNFINISHED);
  }

  /** Removes a file if that is possible; where an open file cannot be removed, when all ends. */
  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} is removed later: {}", file, e.toString());
      file.toFile().deleteOnExit();
    }
  }

  /** Writes all bytes of a run. */
  @FunctionalInterface
  interface Copy {
    void to(WritableByteChannel out) throws IOException;
  }

  /** A run cannot be kept here; it can still be read from the store. */
  static final class UncachedException extends IOException {

    private static final long serialVersionUID = 1;

    UncachedException(IOException cause) {
      super(cause);
    }
  }

  /** Tells failures of the cache from those of what is copied. */
  private record CacheChannel(FileChannel file) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws UncachedException {
      try {
        return file.write(bytes);
      } catch (IOException e) {
        throw new UncachedException(e);
      }
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
