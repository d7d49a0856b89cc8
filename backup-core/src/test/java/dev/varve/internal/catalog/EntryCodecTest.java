package dev.varve.internal.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EntryCodecTest {

  @Property(tries = 300)
  void entries_ofAnyKind_areReadAsWritten(@ForAll long seed) throws Exception {
    List<CatalogEntry> entries = hostile(seed, 30);

    assertEquals(entries, decode(encode(entries)));
  }

  @Property(tries = 40)
  void decode_anyBitFlipped_givesAscendingEntriesOrFormatException(@ForAll long seed)
      throws Exception {
    byte[] chunk = encode(hostile(seed, 6));
    Random random = new Random(seed);
    for (int i = 0; i < Math.min(chunk.length * 8, 4000); i++) {
      int bit = chunk.length * 8 <= 4000 ? i : random.nextInt(chunk.length * 8);
      byte[] flipped = chunk.clone();
      flipped[bit >> 3] ^= (byte) (1 << (bit & 7));
      requireEntriesOrRefusal(flipped);
    }
  }

  @Property(tries = 40)
  void decode_anyTruncation_givesAPrefixOrFormatException(@ForAll long seed) throws Exception {
    List<CatalogEntry> entries = hostile(seed, 4);
    byte[] chunk = encode(entries);
    for (int length = Math.max(1, chunk.length - 3000); length < chunk.length; length++) {
      try {
        List<CatalogEntry> read = decode(Arrays.copyOf(chunk, length));
        assertEquals(entries.subList(0, read.size()), read);
      } catch (FormatException refused) {
        assertTrue(length < chunk.length);
      }
    }
  }

  @Property(tries = 2000)
  void decode_anyBytes_givesAscendingEntriesOrFormatException(@ForAll byte[] bytes)
      throws Exception {
    byte[] chunk = new byte[bytes.length + 1];
    System.arraycopy(bytes, 0, chunk, 1, bytes.length);
    requireEntriesOrRefusal(chunk);
  }

  @Test
  void decode_countsAndLengthsBeyondAllBounds_areRefusedWithoutMemory() {
    for (int flag = 1; flag <= EntryFlags.ALL; flag <<= 1) {
      for (long huge : new long[] {1L << 20, Integer.MAX_VALUE, Long.MAX_VALUE, -1}) {
        Encoder out = new Encoder(64).u8(0).varint(0).varint(1).u8('a').u8(1).varint(flag);
        byte[] chunk = out.varint(huge).varint(huge).varint(huge).toBytes();
        if (flag == EntryFlags.SIZE || flag == EntryFlags.HARD_LINK || flag == EntryFlags.PROBLEM) {
          // The number itself is legal; what follows it is not an entry.
          requireEntriesOrRefusal(chunk);
        } else {
          assertThrows(FormatException.class, () -> decode(chunk), "flag " + flag);
        }
      }
    }
    byte[] longPath = new Encoder(64).u8(0).varint(0).varint(Long.MAX_VALUE).toBytes();
    assertThrows(FormatException.class, () -> decode(longPath));
  }

  @Test
  void decode_pathsThatDoNotAscendOrContainNul_areRefused() {
    assertThrows(FormatException.class, () -> decode(paths("b", "a")));
    assertThrows(FormatException.class, () -> decode(paths("a", "a")));
    assertThrows(FormatException.class, () -> decode(paths("ab", "a")));
    assertThrows(FormatException.class, () -> decode(paths("a\0")));
    assertThrows(FormatException.class, () -> decode(paths("")));
  }

  @Test
  void decode_unknownFlagOrKind_isRefused() {
    byte[] flag = new Encoder(16).u8(0).varint(0).varint(1).u8('a').u8(1).varint(1 << 12).toBytes();
    byte[] kind = new Encoder(16).u8(0).varint(0).varint(1).u8('a').u8(8).varint(0).toBytes();

    assertThrows(FormatException.class, () -> decode(flag));
    assertThrows(FormatException.class, () -> decode(kind));
  }

  @Test
  void encode_plainEntry_isTheseBytes() {
    Entry entry =
        Entry.builder(EntryPath.of("a/b"), EntryKind.SYMBOLIC_LINK)
            .modified(Instant.ofEpochSecond(-2, 300))
            .linkTarget(EntryPath.of("c"))
            .posix(new Posix(0777, 0, 5, Optional.of("root"), Optional.empty(), Optional.empty()))
            .build();
    Encoder expected = new Encoder(64).u8(0).u8(0).u8(3).raw("a/b".getBytes(UTF_8)).u8(3);
    expected.varint(0b1010_1001).u8(3).varint(300).u8(1).u8('c').varint(0777).u8(0).u8(5);
    expected.u8(4).raw("root".getBytes(UTF_8));

    assertEquals(
        Arrays.toString(expected.toBytes()),
        Arrays.toString(encode(List.of(new CatalogEntry(entry, ChunkList.EMPTY, false)))));
  }

  @Test
  void encode_ownerThatIsNoText_isRefusedNamingTheEntry() {
    for (String name : List.of("\ud800", "x".repeat(EntryEncoder.MAX_OWNER_BYTES + 1))) {
      Posix posix = new Posix(0, 0, 0, Optional.of(name), Optional.empty(), Optional.empty());
      Entry entry = Entry.builder(EntryPath.of("a/b"), EntryKind.FIFO).posix(posix).build();
      CatalogEntry stored = new CatalogEntry(entry, ChunkList.EMPTY, false);

      Exception refused =
          assertThrows(IllegalArgumentException.class, () -> encode(List.of(stored)));
      assertTrue(refused.toString().contains("a/b"));
    }
  }

  @Test
  void encode_theLargestEntry_fitsIntoAChunk() throws Exception {
    Random random = new Random(1);
    byte[] path = new byte[EntryPath.MAX_BYTES];
    Arrays.fill(path, (byte) 'x');
    TreeMap<String, byte[]> many = new TreeMap<>();
    int left = Attributes.MAX_BYTES;
    for (int i = '!' * 94 * 94; left > 3; i++) {
      String name = "" + (char) ('!' + i / 94 / 94 % 94) + (char) ('!' + i / 94 % 94);
      name += (char) ('!' + i % 94);
      many.put(name, new byte[0]);
      left -= 3;
    }
    List<ChunkRef> refs = new ArrayList<>();
    for (int i = 0; i < ChunkList.MAX_REFS; i++) {
      refs.add(Entries.ref(random));
    }
    Entry entry =
        Entry.builder(EntryPath.ofBytes(path), EntryKind.FILE)
            .attributes(Attributes.of(many))
            .build();
    List<CatalogEntry> one = List.of(new CatalogEntry(entry, new ChunkList(3, refs), true));

    byte[] chunk = encode(one);

    assertEquals(one, decode(chunk));
    assertTrue(chunk.length < Chunks.MAX_BYTES - PathCuts.FULL_BYTES, chunk.length + " bytes");
  }

  private static byte[] paths(String... paths) {
    Encoder out = new Encoder(64).u8(0);
    PathEncoder encoder = new PathEncoder();
    for (String path : paths) {
      encoder.write(out, path.getBytes(UTF_8));
      out.u8(EntryKind.FIFO.code()).varint(0);
    }
    return out.toBytes();
  }

  private static List<CatalogEntry> hostile(long seed, int count) {
    Random random = new Random(seed);
    NavigableMap<EntryPath, CatalogEntry> entries = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      Entries.put(entries, Entries.any(random));
    }
    return List.copyOf(entries.values());
  }

  private static byte[] encode(Collection<CatalogEntry> entries) {
    EntryEncoder encoder = new EntryEncoder();
    entries.forEach(entry -> encoder.add(entry, entry.path().bytes()));
    return Arrays.copyOf(encoder.array(), encoder.length());
  }

  private static List<CatalogEntry> decode(byte[] chunk) throws FormatException {
    Decoder in = Chunks.open(chunk, Chunks.ENTRIES);
    EntryDecoder decoder = new EntryDecoder(in);
    List<CatalogEntry> entries = new ArrayList<>();
    for (Optional<CatalogEntry> e = decoder.next(); e.isPresent(); e = decoder.next()) {
      entries.add(e.get());
    }
    return entries;
  }

  /** Whatever is read must be what a writer could have written. */
  private static void requireEntriesOrRefusal(byte[] chunk) {
    List<CatalogEntry> entries;
    try {
      entries = decode(chunk);
    } catch (FormatException refused) {
      assertTrue(refused.toString().length() > 60);
      return;
    }
    for (int i = 1; i < entries.size(); i++) {
      assertTrue(entries.get(i - 1).path().compareTo(entries.get(i).path()) < 0);
    }
    try {
      assertEquals(entries, decode(encode(entries)));
    } catch (FormatException e) {
      throw new AssertionError("What was read could not be written", e);
    }
  }
}
