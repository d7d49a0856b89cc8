package dev.varve.internal.index;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** What a run is to say, as plain collections: the model the index is compared with. */
final class Claims {

  final Map<PackName, PackEntry> packs = new TreeMap<>();
  final Map<ChunkId, Set<ChunkLocation>> chunks = new TreeMap<>();

  /** Claims about so many new packs and chunks. */
  static Claims random(Random random, int packs, int chunks) {
    Claims claims = new Claims();
    for (int i = 0; i < packs; i++) {
      claims.add(entry(random, 72));
    }
    List<PackName> names = new ArrayList<>(claims.packs.keySet());
    for (int i = 0; i < chunks; i++) {
      claims.add(id(random), location(random, names.get(random.nextInt(names.size()))));
    }
    return claims;
  }

  static ChunkId id(Random random) {
    byte[] bytes = new byte[ChunkId.BYTES];
    random.nextBytes(bytes);
    return ChunkId.at(bytes, 0);
  }

  /** An id that begins with these bytes and is zero from there on but for its last byte. */
  static ChunkId id(long prefix, int last) {
    byte[] bytes = new byte[ChunkId.BYTES];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (prefix >>> (56 - 8 * i));
    }
    bytes[ChunkId.BYTES - 1] = (byte) last;
    return ChunkId.at(bytes, 0);
  }

  static PackEntry entry(Random random, int keyBytes) {
    byte[] sha256 = new byte[32];
    byte[] key = new byte[keyBytes];
    random.nextBytes(sha256);
    random.nextBytes(key);
    return new PackEntry(
        new PackName(random.nextLong(), random.nextLong()),
        random.nextBoolean() ? PackKind.DATA : PackKind.CATALOG,
        random.nextLong() >>> 1,
        sha256,
        random.nextInt() >>> 1,
        random.nextInt(256),
        key);
  }

  static ChunkLocation location(Random random, PackName pack) {
    return new ChunkLocation(
        pack,
        random.nextInt(8),
        random.nextLong() >>> 32,
        1 + random.nextInt(Integer.MAX_VALUE),
        random.nextInt() >>> 1,
        1 + random.nextInt(16 << 20));
  }

  Claims add(PackEntry entry) {
    packs.put(entry.name(), entry);
    return this;
  }

  Claims add(ChunkId id, ChunkLocation location) {
    chunks.computeIfAbsent(id, any -> new HashSet<>()).add(location);
    return this;
  }

  /** Both together. */
  Claims and(Claims other) {
    Claims both = new Claims();
    for (Claims claims : List.of(this, other)) {
      claims.packs.values().forEach(both::add);
      claims.chunks.forEach((id, places) -> places.forEach(place -> both.add(id, place)));
    }
    return both;
  }

  Set<ChunkLocation> places(ChunkId id) {
    return chunks.getOrDefault(id, Set.of());
  }

  PackEntry pack(PackName name) {
    return Objects.requireNonNull(packs.get(name));
  }

  int entries() {
    return chunks.values().stream().mapToInt(Set::size).sum();
  }

  /** A run that says all this, told in an order drawn at random. */
  SealedRun seal(RunSeal seal, Random random) {
    RunWriter writer = new RunWriter();
    List<Runnable> steps = new ArrayList<>();
    packs.values().forEach(entry -> steps.add(() -> writer.pack(entry)));
    chunks.forEach(
        (id, places) -> places.forEach(place -> steps.add(() -> writer.chunk(id, place))));
    Collections.shuffle(steps, random);
    steps.forEach(Runnable::run);
    return writer.seal(RunName.random(), seal);
  }

  static boolean same(PackEntry a, PackEntry b) {
    return a.name().equals(b.name())
        && a.kind() == b.kind()
        && a.storedBytes() == b.storedBytes()
        && Arrays.equals(a.sha256(), b.sha256())
        && a.epoch() == b.epoch()
        && a.sealing() == b.sealing()
        && Arrays.equals(a.sealedBlockKey(), b.sealedBlockKey());
  }
}
