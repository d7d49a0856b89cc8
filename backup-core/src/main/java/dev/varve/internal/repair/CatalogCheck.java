package dev.varve.internal.repair;

import dev.varve.CheckReport;
import dev.varve.EntryPath;
import dev.varve.SnapshotId;
import dev.varve.internal.catalog.CatalogReader;
import dev.varve.internal.catalog.ReachableChunk;
import dev.varve.internal.catalog.ReachableChunks;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Follows every chunk that live snapshots need, and names entries that need one of which no copy is
 * left. A catalog's chunk that is sound with all below it is followed once, however many snapshots
 * share it. Used by one thread.
 */
final class CatalogCheck {

  private static final String NOWHERE = "index/";
  private static final EntryPath WHOLE = EntryPath.of("/");

  private final Vault vault;
  private final Findings findings;
  private final BadPlaces bad;
  private final Wanted wanted;
  private final Reporter reporter;
  private final Cancellation cancellation;

  /**
   * Follows what {@code vault} holds.
   *
   * @param wanted takes the chunks that are lost
   */
  CatalogCheck(
      Vault vault,
      Findings findings,
      BadPlaces bad,
      Wanted wanted,
      Reporter reporter,
      Cancellation cancellation) {
    this.vault = vault;
    this.findings = findings;
    this.bad = bad;
    this.wanted = wanted;
    this.reporter = reporter;
    this.cancellation = cancellation;
  }

  void run(LogState state) throws IOException {
    Set<ChunkId> sound = new HashSet<>();
    for (LiveSnapshot snapshot : state.snapshots()) {
      Set<ChunkId> followed = new HashSet<>();
      if (follow(snapshot.record(), sound, followed)) {
        sound.addAll(followed);
      }
    }
  }

  /**
   * Whether everything the snapshot needs is there; {@code followed} takes its catalog's chunks.
   */
  private boolean follow(SnapshotRecord snapshot, Set<ChunkId> sound, Set<ChunkId> followed)
      throws IOException {
    ReachableChunks chunks =
        new ReachableChunks(new CatalogReader(new ReadTwice(vault.chunks()), snapshot.catalog()));
    boolean all = problems(snapshot);
    EntryPath at = WHOLE;
    Optional<ReachableChunk> shown = Optional.empty();
    while (true) {
      cancellation.check();
      Optional<ReachableChunk> next;
      try {
        next = chunks.next();
      } catch (ChunkMissingException | FormatException e) {
        all = false;
        shown.ifPresent(lost -> wanted.add(lost.kind(), lost.ref()));
        findings.affects(
            "snapshots/" + snapshot.id(),
            "Its catalog cannot be read from " + at + " on: " + e.getMessage(),
            new CheckReport.Affected(snapshot.id(), at));
        continue;
      }
      if (next.isEmpty()) {
        return all;
      }
      shown = next;
      ReachableChunk chunk = next.get();
      at = chunk.path().orElse(WHOLE);
      if (sound.contains(chunk.ref().id())) {
        chunks.skip();
        continue;
      }
      if (!exists(chunk, snapshot.id(), at)) {
        all = false;
      }
      if (chunk.kind() == ChunkKind.CATALOG) {
        followed.add(chunk.ref().id());
        reporter.done(1, 0, chunk.path());
      }
    }
  }

  private boolean problems(SnapshotRecord snapshot) throws IOException {
    boolean all = true;
    for (var ref : snapshot.problems().refs()) {
      all &=
          exists(
              new ReachableChunk(ChunkKind.CATALOG, ref, Optional.empty()), snapshot.id(), WHOLE);
    }
    return all;
  }

  private boolean exists(ReachableChunk chunk, SnapshotId snapshot, EntryPath path)
      throws IOException {
    ChunkId id = chunk.ref().id();
    CheckReport.Affected affected = new CheckReport.Affected(snapshot, path);
    List<ChunkLocation> places;
    try {
      places = vault.index().findAll(id);
    } catch (FormatException e) {
      findings.affects(NOWHERE, "A damaged run hides chunks: " + e.getMessage(), affected);
      wanted.add(chunk.kind(), chunk.ref());
      return false;
    }
    boolean found =
        places.stream()
            .anyMatch(
                place ->
                    place.chunkBytes() == chunk.ref().length()
                        && vault.state().pack(place.pack()).isRegistered()
                        && !vault.state().pack(place.pack()).isCondemned()
                        && !bad.contains(id, place));
    if (!found && places.isEmpty()) {
      findings.affects(NOWHERE, "The index does not know chunks that snapshots need", affected);
    }
    if (!found) {
      wanted.add(chunk.kind(), chunk.ref());
      places.forEach(
          place ->
              findings.affects(
                  place.pack().key(), "It does not hold a chunk that snapshots need", affected));
    }
    return found;
  }
}
