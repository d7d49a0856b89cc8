package dev.varve.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Problem;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.ContentListWriter;
import dev.varve.internal.chunkstore.BlockOpener;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.task.Threads;
import dev.varve.target.Receiver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class DeliveryTest {

  private final Stock stock = new Stock();
  private final Received received = new Received();
  private final List<Problem> problems = new ArrayList<>();
  private final List<Hole> holes = new ArrayList<>();
  private final List<CatalogEntry> entries = new ArrayList<>();

  private void deliver(Predicate<Entry> wanted, Receiver receiver) throws IOException {
    deliver(wanted, receiver, stock);
  }

  private void deliver(Predicate<Entry> wanted, Receiver receiver, ChunkSource lists)
      throws IOException {
    Iterator<CatalogEntry> all = entries.iterator();
    try (Fetchers fetchers = new Fetchers(() -> stock.fetcher(holes::add))) {
      new Delivery(
              stock.index, lists, Threads.inline(), fetchers, receiver, problems::add, holes::add)
          .run(() -> all.hasNext() ? Optional.of(all.next()) : Optional.empty(), wanted);
    }
  }

  private void add(String path, long size, ChunkRef... chunks) {
    entries.add(Stock.file(path, size, new ChunkList(0, List.of(chunks))));
  }

  @Test
  void run_wantedOnes_comeWholeFromPacksAndElsewhere() throws Exception {
    List<ChunkRef> packed = stock.pack(new byte[] {1, 2}, new byte[] {3}, new byte[] {4});
    ChunkRef loose = stock.loose(new byte[] {9});
    add("a", 3, packed.get(0), packed.get(1));
    add("b", 1, packed.get(2));
    add("c", 4, packed.get(1), loose, packed.get(0));
    add("d", 0);
    deliver(entry -> !entry.path().toString().equals("b"), received);
    Collections.sort(received.notes);
    assertEquals(
        List.of(
            "a @0 0102",
            "a @2 03",
            "a complete",
            "c @0 03",
            "c @1 09",
            "c @2 0102",
            "c complete",
            "d complete"),
        received.notes);
    assertEquals(List.of(), holes);
    assertEquals(List.of(), problems);
  }

  /** Delivering begins soon, and what waits to be delivered stays bounded. */
  @Test
  void run_manyPieces_areDeliveredInBatchesThatGrowUpToALimit() throws Exception {
    ChunkRef ref = stock.pack(new byte[] {7}).get(0);
    ChunkRef[] refs = new ChunkRef[ChunkList.MAX_REFS];
    Arrays.fill(refs, ref);
    int batch = 4 << 10;
    List<Integer> ends = new ArrayList<>();
    int sum = 0;
    for (int i = 0; i < 6; i++) {
      sum += batch;
      ends.add(sum);
      batch = Math.min(64 << 10, 2 * batch);
    }
    for (int i = 0; i <= sum / refs.length; i++) {
      add("f" + i, refs.length, refs);
    }
    int[] came = {0};
    List<Integer> wrong = new ArrayList<>();
    int[] asked = {0};
    deliver(
        entry -> {
          int collected = asked[0]++ * refs.length;
          int expected =
              ends.stream().filter(end -> end <= collected).mapToInt(e -> e).max().orElse(0);
          if (came[0] != expected) {
            wrong.add(collected);
          }
          return true;
        },
        new CountingReceiver(offset -> came[0]++));
    assertEquals(List.of(), wrong);
    assertEquals(sum + refs.length, came[0]);
  }

  @Test
  void run_contentShorterOrLongerThanItsEntrySays_isAHoleBehindIt() throws Exception {
    ChunkRef ref = stock.loose(new byte[] {1, 2});
    add("a", 7, ref);
    add("b", 1, ref);
    add("c", 2, ref);
    add("d", 5);
    deliver(entry -> true, received);
    String says = "the content has %d bytes, its entry says %d";
    assertEquals(
        List.of(
            "a @0 0102",
            "a -2+5 " + String.format(says, 2, 7),
            "a complete",
            "b @0 0102",
            "b -2+1 " + String.format(says, 2, 1),
            "b complete",
            "c @0 0102",
            "c complete",
            "d -0+5 " + String.format(says, 0, 5),
            "d complete"),
        received.notes);
    assertEquals(3, holes.size());
    assertEquals(new Hole(EntryPath.of("a"), 2, 5, String.format(says, 2, 7)), holes.get(0));
  }

  /** What a list held is lost; what others hold is not, if it is known where that begins. */
  @Test
  void run_aListLost_losesWhatItHeldAndNoMore() throws Exception {
    int count = 20_000;
    ContentListWriter lists = new ContentListWriter(stock);
    List<ChunkRef> stored = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lists.add(stock.loose(new byte[] {(byte) i, (byte) (i >>> 8)}));
    }
    ChunkList content = lists.finish();
    assertEquals(2, content.depth());
    entries.add(Stock.file("f", 2L * count, content));
    ChunkSource noting =
        (kind, ref) -> {
          if (kind == ChunkKind.LIST) {
            stored.add(ref);
          }
          return stock.get(kind, ref);
        };
    deliver(entry -> true, received, noting);
    assertEquals(count + 1, received.notes.size());

    ChunkRef second = stored.get(2);
    stock.lose(second);
    received.notes.clear();
    deliver(entry -> true, received);
    assertEquals(1, holes.size());
    Hole hole = holes.get(0);
    assertEquals("lost", hole.reason());
    long pieces = (2L * count - hole.length()) / 2;
    assertEquals(pieces + 2, received.notes.size());
    assertEquals(0, hole.offset() % 2);
    assertEquals("f @0 0000", received.notes.get(0));
    int at = (int) (hole.offset() / 2);
    assertEquals(Received.hole("f", hole.offset(), hole.length(), "lost"), received.notes.get(at));
    long behind = hole.offset() + hole.length();
    int chunk = (int) (behind / 2);
    assertEquals(
        Received.piece("f", behind, new byte[] {(byte) chunk, (byte) (chunk >>> 8)}),
        received.notes.get(at + 1));
  }

  @Test
  void run_theTopmostListLost_losesAllOfThatEntryOnly() throws Exception {
    ContentListWriter lists = new ContentListWriter(stock);
    for (int i = 0; i < 300; i++) {
      lists.add(stock.loose(new byte[] {(byte) i, 1}));
    }
    ChunkList content = lists.finish();
    stock.lose(content.refs().get(0));
    entries.add(Stock.file("a", 600, content));
    entries.add(Stock.file("b", 0, content));
    add("c", 1, stock.loose(new byte[] {5}));
    deliver(entry -> true, received);
    assertEquals(
        List.of(
            "a -0+600 lost", "a complete", "b -0+1 lost", "b complete", "c @0 05", "c complete"),
        received.notes);
  }

  @Test
  void run_chunkInNoPackAndNowhereElse_isAHole() throws Exception {
    ChunkRef gone = stock.loose(new byte[] {1, 2, 3});
    stock.lose(gone);
    add("a", 4, stock.loose(new byte[] {9}), gone);
    deliver(entry -> true, received);
    assertEquals(List.of("a @0 09", "a -1+3 lost", "a complete"), received.notes);
    assertEquals(List.of(new Hole(EntryPath.of("a"), 1, 3, "lost")), holes);
  }

  /** Others who read from this repository get their turn: no more than so much is ordered. */
  @Test
  void run_storeFails_failsSoonAndTakesFurtherFailuresAlong() throws Exception {
    assertEquals(32, failures(Threads.inline(), 100, 34));
    try (Threads two = Threads.start(2)) {
      assertEquals(64, failures(two, 100, 66));
    }
    assertEquals(1, failures(Threads.inline(), 2, 2));
  }

  /** How many failures came along with the first, after so many entries were asked for. */
  private int failures(Threads threads, int count, int expectedAsked) throws IOException {
    entries.clear();
    for (int i = 0; i < count; i++) {
      add("f" + i, 1, new ChunkRef(stock.loose(new byte[] {(byte) i}).id(), 1));
    }
    int[] asked = {0};
    ChunkSource failing =
        (kind, ref) -> {
          throw new IOException("no answer");
        };
    Iterator<CatalogEntry> all = entries.iterator();
    try (Fetchers fetchers =
        new Fetchers(
            () ->
                new Fetcher(
                    stock.store,
                    stock.packKeys,
                    failing,
                    stock.cancellation,
                    holes::add,
                    new BlockOpener(stock.keys.repositoryId(), stock.keys)))) {
      Delivery delivery =
          new Delivery(stock.index, stock, threads, fetchers, received, problems::add, holes::add);
      IOException failure =
          assertThrows(
              IOException.class,
              () ->
                  delivery.run(
                      () -> all.hasNext() ? Optional.of(all.next()) : Optional.empty(),
                      entry -> {
                        asked[0]++;
                        return true;
                      }));
      assertEquals("no answer", failure.getMessage());
      assertEquals(expectedAsked, asked[0]);
      assertEquals(List.of(), holes);
      assertEquals(List.of(), received.notes);
      return failure.getSuppressed().length;
    }
  }

  @Test
  void run_askingFails_failsAfterWhatWasOrderedIsDone() throws Exception {
    add("a", 1, stock.loose(new byte[] {1}));
    add("b", 1, stock.loose(new byte[] {2}));
    IllegalStateException bug = new IllegalStateException("a target's");
    assertSame(
        bug,
        assertThrows(
            IllegalStateException.class,
            () ->
                deliver(
                    entry -> {
                      if (entry.path().toString().equals("b")) {
                        throw bug;
                      }
                      return true;
                    },
                    received)));
    assertEquals(List.of("a @0 01", "a complete"), received.notes);
  }
}
