package dev.varve.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryStorePlaceTest {

  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

  private final MemoryStore place = new MemoryStore().clock(() -> NOW);

  @Test
  void clock_givesTheTimes() throws IOException {
    assertEquals(NOW, place.create("a", Body.of(new byte[1])).time());
    place.setTime("a", NOW.plusSeconds(1));

    assertEquals(NOW.plusSeconds(1), place.list("", "").items().get(0).time());
  }

  @Test
  void pageSize_isTheMostAPageHolds() throws IOException {
    for (String key : List.of("a", "b", "c", "d")) {
      place.create(key, Body.of(new byte[1]));
    }

    Page page = place.pageSize(2).list("", "");

    assertEquals(2, page.items().size());
    assertFalse(page.last());
  }

  @Test
  void calls_countFailedOnesToo() {
    assertThrows(IOException.class, () -> place.read("a", 0, ByteBuffer.allocate(1)));
    place.delete("a");
    place.delete("b");

    assertEquals(1, place.calls(StoreCall.READ));
    assertEquals(2, place.calls(StoreCall.DELETE));
    assertEquals(3, place.calls());
  }

  @Test
  void fork_isIndependent() throws IOException {
    place.create("a", Body.of(new byte[] {1}));

    MemoryStore fork = place.fork();
    fork.corrupt("a", bytes -> new byte[] {2, 2});
    fork.create("b", Body.of(new byte[1]));

    assertArrayEquals(new byte[] {1}, place.bytes("a"));
    assertArrayEquals(new byte[] {2, 2}, fork.bytes("a"));
    assertEquals(Set.of("a"), place.keys());
    assertEquals(NOW, fork.list("", "").items().get(0).time());
  }

  @Test
  void remove_losesAnItemThatMustBeThere() {
    place.put("packs/aa/x", new byte[3]);
    place.put("config", new byte[2]);
    assertEquals(Set.of("packs/aa/x"), place.keys("packs/"));
    assertEquals(5, place.totalBytes());

    place.remove("packs/aa/x");

    assertEquals(Set.of("config"), place.keys());
    assertThrows(IllegalArgumentException.class, () -> place.remove("packs/aa/x"));
    assertThrows(IllegalArgumentException.class, () -> place.corrupt("x", bytes -> bytes));
  }

  @Test
  void create_keyThatIsADirectoryOfAnother_isRefused() throws IOException {
    place.create("packs/aa/x", Body.of(new byte[1]));

    for (String key : List.of("packs", "packs/aa", "packs/aa/x/y")) {
      assertThrows(
          IllegalArgumentException.class, () -> place.create(key, Body.of(new byte[1])), key);
    }
  }

  @Test
  void handle_closed_refusesToWork() throws IOException {
    Store handle = place.handle();
    handle.create("a", Body.of(new byte[1]));
    assertEquals(1, place.openHandles());

    handle.close();

    assertEquals(0, place.openHandles());
    assertThrows(IOException.class, () -> handle.list("", ""));
    assertEquals(Set.of("a"), place.keys());
  }
}
