package dev.varve.internal.repair;

import dev.varve.internal.chunkstore.PackKeys;
import dev.varve.internal.chunkstore.PackRemains;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkCursor;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.IndexMemory;
import dev.varve.internal.index.Run;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Opens, in packs that do not say any more what they hold, whatever the index says lies in them.
 * Used by one thread.
 */
final class WoundedPacks {

  /** How many packs' entries are in memory at once. */
  private static final int PACKS_AT_ONCE = 64;

  private final Vault vault;
  private final Cancellation cancellation;

  WoundedPacks(Vault vault, Cancellation cancellation) {
    this.vault = vault;
    this.cancellation = cancellation;
  }

  /** Takes a chunk that was opened and whose id was computed again. */
  @FunctionalInterface
  interface Taker {
    void take(ChunkKind kind, byte[] plain, int offset, int length) throws IOException;
  }

  /** Adds to {@code bad} what cannot be opened, or is not what the index says. */
  void examine(List<Wounds.Wounded> packs, BadPlaces bad) throws IOException {
    open(packs, bad, (kind, plain, offset, length) -> {});
  }

  /** As {@link #examine}, handing over every chunk that is what the index says. */
  void open(List<Wounds.Wounded> packs, BadPlaces bad, Taker taker) throws IOException {
    for (int i = 0; i < packs.size(); i += PACKS_AT_ONCE) {
      List<Wounds.Wounded> some = packs.subList(i, Math.min(packs.size(), i + PACKS_AT_ONCE));
      Map<PackName, List<BadPlaces.Claim>> claims = claims(some);
      for (Wounds.Wounded wounded : some) {
        cancellation.check();
        open(wounded.pack(), claims.getOrDefault(wounded.pack().name(), List.of()), bad, taker);
      }
    }
  }

  /** What the readable pages of all runs say of some packs. */
  private Map<PackName, List<BadPlaces.Claim>> claims(List<Wounds.Wounded> packs)
      throws IOException {
    Map<PackName, List<BadPlaces.Claim>> claims = new HashMap<>();
    packs.forEach(wounded -> claims.put(wounded.pack().name(), new ArrayList<>()));
    for (Run run : vault.index().runs()) {
      ChunkIndex alone = new ChunkIndex(IndexMemory.DEFAULT);
      alone.replace(List.of(run));
      ChunkCursor chunks = alone.chunks();
      while (next(chunks)) {
        cancellation.check();
        Optional<ChunkLocation> place = place(chunks);
        if (place.isPresent() && claims.containsKey(place.get().pack())) {
          claims.get(place.get().pack()).add(new BadPlaces.Claim(chunks.id(), place.get()));
        }
      }
    }
    return claims;
  }

  /** What a row says, unless the page that names its pack is damaged. */
  static Optional<ChunkLocation> place(ChunkCursor chunks) throws IOException {
    try {
      return Optional.of(chunks.location());
    } catch (FormatException e) {
      return Optional.empty();
    }
  }

  /** Goes on behind damaged pages: that their run is damaged is known already. */
  static boolean next(ChunkCursor chunks) throws IOException {
    while (true) {
      try {
        return chunks.next();
      } catch (FormatException e) {
        // The cursor stands behind them now.
      }
    }
  }

  private void open(PackStatus pack, List<BadPlaces.Claim> claims, BadPlaces bad, Taker taker)
      throws IOException {
    try (PackRemains remains =
        new PackRemains(vault.store(), vault.id(), vault.keys(), vault.packKeys())) {
      Optional<PackKeys.PackKey> key = remains.key(pack.name(), pack.kind(), pack.storedBytes());
      if (key.isEmpty()) {
        bad.add(pack.name());
        return;
      }
      for (List<BadPlaces.Claim> block : byBlock(claims)) {
        open(remains, key.get(), block, bad, taker);
      }
    }
  }

  private static void open(
      PackRemains remains,
      PackKeys.PackKey key,
      List<BadPlaces.Claim> block,
      BadPlaces bad,
      Taker taker)
      throws IOException {
    ChunkLocation first = block.get(0).place();
    try {
      try {
        remains.open(key, first.block(), first.blockOffset(), first.blockBytes());
      } catch (FormatException once) {
        remains.open(key, first.block(), first.blockOffset(), first.blockBytes());
      }
    } catch (FormatException twice) {
      block.forEach(bad::add);
      return;
    }
    for (BadPlaces.Claim claim : block) {
      ChunkLocation place = claim.place();
      Optional<ChunkKind> kind =
          remains.kindOf(key.kind(), claim.chunk(), place.chunkOffset(), place.chunkBytes());
      if (kind.isPresent()) {
        taker.take(kind.get(), remains.plain(), place.chunkOffset(), place.chunkBytes());
      } else {
        bad.add(claim);
      }
    }
  }

  private static Iterable<List<BadPlaces.Claim>> byBlock(List<BadPlaces.Claim> claims) {
    record Block(long offset, int bytes, int ordinal) {}
    Comparator<Block> order =
        Comparator.comparingLong(Block::offset)
            .thenComparingInt(Block::bytes)
            .thenComparingInt(Block::ordinal);
    Map<Block, List<BadPlaces.Claim>> blocks = new TreeMap<>(order);
    for (BadPlaces.Claim claim : claims) {
      ChunkLocation place = claim.place();
      blocks
          .computeIfAbsent(
              new Block(place.blockOffset(), place.blockBytes(), place.block()),
              b -> new ArrayList<>())
          .add(claim);
    }
    return blocks.values();
  }
}
