package dev.varve.internal.store;

import dev.varve.store.Store;
import dev.varve.testkit.MemoryStore;
import dev.varve.testkit.StoreContractTest;
import java.time.Duration;

class RetryingStoreContractTest extends StoreContractTest {

  private final MemoryStore place = new MemoryStore().pageSize(7);

  @Override
  protected Store open() {
    RetryPolicy few = new RetryPolicy(2, RetryPolicy.DEFAULT.total(), ms(1), ms(1));
    return new RetryingStore(place.handle(), few, new InstantPause());
  }

  private static Duration ms(int n) {
    return Duration.ofMillis(n);
  }
}
