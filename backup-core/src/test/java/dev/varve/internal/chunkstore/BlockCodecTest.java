package dev.varve.internal.chunkstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is compressed, and how hard. */
class BlockCodecTest {

  private static final int LENGTH = 2 << 20;

  @Test
  void pack_whereMuchCanBeSaved_isNearlyAsShortAsTheUsualLevelOfZstd() throws IOException {
    byte[] words = words(LENGTH, 12);
    int packed = roundTrip(3, words);
    int usual = Zstd.compress(words, 3).length;
    assertTrue(usual < LENGTH / 10 * 3, "the usual level: " + usual);
    assertTrue(packed < usual * 1.1, "packed into " + packed + ", the usual level: " + usual);
  }

  @Test
  void pack_whereHalfCanBeSaved_isNotMuchLongerThanByTheUsualLevelOfZstd() throws IOException {
    byte[] words = words(LENGTH, 3);
    int packed = roundTrip(3, words);
    int usual = Zstd.compress(words, 3).length;
    assertTrue(usual > LENGTH / 10 * 3, "the usual level: " + usual);
    assertTrue(packed < usual * 1.25, "packed into " + packed + ", the usual level: " + usual);
  }

  @Test
  void pack_whereLittleCanBeSaved_savesIt() throws IOException {
    byte[] mixed = random(LENGTH);
    System.arraycopy(words(LENGTH / 5, 3), 0, mixed, LENGTH / 3, LENGTH / 5);
    for (int i = 0; i < LENGTH; i += 4096) {
      Arrays.fill(mixed, i, i + 400, (byte) 7);
    }
    for (int level : new int[] {-5, 1, 3, 9}) {
      int packed = roundTrip(level, mixed);
      assertTrue(packed < LENGTH / 20 * 19, "level " + level + " packed into " + packed);
    }
  }

  @Test
  void pack_whereNothingCanBeSaved_leavesItAsItIs() throws IOException {
    assertEquals(BlockCodec.HEADER_BYTES + LENGTH, roundTrip(3, random(LENGTH)));
    assertEquals(BlockCodec.HEADER_BYTES + 1000, roundTrip(3, random(1000)));
  }

  @Test
  void pack_withoutCompressing_leavesItAsItIs() throws IOException {
    assertEquals(BlockCodec.HEADER_BYTES + LENGTH, roundTrip(0, words(LENGTH, 3)));
  }

  private static int roundTrip(int level, byte[] plain) throws IOException {
    try (BlockCodec codec = new BlockCodec(level)) {
      int length = codec.pack(plain, plain.length);
      byte[] unpacked = new byte[plain.length];
      assertEquals(plain.length, codec.unpack(codec.packed(), length, unpacked));
      assertArrayEquals(plain, unpacked);
      return length;
    }
  }

  /** Words that are at least so long and up to 7 bytes longer, one after the other. */
  private static byte[] words(int length, int shortest) {
    Random random = new Random(5);
    byte[][] words = new byte[2000][];
    for (int i = 0; i < words.length; i++) {
      words[i] = new byte[shortest + random.nextInt(8)];
      random.nextBytes(words[i]);
    }
    byte[] text = new byte[length];
    int at = 0;
    while (at < length) {
      byte[] word = words[(int) Math.abs(random.nextGaussian() * 500) % words.length];
      int count = Math.min(word.length, length - at);
      System.arraycopy(word, 0, text, at, count);
      at += count;
    }
    return text;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
