package dev.varve.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultSweepTest {

  private final MemoryStore place = new MemoryStore();

  @Test
  void run_everyCallAndKind_isTriedOnACopy() throws Exception {
    place.put("old", new byte[4]);
    List<Fault> tried = new ArrayList<>();

    FaultSweep.Result result =
        FaultSweep.on(place)
            .run(
                FaultSweepTest::replaceOld,
                (fault, after, failure) -> {
                  tried.add(fault);
                  assertTrue(after.keys().contains("old") || after.keys().contains("new"));
                });

    long expected = 0;
    for (FaultKind kind : FaultKind.values()) {
      for (StoreCall call : StoreCall.values()) {
        long of = tried.stream().filter(f -> f.kind() == kind && f.call() == call).count();
        // One call of each kind, but two reads.
        assertEquals(
            !kind.appliesTo(call) ? 0 : call == StoreCall.READ ? 2 : 1, of, kind + " " + call);
        expected += of;
      }
    }
    assertEquals(expected, result.cases());
    // All but the repeated calls and the corruption nobody looks at.
    assertEquals(expected - 5 - 2, result.failures());
    assertEquals(Set.of("old"), place.keys());
  }

  @Test
  void run_badOutcome_namesTheFault() {
    place.put("old", new byte[4]);

    AssertionError error =
        assertThrows(
            AssertionError.class,
            () ->
                FaultSweep.on(place)
                    .without(FaultKind.CRASH, FaultKind.CRASH_AFTER)
                    .run(
                        FaultSweepTest::deleteTooEarly,
                        (fault, after, failure) -> assertTrue(after.keys().size() > 0, "lost")));

    assertTrue(
        String.valueOf(error.getMessage())
            .startsWith("After FAIL_BEFORE at call 7, CREATE new: lost"),
        error.getMessage());
    assertEquals(1, error.getSuppressed().length);
  }

  @Test
  void run_verbFailsWithoutAnyFault_fails() {
    assertThrows(
        IOException.class,
        () -> FaultSweep.on(place).run(FaultSweepTest::replaceOld, (f, after, failure) -> {}));
  }

  @Test
  void only_oneKind_isAllThatIsTried() throws Exception {
    place.put("old", new byte[4]);

    FaultSweep.Result result =
        FaultSweep.on(place)
            .only(FaultKind.TIMEOUT)
            .run(
                FaultSweepTest::replaceOld,
                (fault, after, failure) -> {
                  assertEquals(FaultKind.TIMEOUT, fault.kind());
                  assertTrue(failure.isPresent());
                });

    assertEquals(new FaultSweep.Result(5, 5), result);
  }

  @Test
  void drawing_everyCall_goesWrongOnceInAWayItCan() throws Exception {
    place.put("old", new byte[4]);
    List<Long> calls = new ArrayList<>();

    FaultSweep.Result result =
        FaultSweep.on(place)
            .without(FaultKind.REPEATED, FaultKind.SILENT_CORRUPTION)
            .drawing(new Random(1))
            .run(
                FaultSweepTest::replaceOld,
                (fault, after, failure) -> {
                  assertTrue(fault.kind().appliesTo(fault.call()), fault.toString());
                  calls.add(fault.number());
                });

    assertEquals(List.of(1L, 2L, 3L, 4L, 5L), calls);
    assertEquals(new FaultSweep.Result(5, 5), result);
  }

  private static void replaceOld(Store store) throws IOException {
    Stored old = read(store);
    store.create("new", Body.of(new byte[(int) old.size()]));
    store.delete("old");
  }

  private static void deleteTooEarly(Store store) throws IOException {
    Stored old = read(store);
    store.create("other", Body.of(new byte[1]));
    store.delete("old");
    store.delete("other");
    store.create("new", Body.of(new byte[(int) old.size()]));
  }

  private static Stored read(Store store) throws IOException {
    ByteBuffer half = ByteBuffer.allocate(2);
    store.read("old", 0, half);
    store.read("old", 2, half.clear());
    return store.list("old", "").items().get(0);
  }
}
