package dev.varve.internal.forget;

import dev.varve.EntryPath;
import dev.varve.internal.catalog.ReachableChunk;
import dev.varve.internal.catalog.ReachableChunks;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks for copies that a snapshot coming back may rely on, by what a state of the log says of
 * packs, and remembers which retired packs it has to draw on. Used by one thread.
 */
public final class SoundCopies {

  private static final int MOST_NAMED = 3;

  private final Vault vault;
  private final LogState state;
  private final Set<PackName> drawn = new TreeSet<>();

  /** Copies that are sound by {@code state}. */
  public SoundCopies(Vault vault, LogState state) {
    this.vault = vault;
    this.state = state;
  }

  /** The retired packs that hold the only copies of what was asked for so far. */
  Set<PackName> drawn() {
    return drawn;
  }

  /** Whether there is such a copy. */
  public boolean has(ChunkRef ref) throws IOException {
    List<ChunkLocation> places;
    try {
      places = vault.index().findAll(ref.id());
    } catch (FormatException e) {
      return false;
    }
    Optional<PackName> retired = Optional.empty();
    for (ChunkLocation place : places) {
      PackStatus pack = state.pack(place.pack());
      boolean sound =
          place.chunkBytes() == ref.length()
              && pack.isRegistered()
              && !pack.isCondemned()
              && !state.isDamaged(place.pack(), place.block());
      if (sound && pack.isActive()) {
        return true;
      }
      if (sound && !state.isSuspended(pack) && !retired.filter(drawn::contains).isPresent()) {
        retired = Optional.of(pack.name());
      }
    }
    retired.ifPresent(drawn::add);
    return retired.isPresent();
  }

  /** What of all that a snapshot reaches has no such copy, the first few. */
  List<String> missing(SnapshotRecord snapshot, Cancellation cancellation) throws IOException {
    List<String> missing = new ArrayList<>();
    Set<ChunkId> followed = new HashSet<>();
    for (ChunkRef ref : snapshot.problems().refs()) {
      require(has(ref), "the list of its problems", missing);
    }
    ReachableChunks chunks = new ReachableChunks(vault.catalog(snapshot.catalog()));
    String at = "its catalog";
    while (missing.size() < MOST_NAMED) {
      cancellation.check();
      Optional<ReachableChunk> next;
      try {
        next = chunks.next();
      } catch (ChunkMissingException | FormatException e) {
        missing.add(at);
        continue;
      }
      if (next.isEmpty()) {
        return missing;
      }
      ReachableChunk chunk = next.get();
      at = chunk.path().map(EntryPath::toString).orElse("its catalog");
      if (chunk.kind() != ChunkKind.DATA && !followed.add(chunk.ref().id())) {
        chunks.skip();
      } else {
        require(has(chunk.ref()), at, missing);
      }
    }
    return missing;
  }

  private static void require(boolean there, String what, List<String> missing) {
    if (!there && !missing.contains(what)) {
      missing.add(what);
    }
  }
}
