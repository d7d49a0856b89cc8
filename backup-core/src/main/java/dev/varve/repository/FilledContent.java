package dev.varve.repository;

import dev.varve.BackupException;
import dev.varve.Hole;
import dev.varve.target.MissingContentException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/**
 * The content of one entry as a stream that goes on with another repository's where a piece cannot
 * be read, to its end. Used by one thread.
 */
final class FilledContent extends InputStream {

  /** The same content in one repository after the other, each opened only when it is needed. */
  @FunctionalInterface
  interface Others {
    Optional<InputStream> next() throws IOException;
  }

  private final Others others;
  private final BiConsumer<Hole, List<Hole>> onHole;
  private final LongConsumer onFilled;
  private InputStream current;
  private Optional<Hole> hole = Optional.empty();
  private long position;

  /**
   * Reads {@code own}, which fails with a {@link MissingContentException} where a piece cannot be
   * read.
   *
   * @param onHole hears of that piece, and of what is left of it now
   * @param onFilled hears how many bytes came from others
   */
  FilledContent(
      InputStream own, Others others, BiConsumer<Hole, List<Hole>> onHole, LongConsumer onFilled) {
    this.current = own;
    this.others = others;
    this.onHole = onHole;
    this.onFilled = onFilled;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    while (true) {
      try {
        int count = current.read(into, offset, length);
        position += Math.max(0, count);
        if (hole.isPresent()) {
          onFilled.accept(Math.max(0, count));
        }
        return count;
      } catch (MissingContentException missing) {
        hole = Optional.of(missing.hole());
        goOn(missing.hole(), missing);
      } catch (IOException | BackupException e) {
        if (hole.isEmpty()) {
          throw e;
        }
        goOn(hole.get(), e);
      }
    }
  }

  /** Turns to the next of the others that has what comes now. */
  private void goOn(Hole first, Exception why) throws IOException {
    current.close();
    for (Optional<InputStream> next = others.next(); next.isPresent(); next = others.next()) {
      current = next.get();
      try {
        current.skipNBytes(position);
        onHole.accept(first, List.of());
        return;
      } catch (IOException | BackupException e) {
        current.close(); // Not there either: the next one may have it.
      }
    }
    long end = Math.max(first.offset() + first.length(), position + 1);
    Hole rest = new Hole(first.path(), position, end - position, first.reason());
    onHole.accept(first, List.of(rest));
    MissingContentException missing = new MissingContentException(rest);
    missing.initCause(why);
    throw missing;
  }

  @Override
  public int available() throws IOException {
    return current.available();
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
