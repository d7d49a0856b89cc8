package dev.varve.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.RefusedException;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Threads;
import dev.varve.store.Body;
import dev.varve.store.Stored;
import dev.varve.testkit.FaultKind;
import dev.varve.testkit.FaultPlan;
import dev.varve.testkit.FaultyStore;
import dev.varve.testkit.Gate;
import dev.varve.testkit.MemoryStore;
import dev.varve.testkit.StoreCall;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RetryingStoreTest {

  private static final byte[] CONTENT =
      "0123456789".repeat(300_000).getBytes(StandardCharsets.UTF_8);

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final MemoryStore place = new MemoryStore();
  private final InstantPause pause = new InstantPause();

  @ParameterizedTest
  @EnumSource(
      names = {"ACCESS_DENIED", "NO_SPACE", "EXISTS", "CRASH", "CRASH_AFTER", "SILENT_CORRUPTION"},
      mode = Mode.EXCLUDE)
  void everyCall_passingFault_isSurvived(FaultKind kind) throws IOException {
    for (int times = 1; times <= 3; times++) {
      MemoryStore empty = new MemoryStore();
      int allowed = kind == FaultKind.SHORT_BODY ? 1 : times;
      RetryingStore creating =
          retrying(empty, FaultPlan.always(kind).on(StoreCall.CREATE).first(times));
      Stored stored = creating.create("packs/aa/x", Body.of(CONTENT));
      assertEquals(List.of(stored), empty.list("", "").items());
      assertArrayEquals(CONTENT, empty.bytes("packs/aa/x"));

      RetryingStore reading =
          retrying(empty, FaultPlan.always(kind).on(StoreCall.READ).first(allowed));
      ByteBuffer into = ByteBuffer.allocate(1000).position(10).limit(20);
      reading.read("packs/aa/x", 5, into);
      assertEquals(20, into.position());
      assertEquals("5678901234", new String(into.array(), 10, 10, StandardCharsets.UTF_8));

      RetryingStore listing =
          retrying(empty, FaultPlan.always(kind).on(StoreCall.LIST).first(times));
      assertEquals(List.of(stored), listing.list("packs/", "").items());

      RetryingStore deleting =
          retrying(empty, FaultPlan.always(kind).on(StoreCall.DELETE).first(times));
      deleting.delete("packs/aa/x");
      assertTrue(empty.keys().isEmpty());

      empty.put("packs/aa/y", CONTENT);
      empty.put("packs/aa/z", CONTENT);
      RetryingStore deletingMany =
          retrying(empty, FaultPlan.always(kind).on(StoreCall.DELETE).first(times));
      assertEquals(Map.of(), deletingMany.deleteAll(List.of("packs/aa/y", "packs/aa/z")));
      assertTrue(empty.keys().isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ACCESS_DENIED", "NO_SPACE", "CRASH", "CRASH_AFTER", "EXISTS"})
  void create_finalFailure_isNotTriedAgain(FaultKind kind) {
    FaultyStore faulty = new FaultyStore(place, FaultPlan.always(kind));
    RetryingStore store = new RetryingStore(faulty, RetryPolicy.DEFAULT, pause);

    IOException failure =
        assertThrows(IOException.class, () -> store.create("config", Body.of(CONTENT)));
    Class<?> expected =
        switch (kind) {
          case ACCESS_DENIED -> AccessDeniedException.class;
          case EXISTS -> FileAlreadyExistsException.class;
          default -> RefusedException.class;
        };
    assertSame(expected, failure.getClass());
    assertEquals(1, faulty.calls());
    assertEquals(List.of(), pause.pauses());
  }

  @Test
  void deleteAll_someFail_onlyThoseThatMayPassAreTriedAgain() {
    List<String> keys = List.of("packs/aa/w", "packs/aa/x", "packs/aa/y", "packs/aa/z");
    keys.forEach(key -> place.put(key, CONTENT));
    FaultPlan plan =
        FaultPlan.always(FaultKind.ACCESS_DENIED)
            .on("packs/aa/x")
            .or(FaultPlan.always(FaultKind.THROTTLED).on("packs/aa/y").first(2))
            .or(FaultPlan.always(FaultKind.APPLIED_BUT_REPLY_LOST).on("packs/aa/z").first(1));
    FaultyStore faulty = new FaultyStore(place, plan);

    Map<String, IOException> failures =
        new RetryingStore(faulty, RetryPolicy.DEFAULT, pause).deleteAll(keys);

    assertEquals(Set.of("packs/aa/x"), failures.keySet());
    assertTrue(failures.get("packs/aa/x") instanceof AccessDeniedException);
    assertEquals(Set.of("packs/aa/x"), place.keys());
    assertEquals(4 + 2 + 1, faulty.calls());
    assertTrue(pause.pauses().stream().allMatch(each -> each.compareTo(SECOND) >= 0));
  }

  @Test
  void deleteAll_oneNeverPasses_isToldWithHowOftenItWasTried() {
    place.put("packs/aa/x", CONTENT);
    place.put("packs/aa/y", CONTENT);
    RetryingStore store =
        retrying(place, FaultPlan.always(FaultKind.SERVER_ERROR).on("packs/aa/y"));

    Map<String, IOException> failures = store.deleteAll(List.of("packs/aa/x", "packs/aa/y"));

    assertEquals(Set.of("packs/aa/y"), failures.keySet());
    String message = String.valueOf(failures.values().iterator().next().getMessage());
    assertTrue(message.matches("Cannot delete 2 items in .*, tried [0-9]+ times in .*"), message);
    assertEquals(Set.of("packs/aa/y"), place.keys());
  }

  @Test
  void read_silentCorruption_isNotNoticedHere() throws IOException {
    place.put("config", CONTENT);
    ByteBuffer into = ByteBuffer.allocate(10);

    retrying(place, FaultPlan.nth(1, FaultKind.SILENT_CORRUPTION)).read("config", 0, into);

    // Whoever opens the seal notices; this store has no key.
    assertEquals(1, place.calls(StoreCall.READ));
    assertEquals("01234%6789", new String(into.array(), StandardCharsets.UTF_8));
  }

  @Test
  void read_missing_failsAtOnce() {
    assertThrows(
        NoSuchFileException.class,
        () -> retrying(place, FaultPlan.none()).read("config", 0, ByteBuffer.allocate(1)));
    assertEquals(1, place.calls());
  }

  @Test
  void read_itemReallyTooShort_isLookedAtTwice() {
    place.put("config", new byte[10]);

    assertThrows(
        EOFException.class,
        () -> retrying(place, FaultPlan.none()).read("config", 0, ByteBuffer.allocate(11)));
    assertEquals(2, place.calls(StoreCall.READ));
  }

  @Test
  void create_replyLostAndOthersItemThere_isRefused() {
    FaultPlan loseFirst = FaultPlan.nth(1, FaultKind.TIMEOUT);
    RetryingStore store =
        retrying(
            place,
            (number, call, key) -> {
              Optional<FaultKind> fault = loseFirst.fault(number, call, key);
              // While we wait to try again, another gets there first.
              fault.ifPresent(
                  kind -> place.put("log/7", "theirs".getBytes(StandardCharsets.UTF_8)));
              return fault;
            });

    byte[] sameLength = "mine!!".getBytes(StandardCharsets.UTF_8);
    assertThrows(
        FileAlreadyExistsException.class, () -> store.create("log/7", Body.of(sameLength)));
    assertThrows(FileAlreadyExistsException.class, () -> store.create("log/7", Body.of(CONTENT)));
  }

  @Test
  void create_firstAttemptRefused_isRefusedThoughEqual() {
    place.put("config", CONTENT);

    assertThrows(
        FileAlreadyExistsException.class,
        () -> retrying(place, FaultPlan.none()).create("config", Body.of(CONTENT)));
  }

  @Test
  void createsTwice_underPassingFaults_tellsTheTruth() throws IOException {
    for (FaultKind kind : List.of(FaultKind.TIMEOUT, FaultKind.APPLIED_BUT_REPLY_LOST)) {
      FaultPlan plan = FaultPlan.always(kind).first(2);
      MemoryStore good = new MemoryStore();
      good.put("config", CONTENT);
      assertFalse(retrying(good, plan).createsTwice("config", Body.of(CONTENT)));

      MemoryStore bad = good.fork().ignoringConditions();
      assertTrue(retrying(bad, FaultPlan.none()).createsTwice("config", Body.of(CONTENT)));
      assertArrayEquals(CONTENT, bad.bytes("config"));
    }
  }

  @Test
  void create_appliedThenDeletedByAnother_isCreatedAgain() throws IOException {
    FaultPlan plan = FaultPlan.nth(1, StoreCall.CREATE, FaultKind.APPLIED_BUT_REPLY_LOST);
    RetryingStore store =
        retrying(
            place,
            (number, call, key) -> {
              if (call == StoreCall.LIST) {
                place.delete("locks/a");
              }
              return plan.fault(number, call, key);
            });

    store.create("locks/a", Body.of(CONTENT));

    assertArrayEquals(CONTENT, place.bytes("locks/a"));
    assertEquals(3, place.calls(StoreCall.CREATE));
  }

  @Test
  void anyCall_lastingFault_givesUpWithinItsBoundsAndSaysSo() {
    RetryPolicy policy =
        new RetryPolicy(6, Duration.ofMinutes(5), Duration.ofMillis(100), Duration.ofMillis(500));
    FaultyStore faulty = new FaultyStore(place, FaultPlan.always(FaultKind.SERVER_ERROR));
    RetryingStore store = new RetryingStore(faulty, policy, pause);

    IOException failure =
        assertThrows(IOException.class, () -> store.read("config", 0, ByteBuffer.allocate(1)));

    assertEquals(6, faulty.calls());
    assertTrue(
        String.valueOf(failure.getMessage())
            .matches("Cannot read config in memory store, tried 6 times in \\d s: 503.*"),
        failure.getMessage());
    assertEquals(5, pause.pauses().size());
    int[] longest = {100, 200, 400, 500, 500};
    for (int i = 0; i < longest.length; i++) {
      assertTrue(pause.pauses().get(i).compareTo(Duration.ofMillis(longest[i])) <= 0);
    }
  }

  @Test
  void pauses_areRandomPartsOfWhatIsAllowed() throws IOException {
    RetryPolicy policy =
        new RetryPolicy(400, Duration.ofDays(1), Duration.ofSeconds(10), Duration.ofSeconds(10));
    place.put("config", CONTENT);
    FaultyStore faulty = new FaultyStore(place, FaultPlan.always(FaultKind.FAIL_BEFORE).first(399));

    new RetryingStore(faulty, policy, pause).read("config", 0, ByteBuffer.allocate(1));

    double mean = pause.pauses().stream().mapToLong(Duration::toMillis).average().orElseThrow();
    assertTrue(mean > 4000 && mean < 6000, "mean " + mean);
  }

  @Test
  void anyCall_throttled_waitsAsLongAsAsked() throws IOException {
    retrying(place, FaultPlan.always(FaultKind.THROTTLED).first(3)).list("", "");

    assertEquals(3, pause.pauses().size());
    for (Duration waited : pause.pauses()) {
      assertTrue(waited.compareTo(Duration.ofSeconds(1)) >= 0, "waited only " + waited);
    }
  }

  @Test
  void anyCall_throttledForLongerThanAllowed_givesUpAtOnce() {
    RetryPolicy impatient =
        new RetryPolicy(20, Duration.ofMillis(900), Duration.ofMillis(1), Duration.ofMillis(1));
    FaultyStore faulty = new FaultyStore(place, FaultPlan.always(FaultKind.THROTTLED));

    assertThrows(IOException.class, () -> new RetryingStore(faulty, impatient, pause).list("", ""));
    assertEquals(List.of(), pause.pauses());
  }

  @Test
  void anyCall_cancelledWhileWaiting_ends() {
    RetryingStore store = retrying(place, FaultPlan.always(FaultKind.TIMEOUT));
    pause.cancelAfter(2);

    assertThrows(CancellationException.class, () -> store.delete("a"));
    assertEquals(2, pause.pauses().size());
  }

  @Test
  void cancel_wakesWhoeverWaits() throws Exception {
    RetryPolicy patient =
        new RetryPolicy(2, Duration.ofDays(30), Duration.ofDays(20), Duration.ofDays(20));
    FaultyStore faulty = new FaultyStore(place, FaultPlan.always(FaultKind.FAIL_BEFORE));
    RetryingStore store = new RetryingStore(faulty, patient, new VerbPause());
    Gate gate = faulty.holdBefore(StoreCall.DELETE, "");
    Cancellation verb = new Cancellation();
    Threads threads = Threads.start(1);
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(
            () -> {
              try {
                threads.run(
                    verb,
                    () -> {
                      store.delete("a");
                      return store;
                    });
              } catch (CancellationException e) {
                throw e;
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            });
    gate.awaitArrival();
    gate.open();

    verb.cancel();

    CompletionException failure = assertThrows(CompletionException.class, waiting::join);
    assertTrue(failure.getCause() instanceof CancellationException, failure.toString());
    assertEquals(1, faulty.calls());
    threads.close();
  }

  private RetryingStore retrying(MemoryStore on, FaultPlan plan) {
    return new RetryingStore(new FaultyStore(on, plan), RetryPolicy.DEFAULT, pause);
  }
}
