package dev.varve.source.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/** Takes what a process says off its hands, in a thread of its own that holds no JVM back. */
final class Pump {

  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  /** Where the bytes go. */
  interface Sink {
    void write(byte[] bytes, int offset, int count) throws IOException;
  }

  private Pump() {}

  /** Pumps until {@code from} ends. A sink that fails gets no more, but the process can go on. */
  static Pump start(InputStream from, Sink to) {
    Pump pump = new Pump();
    Thread thread = new Thread(() -> pump.run(from, to), "varve-command");
    thread.setDaemon(true);
    thread.start();
    return pump;
  }

  /** Completes when everything was written, exceptionally if something was not. */
  CompletableFuture<Boolean> ended() {
    return ended;
  }

  private void run(InputStream from, Sink to) {
    byte[] piece = new byte[8192];
    try (from) {
      for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
        write(to, piece, count);
      }
      ended.complete(true);
    } catch (IOException | RuntimeException failure) {
      ended.completeExceptionally(failure);
    }
  }

  private void write(Sink to, byte[] piece, int count) {
    if (ended.isDone()) {
      return;
    }
    try {
      to.write(piece, 0, count);
    } catch (IOException failure) {
      ended.completeExceptionally(failure);
    }
  }
}
