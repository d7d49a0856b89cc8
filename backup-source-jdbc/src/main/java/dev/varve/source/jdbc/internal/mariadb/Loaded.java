package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.PluginContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A content while it is loaded: counts rows, tells of progress, and remembers its failure. That it
 * shows to a driver as an end: a driver that fails in the middle of a statement leaves a connection
 * on which both sides wait. Used by one thread; another may watch it and give it up.
 */
final class Loaded extends FilterInputStream {

  private final PluginContext context;
  private long rows;
  private Optional<IOException> failure = Optional.empty();
  private long pieces;
  private boolean reading;
  private boolean givenUp;

  Loaded(InputStream in, PluginContext context) {
    super(in);
    this.context = context;
  }

  /** How many rows were read: no row holds a line feed. */
  long rows() {
    return rows;
  }

  /** Fails as the content did, if it did. */
  void requireWhole() throws IOException {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** How many times something was asked for. */
  synchronized long pieces() {
    return pieces;
  }

  /**
   * Ends the content for whoever reads it, if nobody has asked for more than so many pieces and
   * nobody waits for one: true from then on.
   */
  synchronized boolean giveUpAt(long known) {
    givenUp |= pieces == known && !reading;
    return givenUp;
  }

  private synchronized boolean begin() {
    pieces++;
    reading = !givenUp;
    return reading;
  }

  private synchronized void end() {
    reading = false;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (!begin()) {
      return -1;
    }
    int count;
    try {
      count = failure.isPresent() ? -1 : super.read(bytes, offset, length);
    } catch (IOException failed) {
      failure = Optional.of(failed);
      return -1;
    } catch (RuntimeException failed) {
      failure = Optional.of(new IOException(failed));
      return -1;
    } finally {
      end();
    }
    for (int i = offset; i < offset + count; i++) {
      rows += bytes[i] == '\n' ? 1 : 0;
    }
    if (count > 0) {
      context.progress(count, "loading rows");
    }
    return count;
  }

  /** The content is closed by whoever opened it, not by a driver. */
  @Override
  public void close() {
    rows += 0;
  }
}
