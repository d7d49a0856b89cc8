package dev.varve.servertests;

import dev.varve.store.Store;
import dev.varve.store.s3.S3Store;
import dev.varve.store.s3.S3StoreBuilder;
import dev.varve.testkit.StoreContractTest;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The contract on a server that somebody names: MinIO, Ceph, or Amazon itself. */
@EnabledIfEnvironmentVariable(
    named = "VARVE_TEST_S3_ENDPOINT",
    matches = ".+",
    disabledReason =
        "No server is named by VARVE_TEST_S3_ENDPOINT, _BUCKET, _ACCESS_KEY, _SECRET_KEY")
class NamedS3StoreTest extends StoreContractTest {

  private final String prefix = "varve-test/" + UUID.randomUUID();

  @Override
  protected Store open() {
    S3StoreBuilder store =
        S3Store.builder()
            .endpoint(variable("ENDPOINT"))
            .bucket(variable("BUCKET"), prefix)
            .pathStyleAccess(true)
            .credentials(variable("ACCESS_KEY"), variable("SECRET_KEY"));
    Optional.ofNullable(System.getenv("VARVE_TEST_S3_REGION")).ifPresent(store::region);
    Optional.ofNullable(System.getenv("VARVE_TEST_S3_REQUEST_CHECKSUMS"))
        .ifPresent(store::requestChecksums);
    return store.build();
  }

  private static String variable(String name) {
    return Optional.ofNullable(System.getenv("VARVE_TEST_S3_" + name))
        .orElseThrow(() -> new IllegalStateException("Set VARVE_TEST_S3_" + name + " too"));
  }

  @Override
  protected Duration timesDifferBy() {
    return Duration.ofSeconds(5);
  }
}
