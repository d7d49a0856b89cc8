package dev.varve.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ContentListTest {

  private final MemoryChunks chunks = new MemoryChunks();

  @Property(tries = 40)
  void list_anyNumberOfChunks_isReadAsWritten(@ForAll @IntRange(max = 30_000) int count)
      throws Exception {
    List<ChunkRef> refs = refs(count, count);

    ChunkList list = write(refs);

    assertEquals(refs, all(new ContentCursor(chunks, list)));
    assertTrue(list.depth() == 0 ? count <= ChunkList.MAX_REFS : list.refs().size() == 1);
  }

  @Test
  void list_upToTheMostInline_needsNoListChunks() throws Exception {
    write(refs(1, ChunkList.MAX_REFS));
    assertEquals(0, chunks.size());

    assertEquals(1, write(refs(1, ChunkList.MAX_REFS + 1)).depth());
    assertEquals(ChunkList.EMPTY, write(List.of()));
  }

  @Test
  void list_aMillionChunks_isTallAndShort() throws Exception {
    List<ChunkRef> refs = refs(1, 1_000_000);

    ChunkList list = write(refs);

    assertTrue(list.depth() >= 2 && list.depth() <= 3, "depth " + list.depth());
    assertEquals(refs, all(new ContentCursor(chunks, list)));
    assertTrue(chunks.size() > 700 && chunks.size() < 1400, chunks.size() + " lists");
  }

  @Test
  void list_oneChunkInserted_addsFewLists() throws Exception {
    List<ChunkRef> refs = refs(1, 100_000);
    write(refs);
    Random random = new Random(5);
    int added = 0;
    for (int i = 0; i < 20; i++) {
      List<ChunkRef> longer = new ArrayList<>(refs);
      longer.add(random.nextInt(refs.size()), Entries.ref(random));
      chunks.count();
      write(longer);
      assertTrue(chunks.added() <= 8, chunks.added() + " lists added");
      added += chunks.added();
    }
    assertTrue(added <= 20 * 3, added + " lists added");
  }

  @Test
  void list_oneChunkRepeated_shrinksFromLevelToLevel() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 4; i++) {
      ChunkRef ref = Entries.ref(random);
      byte[] id = new byte[32];
      ref.id().write(id, 0);
      if (i < 2) {
        // An id that would cut behind itself wherever it is allowed to.
        id[14] &= (byte) 0xfc;
        id[15] = 0;
      }
      ChunkRef zeros = new ChunkRef(ChunkId.at(id, 0), 2 << 20);
      List<ChunkRef> refs = Collections.nCopies(300_000, zeros);

      ChunkList list = write(refs);

      assertTrue(list.depth() <= 3, "depth " + list.depth());
      assertEquals(refs, all(new ContentCursor(chunks, list)));
    }
    assertTrue(chunks.size() < 40, chunks.size() + " lists");
  }

  @Property(tries = 25)
  void skipTo_anyOffsets_landsOnTheChunkThatHoldsThem(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    List<ChunkRef> refs = refs(seed, 1 + random.nextInt(random.nextBoolean() ? 200 : 20_000));
    ChunkList list = write(refs);
    long[] begins = new long[refs.size() + 1];
    for (int i = 0; i < refs.size(); i++) {
      begins[i + 1] = begins[i] + refs.get(i).length();
    }
    ContentCursor cursor = new ContentCursor(chunks, list);
    int at = 0;
    for (int i = 0; i < 10; i++) {
      long offset = (long) (random.nextDouble() * 1.1 * begins[refs.size()]);
      while (at < refs.size() && begins[at + 1] <= offset) {
        at++;
      }
      assertEquals(begins[at], cursor.skipTo(offset));
      assertEquals(begins[at], cursor.position());
      Optional<ChunkRef> expected =
          at < refs.size() ? Optional.of(refs.get(at++)) : Optional.empty();
      assertEquals(expected, cursor.next());
    }
  }

  @Test
  void skipTo_farIntoALongContent_readsOneListOfEachLevel() throws Exception {
    ChunkList list = write(refs(1, 200_000));
    chunks.count();

    new ContentCursor(chunks, list).skipTo(123L << 30);

    assertEquals(list.depth(), chunks.reads());
  }

  @Test
  void next_listThatHoldsOtherwiseThanSaid_isRefused() throws Exception {
    ChunkRef inner = list(1, 5, 5);
    for (long announced : new long[] {0, 9, 11, Long.MAX_VALUE}) {
      ChunkRef outer = parent(2, inner, announced);
      ContentCursor cursor = new ContentCursor(chunks, new ChunkList(2, List.of(outer)));
      assertThrows(FormatException.class, () -> all(cursor), "announced " + announced);
    }
    ContentCursor honest =
        new ContentCursor(chunks, new ChunkList(2, List.of(parent(2, inner, 10))));
    assertEquals(2, all(honest).size());
  }

  @Test
  void next_listOfAnotherLevelOrEmptyOrCut_isRefused() throws Exception {
    byte[] good = new Encoder(64).u8(1).raw(new byte[32]).varint(5).toBytes();
    refuse(new byte[] {1});
    refuse(new byte[0]);
    for (int length = 0; length < good.length; length++) {
      refuse(Arrays.copyOf(good, length));
    }
    good[0] = 2;
    refuse(good);
    good[0] = 0;
    refuse(good);
  }

  @Test
  void next_sumsThatOverflow_areRefused() throws Exception {
    ChunkRef inner = list(1, 5);
    Encoder out = new Encoder(128).u8(2);
    inner.write(out);
    out.varint(Long.MAX_VALUE);
    inner.write(out);
    out.varint(Long.MAX_VALUE);
    ContentCursor cursor = new ContentCursor(chunks, new ChunkList(2, List.of(put(out))));

    assertThrows(FormatException.class, () -> cursor.skipTo(Long.MAX_VALUE));
  }

  @Test
  void next_listLongerThanAnyWritten_isRefusedUnread() {
    ChunkRef tooLong = new ChunkRef(Entries.ref(new Random(1)).id(), Chunks.MAX_BYTES + 1);
    ContentCursor cursor = new ContentCursor(chunks, new ChunkList(1, List.of(tooLong)));

    assertThrows(FormatException.class, cursor::next);
    assertEquals(0, chunks.reads());
  }

  private void refuse(byte[] list) {
    ChunkRef ref = chunks.put(ChunkKind.LIST, list, 0, list.length);
    ContentCursor cursor =
        new ContentCursor(chunks, new ChunkList(1, List.of(new ChunkRef(ref.id(), 1))));
    assertThrows(FormatException.class, () -> all(cursor));
  }

  private ChunkRef list(int level, int... lengths) {
    Encoder out = new Encoder(128).u8(level);
    for (int length : lengths) {
      if (length > 0) {
        new ChunkRef(Entries.ref(new Random(1)).id(), length).write(out);
      }
    }
    return put(out);
  }

  private ChunkRef parent(int level, ChunkRef below, long bytes) {
    Encoder out = new Encoder(128).u8(level);
    below.write(out);
    return put(out.varint(bytes));
  }

  private ChunkRef put(Encoder list) {
    return chunks.put(ChunkKind.LIST, list.array(), 0, list.length());
  }

  private ChunkList write(List<ChunkRef> refs) throws IOException {
    ContentListWriter writer = new ContentListWriter(chunks);
    for (ChunkRef ref : refs) {
      writer.add(ref);
    }
    return writer.finish();
  }

  private static List<ChunkRef> refs(long seed, int count) {
    Random random = new Random(seed);
    List<ChunkRef> refs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      refs.add(Entries.ref(random));
    }
    return refs;
  }

  private static List<ChunkRef> all(ContentCursor cursor) throws IOException {
    List<ChunkRef> refs = new ArrayList<>();
    long position = 0;
    for (Optional<ChunkRef> r = cursor.next(); r.isPresent(); r = cursor.next()) {
      refs.add(r.get());
      position += r.get().length();
      assertEquals(position, cursor.position());
    }
    return refs;
  }
}
