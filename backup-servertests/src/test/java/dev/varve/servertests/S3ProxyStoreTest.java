package dev.varve.servertests;

import dev.varve.store.Store;
import dev.varve.testkit.StoreContractTest;
import java.time.Duration;

class S3ProxyStoreTest extends StoreContractTest {

  private final String bucket = TestServer.s3Proxy().newBucket();

  @Override
  protected Store open() {
    return TestServer.s3Proxy().store(bucket, "backups/one").build();
  }

  @Override
  protected Duration timesDifferBy() {
    return Duration.ofSeconds(2);
  }

  /** It reserves the name of a conditional write by an empty item. */
  @Override
  protected boolean hidesUnfinishedItems() {
    return false;
  }

  @Override
  protected int randomCalls() {
    return 150;
  }
}
