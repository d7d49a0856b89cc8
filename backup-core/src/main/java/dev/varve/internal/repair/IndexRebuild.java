package dev.varve.internal.repair;

import dev.varve.internal.chunkstore.FooterBlock;
import dev.varve.internal.chunkstore.PackInspector;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.internal.index.ChunkCursor;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.IndexMemory;
import dev.varve.internal.index.PackEntry;
import dev.varve.internal.index.Run;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.index.RunWriter;
import dev.varve.internal.index.SealedRun;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.NewRun;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.RunStatus;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Inspectors;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.Work;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes runs that say what sound runs do not: everything that the footers of registered packs say,
 * and what the readable pages of wounded runs say of packs without a readable footer. Stores the
 * runs and registers nothing. Used by one thread.
 */
final class IndexRebuild implements AutoCloseable {

  private final Vault vault;
  private final Cancellation cancellation;
  private final RunSeal seal;
  private final PackInspector inspector;
  private final ChunkIndex sound = new ChunkIndex(IndexMemory.DEFAULT);
  private final ChunkIndex wounded = new ChunkIndex(IndexMemory.DEFAULT);
  private final List<NewRun> made = new ArrayList<>();
  private RunWriter writer = new RunWriter();
  private Set<PackName> described = new HashSet<>();

  IndexRebuild(Vault vault, Cancellation cancellation) throws IOException {
    this.vault = vault;
    this.cancellation = cancellation;
    this.seal = new RunSeal(vault.id(), vault.keys());
    this.inspector = new PackInspector(vault.store(), vault.id(), vault.keys(), vault.packKeys());
  }

  /** The new runs, durable in the store, that say what all live runs but these do not. */
  List<NewRun> run(LogState state, Set<RunName> without) throws IOException {
    for (RunStatus run : state.liveRuns()) {
      open(run, without.contains(run.name()) ? wounded : sound);
    }
    List<PackStatus> packs = new ArrayList<>();
    state.forEachPack(
        pack -> {
          if (pack.isRegistered() && !pack.isCondemned()) {
            packs.add(pack);
          }
        });
    Set<PackName> silent = new HashSet<>();
    try (Inspectors inspectors = new Inspectors(vault);
        Work work = new Work(vault.threads(), cancellation)) {
      for (PackStatus pack : packs) {
        work.submit(
            () -> {
              Optional<List<FooterBlock>> footer = footer(inspectors, pack);
              // Reading takes its time on several threads; what is read is compared on one.
              synchronized (this) {
                if (footer.isPresent()) {
                  add(pack, footer.get());
                } else {
                  silent.add(pack.name());
                }
              }
            });
      }
      work.await();
    }
    carryOver(silent, state);
    store();
    return made;
  }

  @Override
  public void close() {
    inspector.close();
  }

  private void open(RunStatus status, ChunkIndex index) throws IOException {
    try {
      index.add(vault.runs().reread(status));
    } catch (FormatException | NoSuchFileException e) {
      if (index == sound) {
        throw e;
      }
    }
  }

  private static Optional<List<FooterBlock>> footer(Inspectors inspectors, PackStatus pack)
      throws IOException {
    try {
      return Optional.of(inspectors.footer(pack));
    } catch (FormatException | EOFException | NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void add(PackStatus pack, List<FooterBlock> footer) throws IOException {
    for (FooterBlock block : footer) {
      List<BadPlaces.Claim> chunks = new ArrayList<>();
      block.forEach(pack.name(), (kind, id, place) -> chunks.add(new BadPlaces.Claim(id, place)));
      for (BadPlaces.Claim chunk : chunks) {
        if (!sound.contains(chunk.chunk(), chunk.place()::equals)) {
          say(pack, chunk.chunk(), chunk.place());
        }
      }
    }
  }

  /** What wounded runs say of packs that do not speak for themselves; nothing is left out. */
  private void carryOver(Set<PackName> silent, LogState state) throws IOException {
    for (Run run : wounded.runs()) {
      ChunkIndex alone = new ChunkIndex(IndexMemory.DEFAULT);
      alone.replace(List.of(run));
      ChunkCursor rows = alone.chunks();
      while (WoundedPacks.next(rows)) {
        cancellation.check();
        Optional<ChunkLocation> place = WoundedPacks.place(rows);
        if (place.isPresent()
            && silent.contains(place.get().pack())
            && !sound.contains(rows.id(), place.get()::equals)) {
          say(state.pack(place.get().pack()), rows.id(), place.get());
        }
      }
    }
  }

  private void say(PackStatus pack, ChunkId id, ChunkLocation place) throws IOException {
    if (!described.contains(pack.name())) {
      Optional<PackEntry> entry = entry(pack);
      if (entry.isEmpty()) {
        return;
      }
      writer.pack(entry.get());
      described.add(pack.name());
    }
    writer.chunk(id, place);
    if (writer.isFull()) {
      store();
    }
  }

  private Optional<PackEntry> entry(PackStatus pack) throws IOException {
    for (ChunkIndex index : List.of(sound, wounded)) {
      Optional<PackEntry> known = known(index, pack.name());
      if (known.isPresent()) {
        return known;
      }
    }
    try {
      return Optional.of(
          inspector.entry(pack.name(), pack.kind(), pack.storedBytes(), PackEntry.unknownSha256()));
    } catch (FormatException | EOFException | NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Optional<PackEntry> known(ChunkIndex index, PackName pack) throws IOException {
    try {
      return index.pack(pack);
    } catch (FormatException e) {
      return Optional.empty();
    }
  }

  private void store() throws IOException {
    if (writer.isEmpty()) {
      return;
    }
    try (SealedRun run = writer.seal(RunName.random(), seal)) {
      vault.store().create(run.name().key(), run.body());
      made.add(new NewRun(run.name(), run.body().length()));
    }
    writer = new RunWriter();
    described = new HashSet<>();
  }
}
