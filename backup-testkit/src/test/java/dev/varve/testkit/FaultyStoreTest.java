package dev.varve.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.RefusedException;
import dev.varve.ThrottledException;
import dev.varve.store.Body;
import dev.varve.store.Store;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultyStoreTest {

  private static final byte[] BYTES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

  private static final Map<FaultKind, Class<? extends IOException>> FAILURES =
      Map.ofEntries(
          Map.entry(FaultKind.FAIL_BEFORE, IOException.class),
          Map.entry(FaultKind.APPLIED_BUT_REPLY_LOST, IOException.class),
          Map.entry(FaultKind.TIMEOUT, SocketTimeoutException.class),
          Map.entry(FaultKind.EXISTS, FileAlreadyExistsException.class),
          Map.entry(FaultKind.THROTTLED, ThrottledException.class),
          Map.entry(FaultKind.SERVER_ERROR, IOException.class),
          Map.entry(FaultKind.SHORT_BODY, IOException.class),
          Map.entry(FaultKind.NO_SPACE, RefusedException.class),
          Map.entry(FaultKind.ACCESS_DENIED, AccessDeniedException.class),
          Map.entry(FaultKind.CRASH, RefusedException.class),
          Map.entry(FaultKind.CRASH_AFTER, RefusedException.class));

  private static final Set<FaultKind> APPLIED =
      Set.of(
          FaultKind.APPLIED_BUT_REPLY_LOST,
          FaultKind.EXISTS,
          FaultKind.REPEATED,
          FaultKind.CRASH_AFTER);

  private final MemoryStore place = new MemoryStore();

  @ParameterizedTest
  @EnumSource
  void create_everyKind_doesAndThrowsWhatItSays(FaultKind kind) throws IOException {
    FaultyStore store = new FaultyStore(place, FaultPlan.nth(1, kind));
    if (FAILURES.containsKey(kind)) {
      IOException failure =
          assertThrows(IOException.class, () -> store.create("a", Body.of(BYTES)));
      assertEquals(FAILURES.get(kind), failure.getClass());
    } else {
      store.create("a", Body.of(BYTES));
    }

    boolean created = APPLIED.contains(kind) || !kind.appliesTo(StoreCall.CREATE);
    assertEquals(created ? Set.of("a") : Set.of(), place.keys());
    assertEquals(kind.appliesTo(StoreCall.CREATE) ? 1 : 0, store.faults().size());
  }

  @ParameterizedTest
  @EnumSource
  void delete_everyKind_doesAndThrowsWhatItSays(FaultKind kind) throws IOException {
    place.put("a", BYTES);
    FaultyStore store = new FaultyStore(place, FaultPlan.nth(1, kind));
    boolean applies = kind.appliesTo(StoreCall.DELETE);
    if (applies && FAILURES.containsKey(kind)) {
      assertThrows(FAILURES.get(kind), () -> store.delete("a"));
    } else {
      store.delete("a");
    }

    assertEquals(!applies || APPLIED.contains(kind) ? Set.of() : Set.of("a"), place.keys());
  }

  @ParameterizedTest
  @EnumSource
  void read_everyKind_failsAsItSaysOrReads(FaultKind kind) throws IOException {
    place.put("a", BYTES);
    FaultyStore store = new FaultyStore(place, FaultPlan.nth(1, kind));
    ByteBuffer into = ByteBuffer.allocate(10);
    if (kind == FaultKind.SHORT_BODY) {
      assertThrows(EOFException.class, () -> store.read("a", 0, into));
      assertEquals(5, into.position());
    } else if (kind.appliesTo(StoreCall.READ) && FAILURES.containsKey(kind)) {
      assertThrows(FAILURES.get(kind), () -> store.read("a", 0, into));
      assertEquals(0, into.position());
    } else {
      store.read("a", 0, into);
      byte[] expected = BYTES.clone();
      expected[5] ^= (byte) (kind == FaultKind.SILENT_CORRUPTION ? 0x10 : 0);
      assertArrayEquals(expected, into.array());
    }

    assertArrayEquals(BYTES, place.bytes("a"));
  }

  @ParameterizedTest
  @EnumSource
  void list_everyKind_failsAsItSaysOrLists(FaultKind kind) throws IOException {
    place.put("a", BYTES);
    FaultyStore store = new FaultyStore(place, FaultPlan.nth(1, kind));
    if (kind.appliesTo(StoreCall.LIST) && FAILURES.containsKey(kind)) {
      assertThrows(FAILURES.get(kind), () -> store.list("", ""));
    } else {
      assertEquals(1, store.list("", "").items().size());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CRASH", "CRASH_AFTER"})
  void crash_everythingAfterwards_fails(FaultKind kind) throws IOException {
    FaultyStore store = new FaultyStore(place, FaultPlan.nth(2, StoreCall.CREATE, kind));
    store.create("a", Body.of(BYTES));
    assertThrows(RefusedException.class, () -> store.create("b", Body.of(BYTES)));
    Set<String> left = place.keys();

    assertThrows(RefusedException.class, () -> store.create("c", Body.of(BYTES)));
    assertThrows(RefusedException.class, () -> store.delete("a"));
    assertThrows(RefusedException.class, () -> store.list("", ""));
    assertThrows(RefusedException.class, () -> store.read("a", 0, ByteBuffer.allocate(1)));
    assertEquals(left, place.keys());
    assertEquals(kind == FaultKind.CRASH_AFTER, left.contains("b"));
  }

  @Test
  void plan_combinations_hitWhatTheySay() throws IOException {
    FaultPlan plan =
        FaultPlan.always(FaultKind.TIMEOUT)
            .on("log/")
            .on(StoreCall.LIST)
            .only(2)
            .or(FaultPlan.always(FaultKind.FAIL_BEFORE).on(StoreCall.DELETE).first(1));
    FaultyStore store = new FaultyStore(place, plan);

    store.list("log/", "");
    store.list("packs/", "");
    assertThrows(SocketTimeoutException.class, () -> store.list("log/", ""));
    store.list("log/", "");
    assertThrows(IOException.class, () -> store.delete("x"));
    store.delete("x");

    assertEquals(
        List.of(
            new Fault(3, StoreCall.LIST, "log/", FaultKind.TIMEOUT),
            new Fault(5, StoreCall.DELETE, "x", FaultKind.FAIL_BEFORE)),
        store.faults());
    assertEquals(6, store.calls());
  }

  @Test
  void hold_callsWaitUntilTheGateOpens() throws Exception {
    FaultyStore store = new FaultyStore(place, FaultPlan.none());
    Gate before = store.holdBefore(StoreCall.CREATE, "log/");
    Gate after = store.holdAfter(StoreCall.CREATE, "log/");
    store.create("packs/a", Body.of(BYTES));
    assertFalse(before.hasArrival());

    CompletableFuture<Void> creating = CompletableFuture.runAsync(() -> create(store, "log/0"));
    before.awaitArrival();
    assertEquals(Set.of("packs/a"), place.keys());
    before.open();
    after.awaitArrival();
    assertEquals(Set.of("log/0", "packs/a"), place.keys());
    assertFalse(creating.isDone());
    after.open();

    creating.join();
    assertTrue(after.hasArrival());
  }

  @Test
  void kill_whileACallIsHeld_itsAnswerNeverComes() throws Exception {
    FaultyStore store = new FaultyStore(place, FaultPlan.none());
    Gate after = store.holdAfter(StoreCall.CREATE, "");
    CompletableFuture<Void> creating = CompletableFuture.runAsync(() -> create(store, "log/0"));
    after.awaitArrival();

    store.kill();
    after.open();

    Throwable failure = creating.handle((nothing, thrown) -> thrown).join();
    UncheckedIOException thrown = assertInstanceOf(UncheckedIOException.class, failure.getCause());
    assertInstanceOf(RefusedException.class, thrown.getCause());
    assertEquals(Set.of("log/0"), place.keys());
  }

  private static void create(Store store, String key) {
    try {
      store.create(key, Body.of(BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
