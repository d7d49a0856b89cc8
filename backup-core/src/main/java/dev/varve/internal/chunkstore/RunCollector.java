package dev.varve.internal.chunkstore;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.RunName;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.PackEntry;
import dev.varve.internal.index.Run;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.index.RunShelf;
import dev.varve.internal.index.RunWriter;
import dev.varve.internal.index.SealedRun;
import dev.varve.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is to be said of packs that became durable, and makes index runs of it. Safe for
 * use by many threads.
 */
final class RunCollector {

  private final Store store;
  private final RunSeal seal;
  private final RunShelf shelf;
  private final ChunkIndex index;
  private List<Collected> full = new ArrayList<>();
  private Collected current = new Collected();

  private static final class Collected {
    final RunWriter writer = new RunWriter();
    final List<PackEntry> packs = new ArrayList<>();
    final List<ChunkId> ids = new ArrayList<>();
  }

  RunCollector(Store store, RunSeal seal, RunShelf shelf, ChunkIndex index) {
    this.store = store;
    this.seal = seal;
    this.shelf = shelf;
    this.index = index;
  }

  /** Takes note of a pack that is durable. */
  synchronized void add(PackEntry pack, List<FooterBlock> blocks) {
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
    if (current.writer.isFull()) {
      full.add(current);
      current = new Collected();
    }
  }

  /** How many chunks are collected and not yet in a run. */
  synchronized int chunks() {
    return current.writer.chunks() + full.stream().mapToInt(c -> c.writer.chunks()).sum();
  }

  /** Writes runs of all that is collected and has the index go by them. */
  Published publish() throws IOException {
    List<Collected> taken;
    synchronized (this) {
      taken = full;
      full = new ArrayList<>();
      if (!current.writer.isEmpty()) {
        taken.add(current);
        current = new Collected();
      }
    }
    List<Published.StoredRun> runs = new ArrayList<>();
    List<PackEntry> packs = new ArrayList<>();
    List<ChunkId> ids = new ArrayList<>();
    for (Collected collected : taken) {
      RunName name = RunName.random();
      try (SealedRun run = collected.writer.seal(name, seal)) {
        store.create(name.key(), run.body());
        Run adopted = shelf.adopt(run);
        index.add(adopted);
        runs.add(new Published.StoredRun(name, run.body().length()));
      }
      packs.addAll(collected.packs);
      ids.addAll(collected.ids);
    }
    return new Published(runs, packs, ids);
  }
}
