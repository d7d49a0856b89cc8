package dev.varve.internal.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.crypto.Binding;
import dev.varve.internal.crypto.KeyPurpose;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.crypto.StreamSeal;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
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
  void run_knownContents_hasTheBytesTheFormatSays() throws Exception {
    byte[] counting = new byte[256];
    for (int i = 0; i < counting.length; i++) {
      counting[i] = (byte) i;
    }
    RepositoryId repository = RepositoryId.read(new Decoder(counting, 0, 16));
    RepositoryKeys keys = RepositoryKeys.ofRoot(Arrays.copyOf(counting, 32));
    PackName pack = PackName.read(new Decoder(counting, 16, 16));
    RunName name = RunName.read(new Decoder(counting, 32, 16));
    RunWriter writer = new RunWriter();
    writer.chunk(
        ChunkId.at(counting, 0x80),
        new ChunkLocation(pack, 1, 2_000_000, 1_900_000, 524_288, 4096));
    writer.pack(
        new PackEntry(
            pack,
            PackKind.DATA,
            16_777_216,
            Arrays.copyOfRange(counting, 0x20, 0x40),
            0,
            1,
            Arrays.copyOfRange(counting, 0x40, 0x88)));
    byte[] item = new byte[6 + 4 * 4096];
    SealedRun run = writer.seal(name, new RunSeal(repository, keys));
    assertEquals(item.length, run.body().open().readNBytes(item, 0, item.length));

    assertArrayEquals(new byte[] {'V', 'R', 'V', 'E', 'I', 1}, Arrays.copyOf(item, 6));
    ByteBuffer plain = ByteBuffer.allocate(4040 + 3 * 4080);
    byte[] binding = Binding.of(repository, ItemKind.RUN, name.key(), 0);
    new StreamSeal(keys.key(KeyPurpose.SEAL_INDEX))
        .open(ByteBuffer.wrap(item, 6, item.length - 6), binding, plain);
    HexFormat hex = HexFormat.of();
    byte[] bytes = plain.array();
    assertEquals("101112131415161718191a1b1c1d1e1f", hex.formatHex(bytes, 0, 16));
    assertEquals(
        "01"
            + "0000000001000000"
            + hex.formatHex(counting, 0x20, 0x40)
            + "00000000"
            + "01"
            + "0048",
        hex.formatHex(bytes, 4040, 4040 + 48));
    assertEquals(hex.formatHex(counting, 0x40, 0x88), hex.formatHex(bytes, 4088, 4088 + 72));
    assertEquals(
        hex.formatHex(counting, 0x80, 0xa0)
            + ("00000000" + "00000001" + "001e8480" + "001cfde0" + "00080000" + "00001000"),
        hex.formatHex(bytes, 4040 + 4080, 4040 + 4080 + 56));
    int tail = 4040 + 2 * 4080;
    assertEquals("1011121314151617" + "8081828384858687", hex.formatHex(bytes, tail, tail + 16));
    assertEquals(
        "0000000000000001" + "00000001" + "0078" + "00".repeat(18),
        hex.formatHex(bytes, tail + 4008, tail + 4040));
    assertEquals(
        "0e95774c6f78cbcaaa67bb48931e9a3090b639f5cd0f1c30e5c3bf778c087b45",
        hex.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
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
