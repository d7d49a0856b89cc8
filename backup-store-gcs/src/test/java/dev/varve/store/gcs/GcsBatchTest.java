package dev.varve.store.gcs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.RefusedException;
import dev.varve.ThrottledException;
import dev.varve.store.Body;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many items are deleted by one batch, and what becomes of them where it fails. */
class GcsBatchTest {

  private static final Body BODY = Body.of(new byte[7]);

  private final GcsServer server;

  GcsBatchTest() throws IOException {
    server = new GcsServer();
    server.api().requireToken(Stores.TOKEN);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static List<String> fill(GcsStore store, int count) throws IOException {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(String.format("packs/%04d", i));
      store.create(keys.get(i), BODY);
    }
    return keys;
  }

  private static List<String> left(GcsStore store) throws IOException {
    return store.list("", "").items().stream().map(Stored::key).toList();
  }

  private static IOException of(Map<String, IOException> failures, String key) {
    return Optional.ofNullable(failures.get(key)).orElseThrow();
  }

  @Test
  void deleteAll_manyItems_isOneRequestAHundred() throws IOException {
    try (GcsStore store = Stores.of(server).build()) {
      List<String> keys = fill(store, 250);
      server.forgetCounts();

      assertEquals(Map.of(), store.deleteAll(keys));

      assertEquals("{BATCH=3}", server.counts().toString());
      assertEquals(List.of(), left(store));
    }
  }

  @Test
  void deleteAll_someFail_tellsWhyOfEach() throws IOException {
    try (GcsStore store = Stores.of(server).build()) {
      List<String> keys = fill(store, 5);
      Map<String, Answer> answers =
          Map.of(
              keys.get(0), Answer.error(403, "forbidden", "No storage.objects.delete access"),
              keys.get(1), Answer.error(429, "rateLimitExceeded", "Too many"),
              keys.get(2), Answer.error(503, "backendError", "Later"),
              keys.get(3), Answer.error(403, "retentionPolicyNotMet", "Subject to retention"));
      server.answer(
          request ->
              answers.keySet().stream()
                  .filter(key -> request.path().endsWith(key.replace("/", "%2F")))
                  .findFirst()
                  .map(answers::get));

      Map<String, IOException> failures = store.deleteAll(keys);

      server.answer(request -> Optional.empty());
      assertEquals(keys.subList(0, 4), List.copyOf(failures.keySet()));
      assertInstanceOf(AccessDeniedException.class, of(failures, keys.get(0)));
      assertInstanceOf(ThrottledException.class, of(failures, keys.get(1)));
      assertInstanceOf(IOException.class, of(failures, keys.get(2)));
      assertInstanceOf(RefusedException.class, of(failures, keys.get(3)));
      String message = String.valueOf(of(failures, keys.get(0)).getMessage());
      assertTrue(message.startsWith("Cannot delete packs/0000 in gs://bucket/pre/fix"), message);
      assertEquals(keys.subList(0, 4), left(store));
    }
  }

  @Test
  void deleteAll_held_liftsAndDeletesByTwoRequests() throws IOException {
    try (GcsStore store = Stores.of(server).hold("temporary").build()) {
      List<String> keys = fill(store, 20);
      keys.add("packs/none");
      store.create("locks/a", BODY);
      keys.add("locks/a");
      server.forgetCounts();

      assertEquals(Map.of(), store.deleteAll(keys));

      assertEquals("{BATCH=2}", server.counts().toString());
      assertEquals(List.of(), left(store));
    }
  }

  @Test
  void deleteAll_holdThatMayNotBeLifted_isLeftAlone() throws IOException {
    try (GcsStore store = Stores.of(server).hold("temporary").build()) {
      List<String> keys = fill(store, 3);
      server.answer(
          request ->
              request.path().endsWith("0001") && request.isUpdate()
                  ? Optional.of(Answer.error(403, "forbidden", "No storage.objects.update"))
                  : Optional.empty());

      Map<String, IOException> failures = store.deleteAll(keys);

      assertEquals(Set.of(keys.get(1)), failures.keySet());
      String message = String.valueOf(of(failures, keys.get(1)).getMessage());
      assertTrue(message.startsWith("Cannot lift the hold of packs/0001"), message);
      assertEquals(List.of(keys.get(1)), left(store));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 405, 501})
  void deleteAll_serverKnowsNoBatches_deletesSinglyFromThenOn(int status) throws IOException {
    try (GcsStore store = Stores.of(server).build()) {
      List<String> keys = fill(store, 3);
      server.answer(
          request ->
              request.kind().equals("BATCH")
                  ? Optional.of(Answer.error(status, "notFound", "Not Found"))
                  : Optional.empty());
      server.forgetCounts();

      assertEquals(Map.of(), store.deleteAll(keys));
      assertEquals(Map.of(), store.deleteAll(keys));

      assertEquals("{BATCH=1, DELETE=6}", server.counts().toString());
      assertEquals(List.of(), left(store));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "SLOW_ANSWER", "FLIP_ANSWER", "FLIP_REQUEST", "ANSWER_401", "CUT_REQUEST"})
  void deleteAll_spoilt_tellsThatOfWhatMayBeThereAndIsSentOnce(Fault fault) throws IOException {
    // What never ends by itself is given up; nothing else is asked of a store so hasty.
    try (GcsStore store = Stores.of(server).build();
        GcsStore hasty = Stores.of(server).timeout(Duration.ofSeconds(2)).build()) {
      List<String> keys = fill(store, 150);
      server.forgetCounts();
      AtomicInteger batches = new AtomicInteger();
      server.spoil(
          request ->
              request.kind().equals("BATCH") && batches.incrementAndGet() == 2
                  ? fault
                  : Fault.NONE);

      GcsStore meeting = fault == Fault.STALL_ANSWER ? hasty : store;
      Map<String, IOException> failures = meeting.deleteAll(keys);

      assertEquals(2, batches.get(), "nothing is sent again behind one's back");
      assertFalse(failures.isEmpty());
      assertTrue(failures.keySet().containsAll(left(store)), "left are " + left(store));
      assertTrue(keys.subList(100, 150).containsAll(failures.keySet()), failures::toString);
      assertEquals(Map.of(), store.deleteAll(keys));
      assertEquals(List.of(), left(store));
    }
  }

  @Test
  void deleteAll_closed_isThatOfEachKey() throws IOException {
    GcsStore store = Stores.of(server).build();
    List<String> keys = fill(store, 3);
    store.close();

    Map<String, IOException> failures = store.deleteAll(keys);

    assertEquals(keys, List.copyOf(failures.keySet()));
    assertInstanceOf(ClosedChannelException.class, of(failures, keys.get(0)));
  }
}
