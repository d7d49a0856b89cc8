package dev.varve.internal.repair;

import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.LostSnapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.Statistics;
import dev.varve.internal.catalog.ReachableChunk;
import dev.varve.internal.catalog.ReachableChunks;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.WriteSession;
import dev.varve.internal.forget.SoundCopies;
import dev.varve.internal.forget.Undeletion;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Registration;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Offers catalogs that no record names, and makes a snapshot of one that somebody chose. Used by
 * one thread.
 *
 * <p>Nothing is chosen here: what was forgotten by a record that is lost looks the same as what was
 * committed by one. Chunks that nobody registered are copied, as by every repair.
 */
public final class LostSnapshots {

  /** A round finds what those before it named: fences, entries, lists, contents. */
  private static final int MOST_ROUNDS = 24;

  private final Vault vault;
  private final Cancellation cancellation;

  /** Looks in {@code vault}. */
  public LostSnapshots(Vault vault, Cancellation cancellation) {
    this.vault = vault;
    this.cancellation = cancellation;
  }

  /** What there is; changes nothing. */
  public List<LostSnapshot> find() throws IOException {
    vault.refresh();
    return catalogs().stream().map(LostCatalogs.Found::shown).toList();
  }

  /** Makes a snapshot of a source out of one of them. */
  public SnapshotId bringBack(LostSnapshot chosen, SourceIdentity source) throws IOException {
    vault.refresh();
    requireDecided();
    LostCatalogs.Found found =
        catalogs().stream()
            .filter(each -> each.shown().root().equals(chosen.root()))
            .findFirst()
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        "There is no lost list of entries "
                            + chosen.root()
                            + " (any more), or a snapshot has it"));
    gather(found.root());
    SnapshotId id = SnapshotId.random();
    LogState state = vault.state();
    long slot = state.voided().isEmpty() ? state.slot() : state.voided().last();
    new Undeletion(vault, cancellation)
        .put(record(id, source, found), slot, Optional.empty(), at -> {});
    return id;
  }

  private static SnapshotRecord record(
      SnapshotId id, SourceIdentity source, LostCatalogs.Found found) {
    TreeMap<String, String> tags = new TreeMap<>();
    tags.put(LostSnapshot.TAG, found.shown().root());
    return new SnapshotRecord(
        id,
        source,
        found.shown().newest().orElse(Instant.EPOCH),
        tags,
        Statistics.NONE,
        0,
        Vault.SOFTWARE,
        found.root(),
        ChunkList.EMPTY);
  }

  private List<LostCatalogs.Found> catalogs() throws IOException {
    try (LostCatalogs catalogs = new LostCatalogs(vault, cancellation)) {
      return catalogs.find();
    }
  }

  private void requireDecided() throws IOException {
    if (Suspension.of(vault.log(), vault.state(), Duration.ZERO, Instant.now()).packs() > 0) {
      throw new ConfigurationException(
          "Since a slot was given up or a rollback accepted, it is not known yet which packs are of"
              + " use; run repair when the reader delay is over, then bring snapshots back");
    }
  }

  /** Copies what no pack of use holds out of those that nobody registered. */
  private void gather(CatalogRoot root) throws IOException {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Wanted wanted = missing(root);
      if (wanted.isEmpty()) {
        return;
      }
      int before = wanted.size();
      long found;
      Registration registration = new Registration(vault);
      try (WriteSession session = vault.writeAnew();
          LostSearch search = new LostSearch(vault, wanted, session.sink()::put, cancellation)) {
        found = search.run(vault.state(), List.of());
        session.drain();
        registration.run(session.publish());
      }
      if (found == 0) {
        throw new ConflictException(
            "It cannot be brought back: "
                + before
                + " chunks that it needs are nowhere to be found. What was found of others is kept"
                + " until the next prune");
      }
    }
  }

  private Wanted missing(CatalogRoot root) throws IOException {
    Wanted wanted = new Wanted();
    SoundCopies copies = new SoundCopies(vault, vault.state());
    ReachableChunks chunks = new ReachableChunks(vault.catalog(root));
    while (true) {
      cancellation.check();
      Optional<ReachableChunk> next;
      try {
        next = chunks.next();
      } catch (ChunkMissingException | FormatException below) {
        // It is wanted; what is below it shows when it is found.
        continue;
      }
      if (next.isEmpty()) {
        return wanted;
      }
      if (!copies.has(next.get().ref())) {
        wanted.add(next.get().kind(), next.get().ref());
        chunks.skip();
      }
    }
  }
}
