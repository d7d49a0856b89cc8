package dev.varve.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that tells when it is closed. Used by one thread. */
final class WatchedStream extends FilterInputStream {

  private final Runnable onClose;

  WatchedStream(InputStream in, Runnable onClose) {
    super(in);
    this.onClose = onClose;
  }

  @Override
  public void close() throws IOException {
    onClose.run();
    super.close();
  }
}
