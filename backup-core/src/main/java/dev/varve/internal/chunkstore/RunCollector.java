package dev.varve.internal.chunkstore;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.RunName;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.PackEntry;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.index.RunShelf;
import dev.varve.internal.index.RunWriter;
import dev.varve.internal.index.SealedRun;
import dev.varve.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Collects what is to be said of packs that became durable, and makes index runs of it: whenever
 * enough is collected, and when asked. Safe for use by many threads; its memory is bounded.
 */
final class RunCollector {

  /** How many chunks are collected before they go into a run. */
  private static final int RUN_CHUNKS = 1 << 17;

  private final Store store;
  private final RunSeal seal;
  private final RunShelf shelf;
  private final ChunkIndex index;
  private final Consumer<ChunkId> indexed;
  private Collected current = new Collected();
  private List<Published.StoredRun> runs = new ArrayList<>();
  private List<PackEntry> packs = new ArrayList<>();

  private static final class Collected {
    final RunWriter writer = new RunWriter();
    final List<PackEntry> packs = new ArrayList<>();
    final List<ChunkId> ids = new ArrayList<>();
  }

  /** Makes runs whose chunks are then shown to {@code indexed}. */
  RunCollector(
      Store store, RunSeal seal, RunShelf shelf, ChunkIndex index, Consumer<ChunkId> indexed) {
    this.store = store;
    this.seal = seal;
    this.shelf = shelf;
    this.index = index;
    this.indexed = indexed;
  }

  /** Takes note of a pack that is durable. */
  void add(PackEntry pack, List<FooterBlock> blocks) throws IOException {
    Optional<Collected> full;
    synchronized (this) {
      current.writer.pack(pack);
      current.packs.add(pack);
      for (FooterBlock block : blocks) {
        block.forEach(
            pack.name(),
            (kind, id, location) -> {
              current.writer.chunk(id, location);
              current.ids.add(id);
            });
      }
      full = current.writer.chunks() >= RUN_CHUNKS ? Optional.of(take()) : Optional.empty();
    }
    if (full.isPresent()) {
      write(full.get());
    }
  }

  /** Writes a run of what is collected; says what was written since this was asked last. */
  Published publish() throws IOException {
    Collected rest;
    synchronized (this) {
      rest = take();
    }
    if (!rest.writer.isEmpty()) {
      write(rest);
    }
    synchronized (this) {
      Published published = new Published(List.copyOf(runs), List.copyOf(packs));
      runs = new ArrayList<>();
      packs = new ArrayList<>();
      return published;
    }
  }

  private Collected take() {
    Collected taken = current;
    current = new Collected();
    return taken;
  }

  private void write(Collected collected) throws IOException {
    RunName name = RunName.random();
    try (SealedRun run = collected.writer.seal(name, seal)) {
      store.create(name.key(), run.body());
      index.add(shelf.adopt(run));
      synchronized (this) {
        runs.add(new Published.StoredRun(name, run.body().length()));
        packs.addAll(collected.packs);
      }
    }
    collected.ids.forEach(indexed);
  }
}
