package dev.varve.store.s3;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.store.Store;
import dev.varve.store.StoreProvider;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Opens {@code s3://BUCKET/PREFIX}. Options: {@code region}, {@code endpoint}, {@code
 * path-style-access}, {@code storage-class}, {@code server-side-encryption}, {@code kms-key},
 * {@code profile}, {@code credentials-file}, {@code role-arn}, {@code request-checksums}, {@code
 * tls-ca-file}, {@code max-connections}, {@code list-version}, {@code exclusive}, {@code
 * object-lock} and {@code object-lock-days}.
 */
public final class S3StoreProvider implements StoreProvider {

  /** For {@link java.util.ServiceLoader}. */
  public S3StoreProvider() {}

  @Override
  public String scheme() {
    return "s3";
  }

  @Override
  public Store open(Location location, Options options) {
    S3StoreBuilder store = S3Store.builder().place(Place.of(location));
    options.find("region").ifPresent(store::region);
    Optional<String> endpoint = options.find("endpoint");
    endpoint.ifPresent(store::endpoint);
    store.pathStyleAccess(options.flag("path-style-access", endpoint.isPresent()));
    options.find("storage-class").ifPresent(store::storageClass);
    options.find("server-side-encryption").ifPresent(store::serverSideEncryption);
    options.find("kms-key").ifPresent(store::kmsKey);
    options.find("profile").ifPresent(store::profile);
    options.find("credentials-file").map(Path::of).ifPresent(store::credentialsFile);
    options.find("role-arn").ifPresent(store::role);
    options.find("request-checksums").ifPresent(store::requestChecksums);
    options.find("tls-ca-file").map(Path::of).ifPresent(store::tlsAuthorities);
    store.maxConnections(options.number("max-connections", 64, 1, 1000));
    if (options.number("list-version", 2, 1, 2) == 1) {
      store.listVersion1();
    }
    if (options.flag("exclusive", false)) {
      store.exclusive();
    }
    lock(options, store);
    options.allRead();
    return store.build();
  }

  private static void lock(Options options, S3StoreBuilder store) {
    Optional<String> mode = options.find("object-lock");
    int days = options.number("object-lock-days", 0, 1, 36_500);
    if (mode.isPresent() != (days > 0)) {
      throw new ConfigurationException(
          "Options 'object-lock' and 'object-lock-days' for s3 go together; give both or neither");
    }
    mode.ifPresent(given -> store.objectLock(given, days));
  }
}
