package dev.varve.internal.store;

import dev.varve.store.Store;
import dev.varve.testkit.FaultKind;
import dev.varve.testkit.FaultPlan;
import dev.varve.testkit.FaultyStore;
import dev.varve.testkit.MemoryStore;
import dev.varve.testkit.StoreContractTest;
import java.util.List;
import java.util.Optional;

/** Under passing faults in a third of all calls, a retrying store still keeps every promise. */
class FaultyRetryingStoreContractTest extends StoreContractTest {

  private static final List<FaultKind> PASSING =
      List.of(
          FaultKind.FAIL_BEFORE,
          FaultKind.APPLIED_BUT_REPLY_LOST,
          FaultKind.TIMEOUT,
          FaultKind.THROTTLED,
          FaultKind.SERVER_ERROR,
          FaultKind.REPEATED);

  private final MemoryStore place = new MemoryStore().pageSize(7);

  @Override
  protected Store open() {
    FaultPlan everyThird =
        (number, call, key) ->
            number % 3 == 1
                ? Optional.of(PASSING.get((int) (number / 3 % PASSING.size())))
                : Optional.empty();
    return new RetryingStore(
        new FaultyStore(place.handle(), everyThird), RetryPolicy.DEFAULT, new InstantPause());
  }
}
