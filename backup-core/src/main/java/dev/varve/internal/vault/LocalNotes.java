package dev.varve.internal.vault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Short lines remembered on this machine beside the cached items: caches, safe to delete, never
 * needed. Without a directory they last as long as the repository is open. Safe for use by many
 * threads and processes.
 */
public final class LocalNotes {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");
  private static final int MAX_BYTES = 4096;

  private final Optional<Path> directory;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  LocalNotes(Optional<Path> directory) {
    this.directory = directory;
  }

  /** What was remembered under a name, if it can be read. */
  public Optional<String> find(String name) {
    Optional<String> here = Optional.ofNullable(known.get(name));
    if (here.isPresent() || directory.isEmpty()) {
      return here;
    }
    Path file = directory.get().resolve(name);
    try {
      return Files.size(file) > MAX_BYTES
          ? Optional.empty()
          : Optional.of(Files.readString(file, StandardCharsets.US_ASCII));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.debug("{} cannot be read: {}", file, e.toString());
      return Optional.empty();
    }
  }

  /** Remembers a line, as well as that is possible. */
  public void put(String name, String line) {
    known.put(name, line);
    if (directory.isEmpty()) {
      return;
    }
    Path file = directory.get().resolve(name);
    try {
      Files.createDirectories(directory.get());
      Path unfinished = Files.createTempFile(directory.get(), name, ".tmp");
      Files.writeString(unfinished, line, StandardCharsets.US_ASCII);
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.debug("{} cannot be written: {}", file, e.toString());
    }
  }
}
