package dev.varve.store.gcs;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.store.Store;
import dev.varve.store.StoreProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Opens {@code gs://BUCKET/PREFIX}. Options: {@code endpoint}, {@code project}, {@code
 * credentials-file}, {@code anonymous}, {@code storage-class}, {@code kms-key}, {@code
 * max-connections}, {@code timeout-seconds}, {@code retention}, {@code retention-days} and {@code
 * hold}.
 */
public final class GcsStoreProvider implements StoreProvider {

  /** For {@link java.util.ServiceLoader}. */
  public GcsStoreProvider() {}

  @Override
  public String scheme() {
    return "gs";
  }

  @Override
  public Store open(Location location, Options options) {
    GcsStoreBuilder store = GcsStore.builder().place(Place.of(location));
    options.find("endpoint").ifPresent(store::endpoint);
    options.find("project").ifPresent(store::project);
    options.find("credentials-file").map(Path::of).ifPresent(store::credentialsFile);
    if (options.flag("anonymous", false)) {
      store.anonymous();
    }
    options.find("storage-class").ifPresent(store::storageClass);
    options.find("kms-key").ifPresent(store::kmsKey);
    store.maxConnections(options.number("max-connections", 64, 1, 1000));
    store.timeout(Duration.ofSeconds(options.number("timeout-seconds", 30, 1, 3600)));
    retention(options, store);
    options.find("hold").ifPresent(store::hold);
    options.allRead();
    return store.build();
  }

  private static void retention(Options options, GcsStoreBuilder store) {
    Optional<String> mode = options.find("retention");
    int days = options.number("retention-days", 0, 1, 36_500);
    if (mode.isPresent() != (days > 0)) {
      throw new ConfigurationException(
          "Options 'retention' and 'retention-days' for gs go together; give both or neither");
    }
    mode.ifPresent(given -> store.retention(given, days));
  }
}
