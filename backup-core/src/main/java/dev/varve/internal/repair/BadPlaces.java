package dev.varve.internal.repair;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkLocation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Blocks and whole packs that a check found to be of no use. Safe for use by many threads. */
final class BadPlaces {

  private final Set<PackName> packs = new HashSet<>();
  private final Map<PackName, Set<Integer>> blocks = new HashMap<>();
  private final Set<Claim> claims = new HashSet<>();

  /** That a chunk lies in a place. */
  record Claim(ChunkId chunk, ChunkLocation place) {}

  synchronized void add(PackName pack) {
    packs.add(pack);
  }

  synchronized void add(PackName pack, int block) {
    blocks.computeIfAbsent(pack, p -> new HashSet<>()).add(block);
  }

  /** The index says so, but the pack does not. */
  synchronized void add(Claim claim) {
    claims.add(claim);
  }

  synchronized boolean contains(ChunkId chunk, ChunkLocation place) {
    return packs.contains(place.pack())
        || claims.contains(new Claim(chunk, place))
        || blocks.getOrDefault(place.pack(), Set.of()).contains(place.block());
  }

  synchronized boolean isEmpty() {
    return packs.isEmpty() && blocks.isEmpty() && claims.isEmpty();
  }
}
