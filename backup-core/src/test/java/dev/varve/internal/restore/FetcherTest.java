package dev.varve.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Problem;
import dev.varve.internal.chunkstore.BlockOpener;
import dev.varve.internal.crypto.ChunkIds;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.restore.PackRange.LocatedPiece;
import dev.varve.testkit.FaultyStore;
import dev.varve.testkit.StoreCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** What a pack does not give is looked for elsewhere piece by piece, and else is a hole. */
class FetcherTest {

  private static final int CHUNKS = 12;
  private static final int CHUNK_BYTES = 2000;

  private final Stock stock = new Stock();
  private final List<Hole> holes = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Received received = new Received();
  private final Entry entry =
      Entry.builder(EntryPath.of("f"), EntryKind.FILE).size(CHUNKS * CHUNK_BYTES).build();
  private final EntryDelivery delivery = new EntryDelivery(entry, received, problems::add);
  private final List<LocatedPiece> pieces = new ArrayList<>();

  private static byte[] content(int chunk) {
    return Stock.bytes(CHUNK_BYTES, chunk);
  }

  /** Packs chunks that lie in several blocks of one pack, and wants each of them. */
  private List<ChunkRef> packed() throws IOException {
    byte[][] contents = new byte[CHUNKS][];
    Arrays.setAll(contents, FetcherTest::content);
    List<ChunkRef> refs = stock.pack(contents);
    for (int i = 0; i < CHUNKS; i++) {
      want(i, refs.get(i), stock.location(refs.get(i)));
    }
    return refs;
  }

  private void want(int chunk, ChunkRef ref, ChunkLocation location) {
    delivery.announce();
    pieces.add(new LocatedPiece(new Piece(delivery, (long) chunk * CHUNK_BYTES, ref), location));
  }

  private void deliver() throws IOException {
    try (Fetcher fetcher = stock.fetcher(holes::add)) {
      for (PackRange range : PackRange.plan(pieces)) {
        fetcher.deliver(range);
      }
    }
    delivery.announced();
  }

  private void assertCame(Set<Integer> missing, String reason) {
    List<String> expected = new ArrayList<>();
    List<Hole> expectedHoles = new ArrayList<>();
    for (int i = 0; i < CHUNKS; i++) {
      long offset = (long) i * CHUNK_BYTES;
      expected.add(
          missing.contains(i)
              ? Received.hole("f", offset, CHUNK_BYTES, reason)
              : Received.piece("f", offset, content(i)));
      if (missing.contains(i)) {
        expectedHoles.add(new Hole(entry.path(), offset, CHUNK_BYTES, reason));
      }
    }
    expected.add(Received.complete("f"));
    List<String> came = new ArrayList<>(received.notes);
    assertEquals(Received.complete("f"), came.get(came.size() - 1));
    assertEquals(new HashSet<>(expected), new HashSet<>(came));
    assertEquals(expected.size(), came.size());
    assertEquals(new HashSet<>(expectedHoles), new HashSet<>(holes));
    assertEquals(expectedHoles.size(), holes.size());
    assertEquals(List.of(), problems);
  }

  private Set<Integer> blocks() {
    Set<Integer> blocks = new HashSet<>();
    pieces.forEach(piece -> blocks.add(piece.location().block()));
    return blocks;
  }

  private Set<Integer> chunksOf(int block) {
    Set<Integer> chunks = new HashSet<>();
    for (int i = 0; i < pieces.size(); i++) {
      if (pieces.get(i).location().block() == block) {
        chunks.add(i);
      }
    }
    return chunks;
  }

  @Test
  void deliver_soundPack_comesByOneReadAndAsksNobodyElse() throws Exception {
    packed();
    assertTrue(blocks().size() > 2, blocks().toString());
    long before = stock.store.calls(StoreCall.READ);
    deliver();
    assertCame(Set.of(), "");
    assertEquals(1, stock.store.calls(StoreCall.READ) - before);
    assertEquals(0, stock.reads());
  }

  @Test
  void deliver_sameChunkForSeveralPlaces_comesToEach() throws Exception {
    ChunkRef ref = stock.pack(content(0)).get(0);
    for (int i = 0; i < 3; i++) {
      want(i, ref, stock.location(ref));
    }
    deliver();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      expected.add(Received.piece("f", (long) i * CHUNK_BYTES, content(0)));
    }
    expected.add(Received.complete("f"));
    assertEquals(expected, received.notes);
  }

  @Test
  void deliver_packGoneOrCut_isLookedForElsewhereAndElseAHole() throws Exception {
    packed();
    stock.loose(content(3));
    stock.loose(content(7));
    Set<Integer> missing = new HashSet<>(List.of(0, 1, 2, 4, 5, 6, 8, 9, 10, 11));
    String pack = pieces.get(0).location().pack().key();
    stock.store.corrupt(pack, bytes -> Arrays.copyOf(bytes, 100));
    deliver();
    assertCame(missing, "lost");
    assertEquals(CHUNKS, stock.reads());
  }

  @Test
  void deliver_packGone_isAHole() throws Exception {
    packed();
    stock.store.remove(pieces.get(0).location().pack().key());
    deliver();
    assertCame(Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "lost");
  }

  @Test
  void deliver_oneBlockDamaged_losesThatOneOnly() throws Exception {
    packed();
    ChunkLocation damaged = pieces.get(CHUNKS / 2).location();
    stock.store.corrupt(
        damaged.pack().key(),
        bytes -> {
          bytes[(int) damaged.blockOffset() + damaged.blockBytes() / 2] ^= 1;
          return bytes;
        });
    deliver();
    assertCame(chunksOf(damaged.block()), "lost");
  }

  /** Who may write the index may lie; what is delivered is what the id names, or nothing. */
  @Test
  void deliver_indexLiesOfOneChunk_losesThatOneOnly() throws Exception {
    List<ChunkRef> refs = packed();
    int lie = 4;
    ChunkLocation honest = pieces.get(lie).location();
    List<ChunkLocation> lies =
        List.of(
            lying(honest, honest.chunkOffset(), CHUNK_BYTES - 1),
            lying(honest, honest.chunkOffset(), CHUNK_BYTES + 1),
            lying(honest, honest.chunkOffset() + 1, CHUNK_BYTES),
            lying(honest, -1, CHUNK_BYTES),
            lying(honest, 1 << 20, CHUNK_BYTES));
    for (ChunkLocation location : lies) {
      pieces.set(lie, new LocatedPiece(pieces.get(lie).piece(), location));
      List<String> before = List.copyOf(received.notes);
      try (Fetcher fetcher = stock.fetcher(holes::add)) {
        for (PackRange range : PackRange.plan(pieces)) {
          fetcher.deliver(range);
        }
      }
      List<String> came = received.notes.subList(before.size(), received.notes.size());
      assertEquals(CHUNKS, came.size());
      assertTrue(came.contains(Received.hole("f", (long) lie * CHUNK_BYTES, CHUNK_BYTES, "lost")));
      for (int i = 0; i < CHUNKS; i++) {
        String piece = Received.piece("f", (long) i * CHUNK_BYTES, content(i));
        assertEquals(i != lie, came.contains(piece), location + " of " + refs.get(lie));
        delivery.announce();
      }
    }
  }

  private static ChunkLocation lying(ChunkLocation honest, int chunkOffset, int chunkBytes) {
    return new ChunkLocation(
        honest.pack(),
        honest.block(),
        honest.blockOffset(),
        honest.blockBytes(),
        chunkOffset,
        chunkBytes);
  }

  @Test
  void deliver_storeFails_failsAndMakesNoHole() throws Exception {
    packed();
    try (FaultyStore faulty =
            new FaultyStore(stock.store, (number, call, key) -> Optional.empty());
        Fetcher fetcher =
            new Fetcher(
                faulty,
                stock.packKeys,
                stock,
                stock.cancellation,
                holes::add,
                new BlockOpener(stock.keys.repositoryId(), stock.keys))) {
      faulty.kill();
      PackRange range = PackRange.plan(pieces).get(0);
      assertThrows(IOException.class, () -> fetcher.deliver(range));
    }
    assertEquals(List.of(), holes);
    assertEquals(List.of(), received.notes);
  }

  @Test
  void deliver_cancelled_stopsBeforeItReadsAndBetweenBlocks() throws Exception {
    packed();
    List<Long> came = new ArrayList<>();
    EntryDelivery cancelling =
        new EntryDelivery(
            entry,
            new CountingReceiver(
                offset -> {
                  came.add(offset);
                  stock.cancellation.cancel();
                }),
            problems::add);
    List<LocatedPiece> wanted = new ArrayList<>();
    for (LocatedPiece piece : pieces) {
      cancelling.announce();
      wanted.add(
          new LocatedPiece(
              new Piece(cancelling, piece.piece().offset(), piece.piece().ref()),
              piece.location()));
    }
    PackRange range = PackRange.plan(wanted).get(0);
    try (Fetcher fetcher = stock.fetcher(holes::add)) {
      assertThrows(CancellationException.class, () -> fetcher.deliver(range));
      assertEquals(range.blocks().get(0).pieces().size(), came.size());
      long before = stock.store.calls(StoreCall.READ);
      assertThrows(CancellationException.class, () -> fetcher.deliver(range));
      assertEquals(before, stock.store.calls(StoreCall.READ));
    }
  }

  /** The memory it lies in is used again: a target must not write there. */
  @Test
  void deliver_pieces_areReadOnly() throws Exception {
    ChunkRef ref = stock.pack(content(0)).get(0);
    List<Boolean> readOnly = new ArrayList<>();
    EntryDelivery looking =
        new EntryDelivery(
            entry, CountingReceiver.ofPieces(b -> readOnly.add(b.isReadOnly())), problems::add);
    looking.announce();
    pieces.add(new LocatedPiece(new Piece(looking, 0, ref), stock.location(ref)));
    deliver();
    assertEquals(List.of(true), readOnly);
  }

  /** A run that lies can tell of blocks of 2 GiB; nobody makes room for them. */
  @Test
  void deliver_blocksLongerThanAny_areHolesAndTakeNoMemory() throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    ChunkRef ref =
        new ChunkRef(new ChunkIds(stock.keys).id(ChunkKind.DATA, chunk, 0, chunk.length), 2000);
    for (int i = 0; i < CHUNKS; i++) {
      PackName pack = PackName.random();
      stock.store.put(pack.key(), new byte[10_000]);
      want(i, ref, new ChunkLocation(pack, 0, i, Integer.MAX_VALUE - i, 0, CHUNK_BYTES));
    }
    deliver();
    assertCame(Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "lost");
  }

  @Test
  void deliver_longestBlockThereIs_isFetchedAndALongerOneIsNot() throws IOException {
    PackName pack = PackName.random();
    stock.store.put(pack.key(), new byte[BlockOpener.MAX_SEALED_BYTES + 1]);
    ChunkRef ref = stock.loose(content(0));
    for (int over = 0; over < 2; over++) {
      pieces.clear();
      int bytes = BlockOpener.MAX_SEALED_BYTES + over;
      want(0, ref, new ChunkLocation(pack, 0, 0, bytes, 0, CHUNK_BYTES));
      long before = stock.store.calls(StoreCall.READ);
      try (Fetcher fetcher = stock.fetcher(holes::add)) {
        fetcher.deliver(PackRange.plan(pieces).get(0));
      }
      assertEquals(1 - over, stock.store.calls(StoreCall.READ) - before);
    }
    assertEquals(2, received.notes.size());
  }
}
