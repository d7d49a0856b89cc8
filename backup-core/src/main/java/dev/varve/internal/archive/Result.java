package dev.varve.internal.archive;

import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.task.Threads;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Future;

/** What becomes of an entry whose content is read: nothing means that it is left out. */
interface Result {

  /** Whether {@link #await} would return at once. */
  boolean ready();

  /** Waits for it, doing {@code tick} now and then. Called by one thread, once or more. */
  Optional<CatalogEntry> await(Threads.Tick tick) throws IOException;

  /** Waits until nobody works on it, whatever comes of it. */
  void settle();

  /** The result of a content being read. */
  static Result of(Future<Optional<CatalogEntry>> reading) {
    return new Result() {
      @Override
      public boolean ready() {
        return reading.isDone();
      }

      @Override
      public Optional<CatalogEntry> await(Threads.Tick tick) throws IOException {
        return Threads.joinIo(reading, tick);
      }

      @Override
      public void settle() {
        Threads.settle(reading);
      }
    };
  }
}
