package dev.varve.internal.store;

import dev.varve.store.Store;
import dev.varve.testkit.MemoryStore;
import dev.varve.testkit.StoreContractTest;
import java.util.OptionalLong;

class LimitedStoreContractTest extends StoreContractTest {

  private static final OptionalLong RATE = OptionalLong.of(1 << 20);

  private final MemoryStore place = new MemoryStore().pageSize(7);

  @Override
  protected Store open() {
    Store measured = new MeteredStore(place.handle(), (operation, outcome, nanos, bytes) -> {});
    return new TransferLimits(RATE, RATE).limit(measured, new InstantPause());
  }
}
