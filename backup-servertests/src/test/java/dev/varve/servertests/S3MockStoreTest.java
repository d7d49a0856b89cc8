package dev.varve.servertests;

import dev.varve.store.Store;
import dev.varve.testkit.StoreContractTest;
import java.time.Duration;

class S3MockStoreTest extends StoreContractTest {

  private final String bucket = TestServer.s3Mock().newBucket();

  @Override
  protected Store open() {
    return TestServer.s3Mock().store(bucket, "").build();
  }

  @Override
  protected Duration timesDifferBy() {
    return Duration.ofSeconds(2);
  }

  /** It looks first and writes then. */
  @Override
  protected boolean decidesRaces() {
    return false;
  }

  @Override
  protected int randomCalls() {
    return 150;
  }
}
