package dev.varve.internal.archive;

import dev.varve.internal.task.Lane;
import dev.varve.internal.task.Threads;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Threads that read contents, each with a cutter of its own while it does. Safe for use by many
 * threads.
 */
final class Readers {

  private final Threads threads;
  private final CutterMaker maker;
  private final ArrayDeque<ContentCutter> idle = new ArrayDeque<>();

  /** Makes a cutter; called as many times as threads read at once. */
  @FunctionalInterface
  interface CutterMaker {
    ContentCutter make() throws IOException;
  }

  /** Reads contents; what goes wrong with one is its own affair. */
  @FunctionalInterface
  interface Reading {
    void with(ContentCutter cutter);
  }

  Readers(Threads threads, CutterMaker maker) {
    this.threads = threads;
    this.maker = maker;
  }

  /** The threads of the engine. */
  Threads threads() {
    return threads;
  }

  /** Has something read soon; {@code failed} hears why if it could not even begin, or broke. */
  void submit(Reading reading, Consumer<Throwable> failed) {
    Future<?> unused = // What goes wrong, failed hears.
        threads.submit(
            Lane.READ,
            () -> {
              try {
                ContentCutter cutter = take();
                try {
                  reading.with(cutter);
                } finally {
                  give(cutter);
                }
              } catch (IOException | RuntimeException | Error e) {
                failed.accept(e);
              }
              return Optional.empty();
            });
  }

  private ContentCutter take() throws IOException {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return maker.make();
  }

  private void give(ContentCutter cutter) {
    synchronized (idle) {
      idle.push(cutter);
    }
  }
}
