package dev.varve.source.elasticsearch;

import dev.varve.Location;
import dev.varve.Options;
import dev.varve.source.Source;
import dev.varve.source.SourceProvider;
import java.util.List;

/**
 * Makes an {@link ElasticsearchSource} of {@code opensearch://HOST:PORT}. Options: {@code user},
 * {@code password-file}, {@code api-key-file}, {@code tls}, {@code tls-ca-file}, {@code include},
 * {@code exclude}, {@code system-indices}, {@code cluster-settings}, {@code refresh}, {@code
 * slices}, {@code readers} and {@code page-size}.
 */
public final class OpensearchSourceProvider implements SourceProvider {

  static final String SCHEME = "opensearch";

  /** For {@link java.util.ServiceLoader}. */
  public OpensearchSourceProvider() {}

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public Source create(List<Location> locations, Options options) {
    return Locations.source(SCHEME, locations, options);
  }
}
