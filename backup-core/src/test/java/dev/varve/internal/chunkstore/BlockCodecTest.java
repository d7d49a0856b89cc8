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
  void pack_ofWords_isNearlyAsShortAsTheUsualLevelOfZstd() throws IOException {
    byte[] words = words(LENGTH);
    int packed = roundTrip(3, words);
    assertTrue(packed < Zstd.compress(words, 3).length * 1.1, "packed into " + packed);
  }

  @Test
  void pack_whereLittleCanBeSaved_savesIt() throws IOException {
    byte[] mixed = random(LENGTH);
    System.arraycopy(words(LENGTH / 5), 0, mixed, LENGTH / 3, LENGTH / 5);
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
    assertEquals(BlockCodec.HEADER_BYTES + LENGTH, roundTrip(0, words(LENGTH)));
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

  private static byte[] words(int length) {
    Random random = new Random(5);
    byte[][] words = new byte[2000][];
    for (int i = 0; i < words.length; i++) {
      words[i] = new byte[3 + random.nextInt(8)];
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
