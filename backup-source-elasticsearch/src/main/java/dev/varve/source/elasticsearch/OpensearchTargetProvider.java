package dev.varve.source.elasticsearch;

import dev.varve.Location;
import dev.varve.Options;
import dev.varve.target.Target;
import dev.varve.target.TargetProvider;

/**
 * Makes an {@link ElasticsearchTarget} of {@code opensearch://HOST:PORT}. Options: {@code user},
 * {@code password-file}, {@code api-key-file}, {@code tls}, {@code tls-ca-file}, {@code include},
 * {@code exclude}, {@code mode}, {@code part}, {@code rename-pattern}, {@code rename-replacement},
 * {@code bulk-bytes} and {@code bulk-requests}.
 */
public final class OpensearchTargetProvider implements TargetProvider {

  /** For {@link java.util.ServiceLoader}. */
  public OpensearchTargetProvider() {}

  @Override
  public String scheme() {
    return OpensearchSourceProvider.SCHEME;
  }

  @Override
  public Target create(Location location, Options options) {
    return Locations.target(location, options);
  }
}
