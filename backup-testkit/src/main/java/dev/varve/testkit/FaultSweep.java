package dev.varve.testkit;

import dev.varve.store.Store;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Lets every call a verb makes go wrong in every way, one at a time, and has the outcome judged.
 * Immutable; a run uses the calling thread.
 *
 * <pre>{@code
 * FaultSweep.on(prepared)
 *     .run(
 *         store -> backUp(store),
 *         (fault, after, failure) -> {
 *           check(after);       // nothing that was there is lost
 *           backUp(after);      // and the next run succeeds
 *         });
 * }</pre>
 */
public final class FaultSweep {

  /** What is done with a store that fails. */
  @FunctionalInterface
  public interface Verb {
    /** Does it; what it throws is handed to the {@link Judge}. */
    void run(Store store) throws Exception;
  }

  /** Says whether the outcome is good, by throwing if it is not. */
  @FunctionalInterface
  public interface Judge {
    /**
     * Judges one outcome.
     *
     * @param fault what went wrong
     * @param after what the store holds afterwards, no longer failing
     * @param failure what the verb threw
     */
    void judge(Fault fault, MemoryStore after, Optional<Throwable> failure) throws Exception;
  }

  /**
   * What a sweep has met.
   *
   * @param cases how many faults were tried
   * @param failures in how many of them the verb failed
   */
  public record Result(int cases, int failures) {}

  private final MemoryStore prepared;
  private final Set<FaultKind> kinds;
  private final Optional<Random> drawing;

  private FaultSweep(MemoryStore prepared, Set<FaultKind> kinds, Optional<Random> drawing) {
    this.prepared = prepared;
    this.kinds = kinds;
    this.drawing = drawing;
  }

  /** A sweep in which each case begins with a copy of what {@code prepared} holds then. */
  public static FaultSweep on(MemoryStore prepared) {
    return new FaultSweep(prepared, EnumSet.allOf(FaultKind.class), Optional.empty());
  }

  /** Only these ways. */
  public FaultSweep only(FaultKind first, FaultKind... rest) {
    return new FaultSweep(prepared, EnumSet.of(first, rest), drawing);
  }

  /** Without these ways. */
  public FaultSweep without(FaultKind first, FaultKind... rest) {
    EnumSet<FaultKind> fewer = EnumSet.copyOf(kinds);
    fewer.removeAll(EnumSet.of(first, rest));
    return new FaultSweep(prepared, fewer, drawing);
  }

  /** Each call in one of the ways only, drawn: for verbs of many calls. */
  public FaultSweep drawing(Random random) {
    return new FaultSweep(prepared, kinds, Optional.of(random));
  }

  /**
   * Runs the verb once for each way and each call that can go wrong like it; and first without any
   * fault, when it must not throw.
   *
   * @throws AssertionError naming the fault whose outcome was bad
   */
  public Result run(Verb verb, Judge judge) throws Exception {
    if (drawing.isPresent()) {
      return drawn(verb, judge, drawing.get());
    }
    verb.run(prepared.fork());
    int cases = 0;
    int failures = 0;
    for (FaultKind kind : kinds) {
      boolean met = true;
      for (int n = 1; met; n++) {
        Trial trial = trial(verb, judge, FaultPlan.nth(n, kind));
        met = trial.met();
        cases += met ? 1 : 0;
        failures += met && trial.failed() ? 1 : 0;
      }
    }
    return new Result(cases, failures);
  }

  private record Trial(boolean met, boolean failed) {}

  /** Each call that can go wrong in one of the ways, in one of them. */
  private Result drawn(Verb verb, Judge judge, Random random) throws Exception {
    List<StoreCall> calls = new CopyOnWriteArrayList<>();
    FaultPlan recording =
        (number, call, key) -> {
          calls.add(call);
          return Optional.empty();
        };
    verb.run(new FaultyStore(prepared.fork(), recording));
    int cases = 0;
    int failures = 0;
    for (int n = 1; n <= calls.size(); n++) {
      StoreCall which = calls.get(n - 1);
      List<FaultKind> ways = kinds.stream().filter(kind -> kind.appliesTo(which)).toList();
      if (!ways.isEmpty()) {
        FaultKind way = ways.get(random.nextInt(ways.size()));
        long number = n;
        Trial trial =
            trial(
                verb, judge, (at, call, key) -> at == number ? Optional.of(way) : Optional.empty());
        cases += trial.met() ? 1 : 0;
        failures += trial.met() && trial.failed() ? 1 : 0;
      }
    }
    return new Result(cases, failures);
  }

  private Trial trial(Verb verb, Judge judge, FaultPlan plan) throws Exception {
    MemoryStore place = prepared.fork();
    FaultyStore store = new FaultyStore(place, plan);
    Optional<Throwable> failure = attempt(verb, store);
    boolean met = !store.faults().isEmpty();
    if (met) {
      judge(judge, store.faults().get(0), place, failure);
    }
    return new Trial(met, failure.isPresent());
  }

  private static Optional<Throwable> attempt(Verb verb, Store store) {
    try {
      verb.run(store);
      return Optional.empty();
    } catch (Exception | AssertionError failure) {
      return Optional.of(failure);
    }
  }

  private static void judge(
      Judge judge, Fault fault, MemoryStore after, Optional<Throwable> failure) {
    try {
      judge.judge(fault, after, failure);
    } catch (Exception | AssertionError bad) {
      AssertionError error = new AssertionError("After " + fault + ": " + bad.getMessage(), bad);
      failure.ifPresent(error::addSuppressed);
      throw error;
    }
  }
}
