package dev.varve.repository;

import dev.varve.SnapshotId;
import dev.varve.internal.catalog.ReachableChunk;
import dev.varve.internal.catalog.ReachableChunks;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.PackEntry;
import dev.varve.internal.vault.Vault;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What restoring a snapshot rested on when it was done last: the root of its catalog, what the
 * index said of each chunk it needs and of the packs these are in, and those packs. A restore asks
 * for nothing else once a repository is open, so while all of it is the same, by a repository
 * opened anew, it would give the same again. Used by one thread at a time.
 */
final class Proofs {

  /**
   * What one restore rested on.
   *
   * @param place as it was then
   */
  private record Basis(CatalogRoot root, Found found, MemoryStore place) {}

  /** What the index says: where chunks are, and by what keys which kinds of packs are opened. */
  private record Found(
      Map<ChunkId, List<ChunkLocation>> chunks, Map<PackName, List<PackSeal>> packs) {}

  private record PackSeal(PackKind kind, String sealedKey) {

    static PackSeal of(PackEntry entry) {
      return new PackSeal(entry.kind(), HexFormat.of().formatHex(entry.sealedBlockKey()));
    }
  }

  private final Map<SnapshotId, Basis> bases = new HashMap<>();

  /** The ids of all chunks that are needed: they follow from the root, whose id they make. */
  private final Map<CatalogRoot, Set<ChunkId>> needed = new HashMap<>();

  /** Whether a snapshot was restored before, and nothing it rested on is different now. */
  boolean stillHolds(Vault vault, MemoryStore place, SnapshotId snapshot) throws IOException {
    Optional<Basis> before = Optional.ofNullable(bases.get(snapshot));
    if (before.isEmpty() || !before.get().root().equals(root(vault, snapshot))) {
      return false;
    }
    Found found = before.get().found();
    return found.packs().keySet().stream()
            .allMatch(pack -> place.holdsSame(pack.key(), before.get().place()))
        && found.equals(find(vault, found.chunks().keySet()));
  }

  /** It was restored just now, by this repository. */
  void restored(Vault vault, MemoryStore place, SnapshotId snapshot) throws IOException {
    CatalogRoot root = root(vault, snapshot);
    Set<ChunkId> chunks = needed.get(root);
    if (chunks == null) {
      chunks = needed(vault, root);
      needed.put(root, chunks);
    }
    bases.put(snapshot, new Basis(root, find(vault, chunks), place));
  }

  private static CatalogRoot root(Vault vault, SnapshotId snapshot) throws IOException {
    return vault.findRecord(snapshot).orElseThrow().catalog();
  }

  private static Set<ChunkId> needed(Vault vault, CatalogRoot root) throws IOException {
    Set<ChunkId> needed = new LinkedHashSet<>();
    ReachableChunks all = new ReachableChunks(vault.catalog(root));
    for (Optional<ReachableChunk> next = all.next(); next.isPresent(); next = all.next()) {
      needed.add(next.get().ref().id());
    }
    return needed;
  }

  private static Found find(Vault vault, Set<ChunkId> wanted) throws IOException {
    Found found = new Found(new HashMap<>(), new TreeMap<>());
    for (ChunkId chunk : wanted) {
      List<ChunkLocation> places = vault.index().findAll(chunk);
      found.chunks().put(chunk, places);
      for (ChunkLocation place : places) {
        if (!found.packs().containsKey(place.pack())) {
          found
              .packs()
              .put(
                  place.pack(),
                  vault.index().packs(place.pack()).stream().map(PackSeal::of).toList());
        }
      }
    }
    return found;
  }
}
