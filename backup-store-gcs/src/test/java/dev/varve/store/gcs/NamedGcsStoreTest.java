package dev.varve.store.gcs;

import dev.varve.store.Store;
import dev.varve.testkit.StoreContractTest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The contract on a server that somebody names: fake-gcs-server, or Google itself. */
@EnabledIfEnvironmentVariable(
    named = "VARVE_TEST_GCS_ENDPOINT",
    matches = ".+",
    disabledReason = "No server is named by VARVE_TEST_GCS_ENDPOINT and _BUCKET")
class NamedGcsStoreTest extends StoreContractTest {

  private final String prefix = "varve-test/" + UUID.randomUUID();

  @Override
  protected Store open() {
    GcsStoreBuilder store =
        GcsStore.builder()
            .endpoint(variable("ENDPOINT").orElseThrow())
            .bucket(
                variable("BUCKET")
                    .orElseThrow(() -> new IllegalStateException("Set VARVE_TEST_GCS_BUCKET too")),
                prefix);
    Optional<String> credentials = variable("CREDENTIALS_FILE");
    if (credentials.isPresent()) {
      store.credentialsFile(Path.of(credentials.get()));
    } else if (!variable("ENDPOINT").orElseThrow().contains("googleapis.com")) {
      store.anonymous();
    }
    return store.build();
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv("VARVE_TEST_GCS_" + name));
  }

  @Override
  protected int randomCalls() {
    return 150;
  }
}
