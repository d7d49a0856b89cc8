package dev.varve.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunLayoutTest {

  @Test
  void run_withoutAnything_isOnePage() throws IOException {
    Place place = new Place();
    SealedRun empty = new RunWriter().seal(RunName.random(), place.seal);
    assertEquals(6 + 4096, empty.body().length());
    Run run = place.shelf().adopt(empty);
    assertEquals(0, run.chunks());
    assertTrue(run.packs(Claims.entry(new Random(1), 72).name()).isEmpty());
  }

  @Test
  void run_onePackAndOneChunk_isFourPages() throws IOException {
    Random random = new Random(2);
    Place place = new Place();
    assertEquals(
        6 + 4 * 4096, Claims.random(random, 1, 1).seal(place.seal, random).body().length());
  }

  @Test
  void run_tailOfAnyLength_isRead() throws IOException {
    Random random = new Random(3);
    Place place = new Place();
    for (int pages : new int[] {500, 501, 502, 503, 504, 505, 506}) {
      int entries = (pages - 1) * 72;
      Claims claims = Claims.random(random, 1, entries);
      Run run = place.shelf().adopt(claims.seal(place.seal, random));
      int tail = pages <= 501 ? 1 : 2;
      assertEquals(RunLayout.storedBytes(1 + 1 + pages - 1 + tail), run.storedBytes());
      for (var claim : claims.chunks.entrySet()) {
        assertTrue(run.anyCopy(claim.getKey(), claim.getValue()::contains));
      }
    }
  }

  @Test
  void run_packEntriesOfAnyWidth_areRead() throws IOException {
    Random random = new Random(4);
    Place place = new Place();
    for (int keyBytes : new int[] {0, 1, 72, 1972, 1973, RunLayout.MAX_KEY_BYTES}) {
      Claims claims = Claims.random(random, 5, 10).add(Claims.entry(random, keyBytes));
      ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
      index.add(place.shelf().adopt(claims.seal(place.seal, random)));
      ChunkIndexTest.assertSaysTheSame(index, claims, random);
    }
    RunWriter writer = new RunWriter();
    PackEntry tooLong = Claims.entry(random, RunLayout.MAX_KEY_BYTES + 1);
    assertThrows(IllegalArgumentException.class, () -> writer.pack(tooLong));
  }

  @Test
  void writer_chunkInUnknownPack_isRefused() {
    Random random = new Random(5);
    RunWriter writer = new RunWriter();
    writer.chunk(Claims.id(random), Claims.location(random, Claims.entry(random, 72).name()));
    assertThrows(
        IllegalStateException.class, () -> writer.seal(RunName.random(), new Place().seal));
  }

  @Test
  void writer_entrySaidTwice_standsOnce() throws IOException {
    Random random = new Random(6);
    Claims claims = Claims.random(random, 1, 100);
    RunWriter writer = new RunWriter();
    claims.packs.values().forEach(writer::pack);
    for (int time = 0; time < 2; time++) {
      claims.chunks.forEach((id, places) -> places.forEach(place -> writer.chunk(id, place)));
    }
    assertEquals(200, writer.chunks());
    assertEquals(100, writer.seal(RunName.random(), new Place().seal).chunks());
  }

  @Test
  void trailer_countsThatDoNotFit_areRefused() throws IOException {
    RunLayout sound = new RunLayout(300, 120, 10_000);
    byte[] page = new byte[RunLayout.FULL_PAGE_BYTES];
    sound.write(page);
    assertEquals(sound, RunLayout.read(page, sound.pages()));
    assertThrows(FormatException.class, () -> RunLayout.read(page, sound.pages() - 1));
    assertThrows(FormatException.class, () -> RunLayout.read(page, sound.pages() + 1));
    long[][] hostile = {
      {-1, 300, 120},
      {Long.MIN_VALUE, 0, 0},
      {Long.MAX_VALUE, 300, 120},
      {1L << 40, 300, 120},
      {10_000, 0xffffffffL, 120},
      {10_000, 300, 0},
      {10_000, 300, 47},
      {10_000, 300, 0xffff},
      {10_000, 0, 120},
      {0, 0xffffffffL, 4040},
      {9_936, 300, 120},
    };
    for (long[] counts : hostile) {
      Encoder trailer = new Encoder(32);
      trailer.u64(counts[0]).u32(counts[1]).u16((int) counts[2]).raw(new byte[18]);
      System.arraycopy(trailer.toBytes(), 0, page, RunLayout.PAGE_BYTES - 32, 32);
      assertThrows(FormatException.class, () -> RunLayout.read(page, sound.pages()));
    }
    sound.write(page);
    page[RunLayout.PAGE_BYTES - 1] = 1;
    assertThrows(FormatException.class, () -> RunLayout.read(page, sound.pages()));
  }
}
