package dev.varve.store.gcs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ThrottledException;
import dev.varve.store.Body;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One request meets one fault; the store says so, nothing is tried again behind its back, and the
 * item is whole or not there.
 */
class GcsWireTest {

  private static final byte[] BYTES = new byte[100_000];

  private final GcsServer server;
  private final GcsStore store;
  private GcsStore hasty;

  GcsWireTest() throws IOException {
    new Random(7).nextBytes(BYTES);
    server = new GcsServer();
    store = Stores.of(server).build();
    hasty = store;
  }

  @BeforeEach
  void prove() throws IOException {
    store.create("config", Body.of(new byte[10]));
    server.forgetCounts();
  }

  @AfterEach
  void close() throws IOException {
    hasty.close();
    store.close();
    server.close();
  }

  /** The store that meets a fault: one that gives up soon, if nothing else would ever end it. */
  private GcsStore meeting(Fault fault) throws IOException {
    return fault == Fault.STALL_ANSWER ? hasty() : store;
  }

  /** A store that waits for two seconds at most, and has found the server good before. */
  private GcsStore hasty() throws IOException {
    hasty = Stores.of(server).timeout(Duration.ofSeconds(2)).build();
    hasty.create("locks/x", Body.of(new byte[1]));
    hasty.delete("locks/x");
    server.forgetCounts();
    return hasty;
  }

  /** Spoils the next request of a kind. */
  private void spoilNext(String kind, Fault fault) {
    AtomicBoolean spoilt = new AtomicBoolean();
    server.spoil(
        request ->
            request.kind().equals(kind) && spoilt.compareAndSet(false, true) ? fault : Fault.NONE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "SLOW_ANSWER", "FLIP_ANSWER"})
  void create_spoilt_failsAndIsWholeOrNotThere(Fault fault) throws IOException {
    GcsStore meeting = meeting(fault);
    spoilNext("CREATE", fault);

    IOException failure =
        assertThrows(IOException.class, () -> meeting.create("packs/aa/x", Body.of(BYTES)));

    assertFalse(failure instanceof FileAlreadyExistsException, failure.toString());
    assertEquals(Map.of("CREATE", 1L), server.counts());
    try {
      assertArrayEquals(BYTES, read("packs/aa/x"));
      assertThrows(
          FileAlreadyExistsException.class, () -> store.create("packs/aa/x", Body.of(BYTES)));
    } catch (NoSuchFileException notThere) {
      store.create("packs/aa/x", Body.of(BYTES));
      assertArrayEquals(BYTES, read("packs/aa/x"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "CUT_REQUEST", "FLIP_REQUEST", "FLIP_ANSWER", "SLOW_ANSWER"})
  void read_spoilt_failsAndMayBeTriedAgain(Fault fault) throws IOException {
    store.create("packs/aa/x", Body.of(BYTES));
    GcsStore meeting = meeting(fault);
    server.forgetCounts();
    spoilNext("READ", fault);

    IOException failure = assertThrows(IOException.class, () -> read(meeting, "packs/aa/x"));

    assertFalse(failure instanceof EOFException, failure.toString());
    assertFalse(failure instanceof NoSuchFileException, failure.toString());
    assertEquals(
        fault == Fault.ANSWER_429 || fault.name().endsWith("ANSWER_503"),
        failure instanceof ThrottledException,
        failure.toString());
    assertEquals(Map.of("READ", 1L), server.counts());
    assertArrayEquals(BYTES, read("packs/aa/x"));
  }

  @Test
  void read_slowBody_arrives() throws IOException {
    store.create("packs/aa/x", Body.of(BYTES));
    spoilNext("READ", Fault.SLOW_ANSWER);

    assertArrayEquals(BYTES, read("packs/aa/x"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "CUT_REQUEST", "FLIP_REQUEST", "FLIP_ANSWER", "SLOW_ANSWER"})
  void list_spoilt_failsAndMayBeTriedAgain(Fault fault) throws IOException {
    GcsStore meeting = meeting(fault);
    spoilNext("LIST", fault);

    assertThrows(IOException.class, () -> meeting.list("", ""));

    assertEquals(Map.of("LIST", 1L), server.counts());
    assertEquals("config", store.list("", "").items().get(0).key());
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"RESET_BEFORE", "RESET_AFTER", "ANSWER_500", "ANSWER_429", "DONE_BUT_ANSWER_503"})
  void delete_spoilt_failsAndMayBeTriedAgain(Fault fault) throws IOException {
    spoilNext("DELETE", fault);

    assertThrows(IOException.class, () -> store.delete("config"));

    assertEquals(Map.of("DELETE", 1L), server.counts());
    store.delete("config");
    assertEquals(0, store.list("", "").items().size());
  }

  @Test
  void create_throttled_asksToWaitAsLongAsTheServerWants() {
    spoilNext("CREATE", Fault.ANSWER_429);

    ThrottledException failure =
        assertThrows(ThrottledException.class, () -> store.create("log/0", Body.of(BYTES)));

    assertEquals(Duration.ofSeconds(7), failure.pause());
  }

  @Test
  void create_serverTakesNothingMore_isGivenUp() throws IOException {
    GcsStore hasty = hasty();
    server.deafen();

    IOException failure =
        assertThrows(
            IOException.class, () -> hasty.create("packs/aa/x", Body.of(new byte[32 << 20])));

    assertEquals(IOException.class, failure.getClass());
  }

  @Test
  void anyCall_oneConnection_letsEachThreadHaveItsTurn() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (GcsStore narrow = Stores.of(server).maxConnections(1).build()) {
      List<Callable<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String key = "log/" + i;
        all.add(
            () -> {
              narrow.create(key, Body.of(BYTES));
              ByteBuffer into = ByteBuffer.allocate(BYTES.length);
              narrow.read(key, 0, into);
              return server.connections();
            });
      }
      for (Future<Integer> connections : threads.invokeAll(all)) {
        assertTrue(connections.get() <= 2, "one, and that of the other store");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void requests_eachCall_isOne() throws IOException {
    store.create("packs/aa/x", Body.of(BYTES));
    read("packs/aa/x");
    store.list("", "");
    store.delete("packs/aa/x");

    assertEquals("{CREATE=1, DELETE=1, LIST=1, READ=1}", server.counts().toString());
    assertEquals(1, server.connections(), "one connection is used again and again");
  }

  private byte[] read(String key) throws IOException {
    return read(store, key);
  }

  private static byte[] read(GcsStore from, String key) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(BYTES.length);
    from.read(key, 0, into);
    return into.array();
  }
}
