package dev.varve.testkit;

import dev.varve.store.Store;

class MemoryStoreTest extends StoreContractTest {

  private final MemoryStore place = new MemoryStore().pageSize(3);

  @Override
  protected Store open() {
    return place.handle();
  }
}
