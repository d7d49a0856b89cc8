package dev.varve.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RunMergerTest {

  @Property(tries = 60)
  void merge_ofRunsThatOverlap_equalsTheModel(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 6) int runs,
      @ForAll @IntRange(min = 1, max = 300) int packs,
      @ForAll @IntRange(min = 0, max = 1000) int chunks)
      throws IOException {
    Random random = new Random(seed);
    Place place = new Place();
    List<Run> opened = new ArrayList<>();
    Claims model = new Claims();
    for (int i = 0; i < runs; i++) {
      Claims claims = Claims.random(random, random.nextInt(packs) + 1, random.nextInt(chunks + 1));
      if (i > 0 && random.nextBoolean()) {
        claims = claims.and(model);
      }
      opened.add(place.open(claims, random));
      model = model.and(claims);
    }
    Set<PackName> dropped = new HashSet<>();
    model.packs.keySet().stream().filter(pack -> random.nextInt(4) == 0).forEach(dropped::add);
    Claims kept = new Claims();
    model.packs.values().stream().filter(p -> !dropped.contains(p.name())).forEach(kept::add);
    model.chunks.forEach(
        (id, places) ->
            places.stream().filter(p -> !dropped.contains(p.pack())).forEach(p -> kept.add(id, p)));

    RunMerger merger = new RunMerger(place.seal, dropped::contains);
    try (SealedRun merged = merger.merge(opened, RunName.random())) {
      assertEquals(kept.packs.size(), merged.packs());
      assertEquals(kept.entries(), merged.chunks());
      place.store.create(merged.name().key(), merged.body());
      ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
      index.add(place.shelf().open(merged.name()));
      ChunkIndexTest.assertSaysTheSame(index, kept, random);
    }
  }

  @Test
  void merge_runsThatDisagreeAboutAPack_keepsBothClaims() throws IOException {
    Random random = new Random(1);
    Place place = new Place();
    PackEntry first = Claims.entry(random, 72);
    PackEntry other = Claims.entry(random, 100);
    PackEntry second =
        new PackEntry(
            first.name(),
            other.kind(),
            other.storedBytes(),
            other.sha256(),
            other.epoch(),
            other.sealing(),
            other.sealedBlockKey());
    Claims one = new Claims().add(first);
    Claims two = new Claims().add(second);
    for (int i = 0; i < 100; i++) {
      one.add(Claims.id(random), Claims.location(random, first.name()));
      two.add(Claims.id(random), Claims.location(random, first.name()));
    }
    List<Run> runs = List.of(place.open(one, random), place.open(two, random));
    SealedRun merged = new RunMerger(place.seal, pack -> false).merge(runs, RunName.random());
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    index.add(place.shelf().adopt(merged));
    List<PackEntry> claims = index.packs(first.name());
    assertEquals(2, claims.size());
    assertTrue(claims.stream().anyMatch(claim -> Claims.same(claim, first)));
    assertTrue(claims.stream().anyMatch(claim -> Claims.same(claim, second)));
    assertEquals(200, index.counts().chunks());
    for (var id : one.and(two).chunks.keySet()) {
      assertEquals(first.name(), index.find(id).orElseThrow().pack());
    }
  }

  @Test
  void merge_longResult_goesThroughAFile() throws IOException {
    Random random = new Random(2);
    Place place = new Place();
    Claims model = new Claims();
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      RunWriter writer = new RunWriter();
      PackEntry pack = Claims.entry(random, 72);
      writer.pack(pack);
      model.add(pack);
      for (int chunk = 0; !writer.isFull(); chunk++) {
        var id = Claims.id(random);
        ChunkLocation location = Claims.location(random, pack.name());
        writer.chunk(id, location);
        if (chunk % 1000 == 0) {
          model.add(id, location);
        }
      }
      runs.add(place.shelf().adopt(writer.seal(RunName.random(), place.seal)));
    }
    try (SealedRun merged =
        new RunMerger(place.seal, pack -> false).merge(runs, RunName.random())) {
      assertTrue(merged.body().length() > RunMerger.IN_MEMORY_BYTES);
      Run run = place.shelf().adopt(merged);
      assertEquals(3L * RunWriter.FULL_CHUNKS, run.chunks());
      for (var claim : model.chunks.entrySet()) {
        assertTrue(run.anyCopy(claim.getKey(), claim.getValue()::contains));
      }
    }
  }

  @Test
  void merge_damagedRun_failsNamingIt() throws IOException {
    Random random = new Random(3);
    Place place = new Place();
    SealedRun stored = place.store(Claims.random(random, 3, 300), random);
    place.store.corrupt(
        stored.name().key(),
        bytes -> {
          bytes[6 + 3 * RunLayout.SEALED_PAGE_BYTES] ^= 1;
          return bytes;
        });
    List<Run> runs =
        List.of(
            place.open(Claims.random(random, 3, 300), random), place.shelf().open(stored.name()));
    RunMerger merger = new RunMerger(place.seal, pack -> false);
    FormatException failure =
        assertThrows(FormatException.class, () -> merger.merge(runs, RunName.random()));
    assertTrue(failure.toString().contains(stored.name().key()));
  }
}
