package dev.varve.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChunkIndexTest {

  @Property(tries = 60)
  void lookups_overManyRunsWithDuplicates_equalTheModel(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 8) int runs,
      @ForAll @IntRange(min = 1, max = 300) int packs,
      @ForAll @IntRange(min = 0, max = 2000) int chunks)
      throws IOException {
    Random random = new Random(seed);
    Place place = new Place();
    RunShelf shelf = place.shelf();
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    Claims model = new Claims();
    for (int i = 0; i < runs; i++) {
      Claims claims = Claims.random(random, packs, random.nextInt(chunks + 1));
      List<PackName> names = List.copyOf(claims.packs.keySet());
      List<ChunkId> known = List.copyOf(model.chunks.keySet());
      for (int copies = known.isEmpty() ? 0 : random.nextInt(50); copies > 0; copies--) {
        ChunkId id = known.get(random.nextInt(known.size()));
        PackName pack = names.get(random.nextInt(names.size()));
        claims.add(id, Claims.location(random, pack)).add(id, Claims.location(random, pack));
      }
      SealedRun sealed = place.store(claims, random);
      index.add(random.nextBoolean() ? shelf.open(sealed.name()) : shelf.adopt(sealed));
      model = model.and(claims);
    }
    assertSaysTheSame(index, model, random);
  }

  @Test
  void lookups_idsThatBeginAlikeAcrossPages_areAllFound() throws IOException {
    Random random = new Random(1);
    Place place = new Place();
    Claims claims = Claims.random(random, 1, 0);
    PackName pack = claims.packs.keySet().iterator().next();
    for (int prefix = 0; prefix < 3; prefix++) {
      for (int last = -128; last < 128; last++) {
        claims.add(Claims.id(prefix, last), Claims.location(random, pack));
      }
    }
    for (int copy = 0; copy < 200; copy++) {
      claims.add(Claims.id(1, 5), Claims.location(random, pack));
      claims.add(Claims.id(-1, 5), Claims.location(random, pack));
    }
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    index.add(place.open(claims, random));
    assertSaysTheSame(index, claims, random);
    assertEquals(200, index.findAll(Claims.id(-1, 5)).size());
    assertTrue(index.find(Claims.id(-1, 4)).isEmpty());
  }

  @Test
  void findAll_moreCopiesThanAnybodyNeeds_takesTheFirst() throws IOException {
    Random random = new Random(2);
    Place place = new Place();
    Claims claims = Claims.random(random, 1, 100);
    ChunkId flooded = Claims.id(random);
    Claims good = Claims.random(random, 1, 0);
    for (int copy = 0; copy < 3000; copy++) {
      claims.add(flooded, Claims.location(random, claims.packs.keySet().iterator().next()));
    }
    PackName pack = good.packs.keySet().iterator().next();
    good.add(flooded, Claims.location(random, pack));
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    index.add(place.open(claims, random));
    index.add(place.open(good, random));
    assertEquals(ChunkIndex.MAX_COPIES_PER_RUN + 1, index.findAll(flooded).size());
    assertEquals(pack, index.find(flooded, at -> at.pack().equals(pack)).orElseThrow().pack());
    assertTrue(index.contains(flooded, at -> at.pack().equals(pack)));
    assertFalse(index.contains(flooded, at -> false));
  }

  @Test
  void lookups_withFilterOfAnySize_missNothing() throws IOException {
    Random random = new Random(3);
    Place place = new Place();
    Claims claims = Claims.random(random, 10, 5000);
    for (long filterBytes : new long[] {0, 1300, 3000, 64 << 20}) {
      ChunkIndex index = new ChunkIndex(new IndexMemory(filterBytes, 0, 1 << 20));
      index.add(place.open(claims, random));
      for (int i = 0; i < 5000; i++) {
        assertFalse(index.contains(Claims.id(random), pack -> true));
      }
      assertEquals(filterBytes >= 1300, index.counts().filterBytes() > 0, "made: " + filterBytes);
      assertTrue(index.counts().filterBytes() <= Math.min(filterBytes, 10_000));
      assertSaysTheSame(index, claims, random);
    }
  }

  @Test
  void filters_ofSeveralRuns_shareTheMemory() throws IOException {
    Random random = new Random(4);
    Place place = new Place();
    ChunkIndex index = new ChunkIndex(new IndexMemory(6000, 1 << 20, 1 << 20));
    for (int run = 0; run < 4; run++) {
      index.add(place.open(Claims.random(random, 3, 3000), random));
    }
    for (int i = 0; i < 1000; i++) {
      assertFalse(index.contains(Claims.id(random), pack -> true));
    }
    index.runs().forEach(run -> assertTrue(run.filterBytes() > 1000));
    assertTrue(index.counts().filterBytes() <= 6000);
  }

  @Test
  void replace_whileLookingUp_everyLookupSeesAWholeSet() throws Exception {
    Random random = new Random(5);
    Place place = new Place();
    Claims claims = Claims.random(random, 20, 3000);
    List<Run> two = List.of(place.open(claims, random), place.open(new Claims(), random));
    List<Run> one = List.of(place.open(claims, random));
    ChunkIndex index = new ChunkIndex(new IndexMemory(1 << 20, 20 << 12, 1 << 20));
    index.replace(one);
    List<ChunkId> ids = List.copyOf(claims.chunks.keySet());
    List<Callable<Integer>> readers = new ArrayList<>();
    for (int reader = 0; reader < 3; reader++) {
      Random own = new Random(reader);
      readers.add(
          () -> {
            int right = 0;
            for (int i = 0; i < 20_000; i++) {
              ChunkId id = ids.get(own.nextInt(ids.size()));
              boolean known = claims.places(id).contains(index.find(id).orElseThrow());
              right += known && index.find(Claims.id(own)).isEmpty() ? 1 : 0;
            }
            return right;
          });
    }
    readers.add(
        () -> {
          for (int i = 0; i < 20_000; i++) {
            index.replace(i % 2 == 0 ? two : one);
          }
          return 20_000;
        });
    ExecutorService threads = Executors.newFixedThreadPool(readers.size());
    try {
      for (Future<Integer> done : threads.invokeAll(readers)) {
        assertEquals(20_000, done.get());
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void add_runOfTheSameName_replacesIt() throws IOException {
    Random random = new Random(6);
    Place place = new Place();
    SealedRun sealed = place.store(Claims.random(random, 1, 10), random);
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    index.add(place.shelf().open(sealed.name()));
    index.add(place.shelf().adopt(sealed));
    assertEquals(10, index.counts().chunks());
    assertEquals(1, index.counts().runs());
    assertEquals(sealed.body().length(), index.counts().storedBytes());
  }

  /** Compares all that the index says with the model. */
  static void assertSaysTheSame(ChunkIndex index, Claims model, Random random) throws IOException {
    for (var claim : model.chunks.entrySet()) {
      ChunkId id = claim.getKey();
      assertTrue(claim.getValue().contains(index.find(id).orElseThrow()));
      List<ChunkLocation> all = index.findAll(id);
      assertEquals(claim.getValue(), new HashSet<>(all));
      PackName last = all.get(all.size() - 1).pack();
      assertTrue(index.contains(id, place -> place.pack().equals(last)));
      assertFalse(index.contains(id, pack -> false));
    }
    for (PackEntry entry : model.packs.values()) {
      assertTrue(Claims.same(entry, index.pack(entry.name()).orElseThrow()));
    }
    for (int i = 0; i < 200; i++) {
      ChunkId absent = Claims.id(random);
      assertTrue(index.find(absent).isEmpty());
      assertTrue(index.findAll(absent).isEmpty());
      assertTrue(index.pack(new PackName(random.nextLong(), random.nextLong())).isEmpty());
    }
    TreeMap<ChunkId, Set<ChunkLocation>> scanned = new TreeMap<>();
    ChunkCursor chunks = index.chunks();
    while (chunks.next()) {
      assertTrue(scanned.isEmpty() || scanned.lastKey().compareTo(chunks.id()) <= 0);
      scanned.computeIfAbsent(chunks.id(), id -> new HashSet<>()).add(chunks.location());
    }
    assertEquals(model.chunks, scanned);
    PackCursor packs = index.packs();
    TreeMap<PackName, PackEntry> packsScanned = new TreeMap<>();
    while (packs.next()) {
      assertTrue(
          packsScanned.isEmpty() || packsScanned.lastKey().compareTo(packs.pack().name()) <= 0);
      packsScanned.put(packs.pack().name(), packs.pack());
    }
    assertEquals(model.packs.keySet(), packsScanned.keySet());
    packsScanned.forEach((name, entry) -> assertTrue(Claims.same(entry, model.pack(name))));
  }
}
