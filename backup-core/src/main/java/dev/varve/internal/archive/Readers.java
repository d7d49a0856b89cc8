package dev.varve.internal.archive;

import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.task.Lane;
import dev.varve.internal.task.Threads;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;

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

  /** Reads one content. */
  @FunctionalInterface
  interface Reading {
    Optional<CatalogEntry> read(ContentCutter cutter) throws IOException;
  }

  Readers(Threads threads, CutterMaker maker) {
    this.threads = threads;
    this.maker = maker;
  }

  Result submit(Reading reading) {
    return Result.of(
        threads.submit(
            Lane.READ,
            () -> {
              ContentCutter cutter = take();
              try {
                return reading.read(cutter);
              } finally {
                give(cutter);
              }
            }));
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
