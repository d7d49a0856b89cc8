package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.store.Store;
import dev.varve.testkit.Fault;
import dev.varve.testkit.FaultKind;
import dev.varve.testkit.FaultPlan;
import dev.varve.testkit.FaultSweep;
import dev.varve.testkit.FaultyStore;
import dev.varve.testkit.MemoryStore;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Store calls of every {@link PublicVerb} fail in every way, dying there included: nothing that was
 * there is lost, nothing is half there, what fails says so, and the next run succeeds. In the
 * normal build each call that changes something goes wrong once, and others as long as there is
 * time; in the deep one all in all ways. Verbs run inline, so that calls come in one order.
 */
class VerbFaultsTest {

  private static final int FIRST_CALLS = 20;

  private final Random random = Seeds.random(VerbFaultsTest.class);
  private final Scene made = new Scene(new MemoryStore(), new MemoryStore());
  private Scene scene = made;

  @Test
  void anyVerb_anyCallFails_losesNothingAndTheNextSucceeds() throws Exception {
    int cases = 0;
    int failures = 0;
    for (PublicVerb verb : PublicVerb.values()) {
      if (Seeds.DEEP || verb.writes()) {
        FaultSweep.Result result = sweep(verb);
        cases += result.cases();
        failures += result.failures();
      }
    }
    System.out.println(cases + " faults in calls of verbs, of which " + failures + " failed");
    assertTrue(failures > 15, cases + " and " + failures);
  }

  /** All ways, or one of those that only what changes something can go wrong in. */
  private FaultSweep.Result sweep(PublicVerb verb) throws Exception {
    Scene prepared = verb.prepare(made);
    FaultSweep sweep = FaultSweep.on(prepared.place);
    FaultSweep chosen =
        Seeds.DEEP
            ? sweep
            : sweep
                .only(
                    FaultKind.APPLIED_BUT_REPLY_LOST,
                    FaultKind.EXISTS,
                    FaultKind.NO_SPACE,
                    FaultKind.CRASH_AFTER)
                .drawing(random);
    try {
      return chosen.run(
          store -> attempt(verb, prepared, store),
          (fault, after, failure) -> scene.judge(verb, after::handle, failure));
    } catch (AssertionError e) {
      throw new AssertionError(verb + ": " + e.getMessage(), e);
    }
  }

  private void attempt(PublicVerb verb, Scene prepared, Store store) throws Exception {
    scene = prepared.take();
    try (Repository repository = Scene.open(store)) {
      verb.run(repository, scene);
    }
  }

  @Test
  void anyVerb_someCallFailsInSomeWay_losesNothingAndTheNextSucceeds() {
    Map<PublicVerb, Scene> prepared = new EnumMap<>(PublicVerb.class);
    Map<PublicVerb, Integer> calls = new EnumMap<>(PublicVerb.class);
    for (PublicVerb verb : PublicVerb.values()) {
      prepared.put(verb, verb.prepare(made));
      calls.put(verb, FIRST_CALLS);
    }
    int cases = 0;
    long end = Seeds.nearEnd();
    for (int round = 0; round < 1 || System.nanoTime() < end; round++) {
      for (PublicVerb verb : PublicVerb.values()) {
        Scene before = Objects.requireNonNull(prepared.get(verb));
        MemoryStore place = before.place.fork();
        FaultyStore store = new FaultyStore(place, some(Objects.requireNonNull(calls.get(verb))));
        Optional<Throwable> failure = Optional.empty();
        try {
          attempt(verb, before, store);
        } catch (Exception | AssertionError e) {
          failure = Optional.of(e);
        }
        calls.put(verb, Math.max(1, (int) store.calls()));
        judge(verb, store.faults(), place, failure);
        cases += store.faults().size();
      }
    }
    System.out.println(cases + " faults in calls of " + prepared.size() + " verbs");
  }

  private void judge(
      PublicVerb verb, List<Fault> faults, MemoryStore place, Optional<Throwable> failure) {
    try {
      scene.judge(verb, place::handle, failure);
    } catch (RuntimeException | AssertionError e) {
      AssertionError error = new AssertionError(verb + " after " + faults + ": " + e, e);
      failure.ifPresent(error::addSuppressed);
      throw error;
    }
  }

  /** One of so many calls goes wrong in one of the ways that it can. */
  private FaultPlan some(int calls) {
    int which = 1 + random.nextInt(calls);
    return (number, call, key) -> {
      List<FaultKind> ways =
          Arrays.stream(FaultKind.values()).filter(kind -> kind.appliesTo(call)).toList();
      return number == which
          ? Optional.of(ways.get(random.nextInt(ways.size())))
          : Optional.empty();
    };
  }
}
