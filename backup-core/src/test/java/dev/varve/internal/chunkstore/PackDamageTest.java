package dev.varve.internal.chunkstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.IndexMemory;
import dev.varve.internal.index.PackEntry;
import dev.varve.internal.index.RunCache;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.index.RunShelf;
import dev.varve.internal.task.Threads;
import dev.varve.testkit.MemoryStore;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever changes in a pack is noticed by whoever looks into all of it. */
class PackDamageTest {

  private static final boolean DEEP = Boolean.getBoolean("varve.deep");
  private static final long BOX_NANOS = 8_000_000_000L;
  private static final int BLOCKS = 8;
  private static final int CHUNK_BYTES = 8000;

  private final MemoryStore store = new MemoryStore();
  private final RepositoryKeys keys = RepositoryKeys.generate();
  private final RepositoryId id = keys.repositoryId();
  private final ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
  private final PackKeys packKeys = new PackKeys(store, id, keys, index);
  private final long seed = Long.getLong("varve.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<PackEntry> packs = new ArrayList<>();

  /** Two packs of about 64 KiB in blocks of one length, and the runs that tell of them. */
  @BeforeEach
  void write() throws IOException {
    System.out.println("PackDamageTest -Dvarve.seed=" + seed);
    for (int pack = 0; pack < 2; pack++) {
      RunSeal seal = new RunSeal(id, keys);
      RunShelf shelf = new RunShelf(store, seal, RunCache.temporary(), IndexMemory.DEFAULT);
      try (WriteSession session =
          new WriteSession(
              store,
              id,
              keys,
              index,
              shelf,
              seal,
              place -> true,
              Threads.inline(),
              BLOCKS,
              3,
              1 << 20)) {
        for (int i = 0; i < BLOCKS; i++) {
          byte[] chunk = new byte[CHUNK_BYTES];
          random.nextBytes(chunk);
          session.sink().put(ChunkKind.DATA, chunk, 0, chunk.length);
        }
        session.drain();
        packs.addAll(session.publish().packs());
      }
    }
    assertEquals(2, packs.size());
    assertTrue(isSound(packs.get(0)));
  }

  @Test
  void anyBitFlipped_isNoticed() throws IOException {
    PackEntry pack = packs.get(0);
    byte[] sound = store.bytes(pack.name().key());
    assertTrue(Math.abs(sound.length - (64 << 10)) < 4096, sound.length + " bytes");
    long end = System.nanoTime() + BOX_NANOS;
    int bits = 8 * sound.length;
    int first = random.nextInt(bits);
    int tried = 0;
    // A step that has no divisor in common with the number of bits meets each once.
    long step = 100_003;
    while (tried < bits && (DEEP || System.nanoTime() < end)) {
      int bit = (int) ((first + tried * step) % bits);
      store.corrupt(pack.name().key(), bytes -> flipped(bytes, bit));
      assertFalse(isSound(pack), "bit " + bit);
      store.put(pack.name().key(), sound);
      tried++;
    }
    System.out.println(tried + " of " + bits + " bits of a pack flipped");
    assertTrue(isSound(pack));
  }

  @Test
  void anyBitOfHeaderFooterAndMarkersFlipped_isNoticed() throws IOException {
    PackEntry pack = packs.get(0);
    byte[] sound = store.bytes(pack.name().key());
    List<FooterBlock> footer = footer(pack);
    FooterBlock last = footer.get(footer.size() - 1);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < footer.get(0).offset(); i++) {
      places.add(i);
    }
    for (int i = (int) last.offset() - 20; i < last.offset(); i++) {
      places.add(i);
    }
    for (int i = (int) last.offset() + last.storedBytes(); i < sound.length; i++) {
      places.add(i);
    }
    for (int place : places) {
      for (int bit = 8 * place; bit < 8 * place + 8; bit++) {
        int flip = bit;
        store.corrupt(pack.name().key(), bytes -> flipped(bytes, flip));
        assertFalse(isSound(pack), "bit " + bit);
        store.put(pack.name().key(), sound);
      }
    }
  }

  @Test
  void cutOrLengthened_isNoticed() throws IOException {
    PackEntry pack = packs.get(0);
    byte[] sound = store.bytes(pack.name().key());
    for (int length = 0; length < sound.length + 300; length += 1 + random.nextInt(97)) {
      store.put(pack.name().key(), Arrays.copyOf(sound, length));
      PackEntry listed = listed(pack, length);
      assertEquals(length == sound.length, isSound(listed), length + " bytes");
    }
  }

  @Test
  void blocksSwapped_areNoticed_eachByItself() throws IOException {
    PackEntry pack = packs.get(0);
    byte[] sound = store.bytes(pack.name().key());
    List<FooterBlock> footer = footer(pack);
    for (int i = 1; i < footer.size(); i++) {
      FooterBlock one = footer.get(i - 1);
      FooterBlock other = footer.get(i);
      assertEquals(one.storedBytes(), other.storedBytes());
      byte[] swapped = sound.clone();
      copy(sound, one, swapped, other);
      copy(sound, other, swapped, one);
      store.put(pack.name().key(), swapped);
      assertEquals(List.of(one.ordinal(), other.ordinal()), badBlocks(pack));
    }
  }

  @Test
  void blockOfAnotherPack_ofTheSameRun_isNoticed() throws IOException {
    PackEntry pack = packs.get(0);
    byte[] sound = store.bytes(pack.name().key());
    byte[] other = store.bytes(packs.get(1).name().key());
    List<FooterBlock> footer = footer(pack);
    List<FooterBlock> otherFooter = footer(packs.get(1));
    for (int i = 0; i < footer.size(); i++) {
      byte[] mixed = sound.clone();
      copy(other, otherFooter.get(i), mixed, footer.get(i));
      store.put(pack.name().key(), mixed);
      assertEquals(List.of(footer.get(i).ordinal()), badBlocks(pack));
    }
  }

  @Test
  void packUnderAnotherName_isRefused() {
    PackName name = packs.get(1).name();
    store.put(name.key(), store.bytes(packs.get(0).name().key()));
    assertThrows(FormatException.class, () -> footer(listed(packs.get(1), length(name))));
  }

  private long length(PackName pack) {
    return store.bytes(pack.key()).length;
  }

  /** Looks into everything, as the deepest check does. */
  private boolean isSound(PackEntry pack) throws IOException {
    List<Integer> bad = new ArrayList<>();
    try (PackInspector inspector = new PackInspector(store, id, keys, packKeys)) {
      List<FooterBlock> footer = inspector.footer(pack.name(), pack.kind(), pack.storedBytes());
      byte[] sha256 =
          inspector.verify(
              pack.name(),
              pack.kind(),
              pack.storedBytes(),
              footer,
              (block, reason) -> bad.add(block.ordinal()));
      return bad.isEmpty() && Arrays.equals(sha256, pack.sha256());
    } catch (FormatException | EOFException refused) {
      return false;
    }
  }

  private List<Integer> badBlocks(PackEntry pack) throws IOException {
    List<Integer> bad = new ArrayList<>();
    try (PackInspector inspector = new PackInspector(store, id, keys, packKeys)) {
      inspector.verify(
          pack.name(),
          pack.kind(),
          pack.storedBytes(),
          footer(pack),
          (block, reason) -> bad.add(block.ordinal()));
    }
    return bad;
  }

  private List<FooterBlock> footer(PackEntry pack) throws IOException {
    try (PackInspector inspector = new PackInspector(store, id, keys, packKeys)) {
      return inspector.footer(pack.name(), pack.kind(), pack.storedBytes());
    }
  }

  private static PackEntry listed(PackEntry pack, long storedBytes) {
    return new PackEntry(
        pack.name(),
        pack.kind(),
        storedBytes,
        pack.sha256(),
        pack.epoch(),
        pack.sealing(),
        pack.sealedBlockKey());
  }

  private static void copy(byte[] from, FooterBlock source, byte[] to, FooterBlock target) {
    System.arraycopy(from, (int) source.offset(), to, (int) target.offset(), source.storedBytes());
    assertArrayEquals(
        Arrays.copyOfRange(from, (int) source.offset(), (int) source.offset() + 10),
        Arrays.copyOfRange(to, (int) target.offset(), (int) target.offset() + 10));
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    bytes[bit / 8] ^= (byte) (1 << bit % 8);
    return bytes;
  }
}
