package dev.varve.testkit;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Decides which calls to a {@link FaultyStore} go wrong. Safe for use by many threads. */
@FunctionalInterface
public interface FaultPlan {

  /**
   * How this call is to go wrong; asked once for each call.
   *
   * @param number which call it is, the first being 1
   * @param call what kind
   * @param key the key, for a listing the prefix
   */
  Optional<FaultKind> fault(long number, StoreCall call, String key);

  /** Nothing goes wrong. */
  static FaultPlan none() {
    return (number, call, key) -> Optional.empty();
  }

  /** Every call that can go wrong like this does. */
  static FaultPlan always(FaultKind kind) {
    return (number, call, key) -> kind.appliesTo(call) ? Optional.of(kind) : Optional.empty();
  }

  /** The n-th (from 1) of those calls that can go wrong like this does. */
  static FaultPlan nth(int n, FaultKind kind) {
    return always(kind).only(n);
  }

  /** The n-th (from 1) call of this kind goes wrong like this. */
  static FaultPlan nth(int n, StoreCall which, FaultKind kind) {
    return always(kind).on(which).only(n);
  }

  /** This plan for calls of this kind, nothing for others. */
  default FaultPlan on(StoreCall which) {
    return (number, call, key) -> call == which ? fault(number, call, key) : Optional.empty();
  }

  /** This plan for keys that begin with {@code prefix}, nothing for others. */
  default FaultPlan on(String prefix) {
    return (number, call, key) ->
        key.startsWith(prefix) ? fault(number, call, key) : Optional.empty();
  }

  /** The n-th (from 1) of what this plan gives, nothing else. */
  default FaultPlan only(int n) {
    AtomicInteger met = new AtomicInteger();
    return (number, call, key) ->
        fault(number, call, key).filter(kind -> met.incrementAndGet() == n);
  }

  /** The first {@code n} of what this plan gives. */
  default FaultPlan first(int n) {
    AtomicInteger met = new AtomicInteger();
    return (number, call, key) ->
        fault(number, call, key).filter(kind -> met.incrementAndGet() <= n);
  }

  /** What this plan gives, else what the other does. */
  default FaultPlan or(FaultPlan other) {
    return (number, call, key) -> fault(number, call, key).or(() -> other.fault(number, call, key));
  }
}
