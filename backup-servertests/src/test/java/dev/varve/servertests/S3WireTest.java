package dev.varve.servertests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.ThrottledException;
import dev.varve.servertests.Wire.Fault;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.s3.S3Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One request meets one fault on the wire; the store says so, and the item is whole or not there.
 */
class S3WireTest {

  private static final byte[] BYTES = new byte[100_000];

  private final TestServer server = TestServer.s3Proxy();
  private final String bucket = server.newBucket();
  private Wire wire;
  private S3Store store;

  S3WireTest() throws IOException {
    new Random(7).nextBytes(BYTES);
    wire = new Wire(server.endpoint());
    store = server.store(bucket, "").endpoint(wire.endpoint()).build();
  }

  @BeforeEach
  void prove() throws IOException {
    store.create("config", Body.of(new byte[10]));
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    wire.close();
  }

  /** Spoils the next request of a kind. */
  private void spoilNext(String kind, Fault fault) {
    AtomicBoolean spoilt = new AtomicBoolean();
    wire.spoil(
        request ->
            request.kind().equals(kind) && spoilt.compareAndSet(false, true) ? fault : Fault.NONE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "CUT_ANSWER", "FLIP_ANSWER", "SLOW_ANSWER", "SLOW_REQUEST", "SWALLOW"})
  void create_spoilt_failsAndIsWholeOrNotThere(Fault fault) throws IOException {
    spoilNext("PUT", fault);

    IOException failure =
        assertThrows(IOException.class, () -> store.create("packs/aa/x", Body.of(BYTES)));

    assertFalse(failure instanceof FileAlreadyExistsException, failure.toString());
    try {
      assertArrayEquals(BYTES, read(store, "packs/aa/x"));
      assertThrows(
          FileAlreadyExistsException.class, () -> store.create("packs/aa/x", Body.of(BYTES)));
    } catch (NoSuchFileException notThere) {
      store.create("packs/aa/x", Body.of(BYTES));
      assertArrayEquals(BYTES, read(store, "packs/aa/x"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "NONE",
        "CUT_REQUEST",
        "FLIP_REQUEST",
        "FLIP_ANSWER",
        "SLOW_ANSWER",
        "SLOW_REQUEST",
        "SWALLOW"
      })
  void read_spoilt_failsAndMayBeTriedAgain(Fault fault) throws IOException {
    store.create("packs/aa/x", Body.of(BYTES));
    spoilNext("GET", fault);

    IOException failure = assertThrows(IOException.class, () -> read(store, "packs/aa/x"));

    assertEquals(
        fault == Fault.ANSWER_503 || fault == Fault.ANSWER_429,
        failure instanceof ThrottledException,
        failure.toString());
    assertArrayEquals(BYTES, read(store, "packs/aa/x"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "NONE",
        "CUT_REQUEST",
        "FLIP_REQUEST",
        "FLIP_ANSWER",
        "SLOW_ANSWER",
        "SLOW_REQUEST",
        "SWALLOW"
      })
  void list_spoilt_failsAndMayBeTriedAgain(Fault fault) throws IOException {
    spoilNext("LIST", fault);

    assertThrows(IOException.class, () -> store.list("", ""));

    assertEquals("config", store.list("", "").items().get(0).key());
  }

  @ParameterizedTest
  @EnumSource(names = {"SLOW_ANSWER", "SLOW_REQUEST"})
  void everyCall_slow_isDoneAllTheSame(Fault fault) throws IOException {
    wire.spoil(request -> fault);

    store.create("packs/aa/x", Body.of(BYTES));

    assertArrayEquals(BYTES, read(store, "packs/aa/x"));
    assertEquals(2, store.list("", "").items().size());
  }

  @Test
  void requests_eachCall_isOne() throws IOException {
    wire.forgetCounts();
    store.create("packs/aa/x", Body.of(BYTES));
    read(store, "packs/aa/x");
    store.list("", "");
    store.delete("packs/aa/x");

    assertEquals("{DELETE=1, GET=1, LIST=1, PUT=1}", wire.counts().toString());
  }

  @Test
  void deleteAll_manyItems_isOneRequest() throws IOException {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      keys.add("packs/aa/" + i);
      store.create(keys.get(i), Body.of(new byte[1]));
    }
    wire.forgetCounts();

    assertEquals(Map.of(), store.deleteAll(keys));

    assertEquals("{DELETE-MANY=1}", wire.counts().toString());
    assertEquals(1, store.list("", "").items().size());
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "FLIP_ANSWER", "SLOW_ANSWER", "SLOW_REQUEST", "SWALLOW", "ANSWER_403"})
  void deleteAll_spoilt_tellsThatOfEachKeyAndMayBeTriedAgain(Fault fault) throws IOException {
    Set<String> keys = Set.of("packs/aa/x", "packs/aa/y");
    for (String key : keys) {
      store.create(key, Body.of(BYTES));
    }
    spoilNext("DELETE-MANY", fault);

    assertEquals(keys, store.deleteAll(keys).keySet());

    assertEquals(Map.of(), store.deleteAll(keys));
    assertEquals(1, store.list("", "").items().size());
  }

  private static byte[] read(Store store, String key) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(BYTES.length);
    store.read(key, 0, into);
    return into.array();
  }
}
