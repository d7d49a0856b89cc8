package dev.varve.internal.chunker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The laws of cutting. Small sizes, so that a content has many chunks. */
class ChunkerTest {

  private static final ChunkerSizes SMALL = ChunkerSizes.of(4 << 10, 16 << 10, 64 << 10);
  private static final byte[] TABLE_KEY = bytes(32, 1);
  private static final byte[] PRF_KEY = bytes(32, 2);

  private static Chunker chunker() {
    return new Chunker(TABLE_KEY, PRF_KEY, SMALL);
  }

  @Property(tries = 100)
  void next_anyContent_staysInBoundsAndCoversIt(@ForAll long seed) {
    int length = 1 + new Random(seed).nextInt(300_000);
    byte[] content = mixed(length, seed);
    int end = 0;
    List<Integer> cuts = cuts(chunker(), content);
    for (int cut : cuts) {
      int chunkBytes = cut - end;
      assertTrue(chunkBytes >= 1 && chunkBytes <= SMALL.maxBytes());
      assertTrue(chunkBytes >= SMALL.minBytes() || cut == length);
      end = cut;
    }
    assertEquals(length, end);
  }

  @Property(tries = 100)
  void next_anyContent_cutsWhereTheDefinitionSays(@ForAll long seed) throws Exception {
    int length = 1 + new Random(seed).nextInt(150_000);
    byte[] content = mixed(length, seed);
    assertEquals(defined(content, TABLE_KEY, PRF_KEY, SMALL), cuts(chunker(), content));
  }

  /** The definition in the class comment, written down as plainly as can be. */
  private static List<Integer> defined(
      byte[] content, byte[] tableKey, byte[] prfKey, ChunkerSizes sizes)
      throws GeneralSecurityException {
    Cipher stream = Cipher.getInstance("AES/CTR/NoPadding");
    stream.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(tableKey, "AES"), new IvParameterSpec(new byte[16]));
    LongBuffer gear = ByteBuffer.wrap(stream.doFinal(new byte[2048])).asLongBuffer();
    Cipher prf = Cipher.getInstance("AES/ECB/NoPadding");
    prf.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(prfKey, 0, 16, "AES"));
    List<Integer> cuts = new ArrayList<>();
    int start = 0;
    for (int end = 1; end <= content.length; end++) {
      int n = end - start;
      boolean cut = n == sizes.maxBytes() || end == content.length;
      if (!cut && n >= sizes.minBytes()) {
        long hash = 0;
        for (int age = 63; age >= 0; age--) {
          hash += gear.get(content[end - 1 - age] & 0xff) << age;
        }
        if (hash >>> 56 == 0) {
          byte[] block = ByteBuffer.allocate(16).putLong(hash).array();
          int choice = ByteBuffer.wrap(prf.doFinal(block)).getInt();
          long threshold = n < sizes.normalBytes() ? sizes.earlyThreshold() : sizes.lateThreshold();
          cut = Integer.toUnsignedLong(choice) < threshold;
        }
      }
      if (cut) {
        cuts.add(end);
        start = end;
      }
    }
    return cuts;
  }

  /** Cuts of one content that are fixed for ever: a changed one would end all deduplication. */
  @Test
  void next_aKnownContent_isCutAsEver() {
    byte[] content = new byte[4 << 20];
    for (int i = 0, x = 1; i < content.length; i++) {
      x = x * 1_103_515_245 + 12_345;
      content[i] = (byte) (x >>> 16);
    }
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    List<Integer> cuts = cuts(new Chunker(key, key, ChunkerSizes.DEFAULT), content);
    assertEquals(
        List.of(531994, 1173970, 1466057, 2096081, 2692709, 2859985, 3603589, 3882354, 4194304),
        cuts);
  }

  @Property(tries = 50)
  void next_howeverItIsBuffered_cutsAlike(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 100_000) int extra) {
    byte[] content = mixed(400_000, seed);
    List<Integer> expected = cuts(chunker(), content);
    Random random = new Random(seed);
    Chunker used = chunker();
    used.next(mixed(100_000, seed + 1), 0, 100_000, true);
    List<Integer> cuts = new ArrayList<>();
    for (int at = 0; at < content.length; ) {
      int left = content.length - at;
      int available = Math.min(left, SMALL.maxBytes() + random.nextInt(extra + 1));
      int offset = random.nextInt(100);
      byte[] buffer = bytes(offset + available + random.nextInt(100), random.nextLong());
      System.arraycopy(content, at, buffer, offset, available);
      at += used.next(buffer, offset, available, available == left);
      cuts.add(at);
    }
    assertEquals(expected, cuts);
  }

  /**
   * That one in 200 changes costs a second chunk, and each further one half as many, is measured.
   */
  @Property(tries = 50)
  void next_afterAnInsertionOrDeletion_cutsAsBeforeWithinAFewChunks(
      @ForAll long seed, @ForAll @IntRange(min = -3000, max = 3000) int change) {
    assertTrue(movedCuts(seed, change) <= 30);
  }

  @Test
  void next_afterHundredInsertions_cutsAsBeforeAtOnceInNearlyAll() {
    long moved = 0;
    for (int seed = 0; seed < 100; seed++) {
      moved += movedCuts(seed, 1 + seed % 7);
    }
    assertTrue(moved <= 20, moved + " cuts moved");
  }

  /** How many cuts behind an insertion, or deletion if negative, are no longer where they were. */
  private static long movedCuts(long seed, int change) {
    byte[] content = bytes(1_000_000, seed);
    int at = 200_000 + (int) Math.floorMod(seed, 50_000L);
    byte[] after =
        change >= 0
            ? joined(Arrays.copyOf(content, at), bytes(change, ~seed), tail(content, at))
            : joined(Arrays.copyOf(content, at), tail(content, at - change));
    List<Integer> before = cuts(chunker(), content);
    Set<Integer> now = new HashSet<>(cuts(chunker(), after));
    assertTrue(before.stream().filter(cut -> cut <= at).allMatch(now::contains));
    return before.stream()
        .filter(cut -> cut > at + Math.max(0, -change) && !now.contains(cut + change))
        .count();
  }

  @Test
  void next_underTwoKeys_cutsNoMoreAlikeThanByChance() {
    byte[] content = bytes(16 << 20, 5);
    Set<Integer> some = new HashSet<>(cuts(chunker(), content));
    Chunker otherPrf = new Chunker(TABLE_KEY, bytes(32, 3), SMALL);
    Chunker otherTable = new Chunker(bytes(32, 4), PRF_KEY, SMALL);
    for (Chunker other : List.of(otherPrf, otherTable)) {
      List<Integer> cuts = cuts(other, content);
      long common = cuts.stream().filter(some::contains).count();
      // About 1000 cuts each. With one table both choose among the same 1 in 256 positions, so
      // that 1000 * 1000 * 256 / 2^24 = 16 meet by chance; with two tables none or so. The end is
      // always common.
      assertTrue(common >= 1 && common <= 50, common + " of " + cuts.size() + " cuts are the same");
    }
  }

  @Test
  void next_randomContent_hasTheSizesItShould() {
    List<Integer> cuts = cuts(chunker(), bytes(64 << 20, 6));
    int[] lengths = new int[cuts.size()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = cuts.get(i) - (i == 0 ? 0 : cuts.get(i - 1));
    }
    double mean = (64 << 20) / (double) lengths.length;
    double normal = SMALL.normalBytes();
    assertEquals(normal, mean, normal * 0.03);
    // Between minimum and normal length lies 1 - exp(-0.318) = 27 % of all, nearly none is forced.
    double early = Arrays.stream(lengths).filter(length -> length < normal).count();
    assertEquals(0.27, early / lengths.length, 0.04);
    long forced = Arrays.stream(lengths).filter(length -> length == SMALL.maxBytes()).count();
    assertTrue(forced <= 2, forced + " were forced");
  }

  @Test
  void next_zerosAndShortPeriods_askAesRarely() {
    Random random = new Random(7);
    for (int key = 0; key < 300; key++) {
      Chunker chunker = new Chunker(bytes(32, random.nextLong()), PRF_KEY, SMALL);
      byte[] content = new byte[1 << 20];
      int period = 1 + key % 32;
      for (int i = 0; i < content.length; i++) {
        content[i] = (byte) (key < 100 ? key : i % period * 37);
      }
      cuts(chunker, content);
      // Without a memory: each byte under one key in 256 for each phase of the period.
      assertTrue(chunker.prfCalls() <= 2L * period, key + ": " + chunker.prfCalls() + " calls");
    }
  }

  @Test
  void next_randomContent_asksAesForEach256thByteAtMost() {
    Chunker chunker = chunker();
    cuts(chunker, bytes(16 << 20, 8));
    assertTrue(chunker.prfCalls() < (16 << 20) / 256 * 1.05, chunker.prfCalls() + " calls");
  }

  @Test
  void next_tooFewBytesForAChunk_isRefused() {
    byte[] content = new byte[SMALL.maxBytes()];
    Chunker chunker = chunker();
    assertThrows(IllegalArgumentException.class, () -> chunker.next(content, 0, 0, true));
    assertThrows(
        IllegalArgumentException.class,
        () -> chunker.next(content, 0, SMALL.maxBytes() - 1, false));
    assertThrows(
        IndexOutOfBoundsException.class, () -> chunker.next(content, 1, SMALL.maxBytes(), true));
    assertThrows(IllegalArgumentException.class, () -> new Chunker(new byte[16], PRF_KEY, SMALL));
    assertThrows(IllegalArgumentException.class, () -> new Chunker(TABLE_KEY, new byte[15], SMALL));
  }

  private static List<Integer> cuts(Chunker chunker, byte[] content) {
    List<Integer> cuts = new ArrayList<>();
    for (int at = 0; at < content.length; ) {
      at += chunker.next(content, at, content.length - at, true);
      cuts.add(at);
    }
    return cuts;
  }

  /** Stretches of random bytes, of one byte, and of short periods. */
  private static byte[] mixed(int length, long seed) {
    Random random = new Random(seed);
    byte[] content = new byte[length];
    for (int at = 0; at < length; ) {
      int stretch = Math.min(length - at, 1 + random.nextInt(60_000));
      int kind = random.nextInt(3);
      byte[] period = bytes(kind == 0 ? stretch : kind == 1 ? 1 : 1 + random.nextInt(300), at);
      for (int i = 0; i < stretch; i++) {
        content[at + i] = period[i % period.length];
      }
      at += stretch;
    }
    return content;
  }

  private static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] tail(byte[] content, int from) {
    return Arrays.copyOfRange(content, from, content.length);
  }

  private static byte[] joined(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] whole = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }
}
