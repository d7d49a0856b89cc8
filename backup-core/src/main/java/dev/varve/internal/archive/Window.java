package dev.varve.internal.archive;

import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.task.Threads;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Entries on their way to the catalog, in its order, while their contents are read in any order.
 * What waits is bounded: beyond it, the one who adds waits for the oldest, which is always being
 * worked on. Used by one thread, but for {@link #finished}.
 */
final class Window {

  private static final int MAX_ENTRIES = 2048;
  private static final long MAX_FINISHED_BYTES = 16 << 20;
  private static final int ENTRY_BYTES = 512;
  private static final int REF_BYTES = 72;

  /** Where finished entries go. */
  @FunctionalInterface
  interface Outlet {
    void accept(CatalogEntry entry, Tallies.Change change) throws IOException;
  }

  private record Pending(Result result, Tallies.Change change) {}

  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private final AtomicLong finishedBytes = new AtomicLong();
  private final Outlet outlet;
  private final Threads.Tick tick;

  /** A window before {@code outlet}; {@code tick} is done now and then while it waits. */
  Window(Outlet outlet, Threads.Tick tick) {
    this.outlet = outlet;
    this.tick = tick;
  }

  /** Adds an entry that needs no reading. */
  void add(CatalogEntry entry, Tallies.Change change) throws IOException {
    passReady();
    if (waiting.isEmpty()) {
      outlet.accept(entry, change);
    } else {
      finished(entry);
      add(Result.of(CompletableFuture.completedFuture(Optional.of(entry))), change);
    }
  }

  /** Adds an entry whose content is being read. */
  void add(Result result, Tallies.Change change) throws IOException {
    waiting.add(new Pending(result, change));
    while (waiting.size() > MAX_ENTRIES || finishedBytes.get() > MAX_FINISHED_BYTES) {
      passOldest();
    }
    passReady();
  }

  /** A result now waits for its turn. Called by whoever made it, before it shows. */
  void finished(CatalogEntry entry) {
    finishedBytes.addAndGet(weight(entry));
  }

  /** Passes everything on, waiting for it. */
  void drain() throws IOException {
    while (!waiting.isEmpty()) {
      passOldest();
    }
  }

  /** Waits until nobody works on an entry any more, after a failure; results are of no interest. */
  void settle() {
    for (Pending pending : waiting) {
      pending.result().settle();
    }
    waiting.clear();
  }

  /** How many entries wait. */
  int size() {
    return waiting.size();
  }

  private void passReady() throws IOException {
    while (!waiting.isEmpty() && waiting.element().result().ready()) {
      passOldest();
    }
  }

  private void passOldest() throws IOException {
    Pending oldest = waiting.remove();
    Optional<CatalogEntry> entry = oldest.result().await(tick);
    if (entry.isPresent()) {
      finishedBytes.addAndGet(-weight(entry.get()));
      outlet.accept(entry.get(), oldest.change());
    }
  }

  private static long weight(CatalogEntry entry) {
    return ENTRY_BYTES + (long) REF_BYTES * entry.content().refs().size();
  }
}
