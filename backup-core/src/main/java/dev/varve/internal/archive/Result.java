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

  /** Waits for it. Called by one thread, once or more. */
  Optional<CatalogEntry> await() throws IOException;

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
      public Optional<CatalogEntry> await() throws IOException {
        return Threads.joinIo(reading);
      }

      @Override
      public void settle() {
        Threads.settle(reading);
      }
    };
  }
}
