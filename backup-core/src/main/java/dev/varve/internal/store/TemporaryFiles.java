package dev.varve.internal.store;

import dev.varve.store.Body;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that are not items yet, in the directory {@code .tmp} of a store. Safe for use by many
 * threads.
 *
 * <p>A name is 16 random hexadecimal digits, {@code +}, and the key it is meant for with {@code +}
 * for each slash. Left-over ones are removed a day after they were last written. That is safe even
 * for one still in use: its writer fails to publish it and writes another.
 */
final class TemporaryFiles {

  private static final Logger LOG = LoggerFactory.getLogger(TemporaryFiles.class);
  private static final Duration LEFT_OVER = Duration.ofDays(1);
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{16}\\+([a-z0-9._+-]+)");

  private final Path root;
  private final Path folder;
  private final Directories directories;
  private final SecureRandom random = new SecureRandom();
  private final AtomicBoolean swept = new AtomicBoolean();

  TemporaryFiles(Path root, Directories directories) {
    this.root = root;
    this.folder = root.resolve(".tmp");
    this.directories = directories;
  }

  /** Writes a file that holds all of {@code body}, durably but for its name. */
  Path write(String key, Body body) throws IOException {
    directories.make(folder);
    String name = HexFormat.of().toHexDigits(random.nextLong()) + "+" + key.replace('/', '+');
    Path file = folder.resolve(name);
    try {
      try (FileChannel out =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              Directories.readableByOwner(file, "rw-------"))) {
        body.writeTo(new SlicedWrites(out));
        if (out.position() != body.length()) {
          throw new IOException(
              "the body has " + out.position() + " bytes, not " + body.length() + " as it says");
        }
        out.force(true);
      }
    } catch (IOException | RuntimeException failed) {
      discard(file, failed);
      throw failed;
    }
    return file;
  }

  /** Removes a file that did not become an item, because of {@code failed}. */
  void discard(Path file, Exception failed) {
    try {
      // With two names it did become an item, only its directory was not forced: a mark to keep.
      if (FileState.of(file).links() == 1) {
        Files.delete(file);
      }
    } catch (NoSuchFileException neverMade) {
      return;
    } catch (IOException second) {
      failed.addSuppressed(second);
    }
  }

  /** Removes the name of a file whose item is durable. */
  void published(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The item stands; the name goes with those left over.
      LOG.debug("Cannot remove {}", file, e);
    }
  }

  /** Removes what is left over by {@code now}, which is the store's time; only the first call. */
  void sweep(Instant now) {
    if (!swept.compareAndSet(false, true)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        sweep(file, now);
      }
    } catch (IOException e) {
      // Costs room, nothing else; the next one tries again.
      LOG.debug("Cannot remove what is left over in {}", folder, e);
    }
  }

  private void sweep(Path file, Instant now) throws IOException {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return;
    }
    try {
      FileState state = FileState.of(file);
      if (Duration.between(state.time(), now).compareTo(LEFT_OVER) < 0) {
        return;
      }
      if (state.links() > 1) {
        directories.forceNameOf(root.resolve(name.group(1).replace('+', '/')));
      }
      Files.delete(file);
      LOG.debug("Removed {}, left over since {}", file, state.time());
    } catch (NoSuchFileException raced) {
      LOG.debug("{} has gone meanwhile", file);
    }
  }
}
