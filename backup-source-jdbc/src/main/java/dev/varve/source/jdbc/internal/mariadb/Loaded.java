package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.PluginContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A content while it is loaded: counts rows, tells of progress, and remembers its failure. That it
 * shows to a driver as an end: a driver that fails in the middle of a statement leaves a connection
 * on which both sides wait. Used by one thread.
 */
final class Loaded extends FilterInputStream {

  private final PluginContext context;
  private long rows;
  private Optional<IOException> failure = Optional.empty();

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

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count;
    try {
      count = failure.isPresent() ? -1 : super.read(bytes, offset, length);
    } catch (IOException failed) {
      failure = Optional.of(failed);
      return -1;
    } catch (RuntimeException failed) {
      failure = Optional.of(new IOException(failed));
      return -1;
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
