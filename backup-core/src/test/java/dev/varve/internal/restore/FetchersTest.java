package dev.varve.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.internal.format.ChunkRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** As many as work at once are made, used again and in the end let go of. */
class FetchersTest {

  private final Stock stock = new Stock();
  private final List<Fetcher> made = new ArrayList<>();
  private final List<Fetcher> used = new ArrayList<>();
  private final Fetchers fetchers = new Fetchers(this::make);

  private Fetcher make() throws IOException {
    Fetcher fetcher = stock.fetcher(hole -> {});
    made.add(fetcher);
    return fetcher;
  }

  @Test
  void run_oneAfterTheOther_usesOne() throws Exception {
    fetchers.run(used::add);
    assertThrows(
        IOException.class,
        () ->
            fetchers.run(
                fetcher -> {
                  used.add(fetcher);
                  throw new IOException("failed");
                }));
    fetchers.run(used::add);
    assertEquals(1, made.size());
    assertSame(used.get(0), used.get(1));
    assertSame(used.get(0), used.get(2));
  }

  @Test
  void run_twoAtOnce_usesTwoAndThemAgain() throws Exception {
    for (int twice = 0; twice < 2; twice++) {
      used.clear();
      fetchers.run(
          outer -> {
            used.add(outer);
            fetchers.run(used::add);
          });
      assertNotSame(used.get(0), used.get(1));
    }
    assertEquals(2, made.size());
  }

  /** The memory of zstd lies outside of the heap: nobody but close gives it back. */
  @Test
  void close_allThatWereMade_letGoOfTheirMemory() throws Exception {
    ChunkRef ref = stock.pack(new byte[3000]).get(0);
    Entry entry = Entry.builder(EntryPath.of("f"), EntryKind.FILE).build();
    PackRange range =
        PackRange.plan(
                List.of(
                    new PackRange.LocatedPiece(
                        new Piece(new EntryDelivery(entry, new Received(), p -> {}), 0, ref),
                        stock.location(ref))))
            .get(0);
    fetchers.run(
        outer -> {
          outer.deliver(range);
          fetchers.run(inner -> inner.deliver(range));
        });
    fetchers.close();
    for (Fetcher fetcher : made) {
      assertThrows(RuntimeException.class, () -> fetcher.deliver(range));
    }
    fetchers.run(used::add);
    assertEquals(3, made.size());
    assertSame(made.get(2), used.get(0));
  }
}
