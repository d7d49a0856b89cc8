package dev.varve.testkit;

import dev.varve.store.Store;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;

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
    verb.run(prepared.fork());
    if (drawing.isPresent()) {
      return run(verb, judge, n -> at(n, drawing.get()));
    }
    int cases = 0;
    int failures = 0;
    for (FaultKind kind : kinds) {
      Result result = run(verb, judge, n -> FaultPlan.nth(n, kind));
      cases += result.cases();
      failures += result.failures();
    }
    return new Result(cases, failures);
  }

  /** The n-th call goes wrong in one of the ways that it can. */
  private FaultPlan at(int n, Random random) {
    return (number, call, key) -> {
      List<FaultKind> ways = kinds.stream().filter(kind -> kind.appliesTo(call)).toList();
      return number != n || ways.isEmpty()
          ? Optional.empty()
          : Optional.of(ways.get(random.nextInt(ways.size())));
    };
  }

  /** Goes through the plans for the first, the second, … call until there are no more calls. */
  private Result run(Verb verb, Judge judge, IntFunction<FaultPlan> plans) throws Exception {
    int cases = 0;
    int failures = 0;
    boolean more = true;
    for (int n = 1; more; n++) {
      MemoryStore place = prepared.fork();
      FaultyStore store = new FaultyStore(place, plans.apply(n));
      Optional<Throwable> failure = attempt(verb, store);
      boolean met = !store.faults().isEmpty();
      more = met || (drawing.isPresent() && store.calls() >= n);
      if (met) {
        cases++;
        failures += failure.isPresent() ? 1 : 0;
        judge(judge, store.faults().get(0), place, failure);
      }
    }
    return new Result(cases, failures);
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
