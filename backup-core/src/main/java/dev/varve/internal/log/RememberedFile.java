package dev.varve.internal.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Remembers a position in a file of one line, {@code slot hash}. Used by one thread at a time;
 * several processes may share the file: one that lags behind does not set it back.
 */
public final class RememberedFile implements RememberedHead {

  private static final Pattern LINE = Pattern.compile("([0-9]{1,10}) ([0-9a-f]{64})\\s*");

  private final Path file;

  /** Remembers in this file, whose directory must exist. */
  public RememberedFile(Path file) {
    this.file = file;
  }

  @Override
  public Optional<Position> load() throws IOException {
    String line;
    try {
      line = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IOException(
          file + " does not hold a position in the log; delete it to accept the log as it is");
    }
    return Optional.of(
        new Position(Long.parseLong(matcher.group(1)), new SlotHash(matcher.group(2))));
  }

  @Override
  public void save(Position position) throws IOException {
    Optional<Position> before = load();
    if (before.isEmpty() || before.get().slot() < position.slot()) {
      accept(position);
    }
  }

  @Override
  public void accept(Position position) throws IOException {
    Path written =
        Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + ".", ".tmp");
    try {
      Files.writeString(written, position.slot() + " " + position.hash() + "\n");
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(written);
    }
  }
}
