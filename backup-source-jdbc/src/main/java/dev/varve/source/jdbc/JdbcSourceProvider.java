package dev.varve.source.jdbc;

import dev.varve.Location;
import dev.varve.Options;
import dev.varve.source.Source;
import dev.varve.source.SourceProvider;
import java.util.List;
import java.util.Optional;

/**
 * Makes a {@link JdbcSource} of a JDBC URL. Options: {@code user}; {@code password-file} (its first
 * line) or {@code password-env} (the name of an environment variable); {@code include} and {@code
 * exclude} (patterns of tables, any number of times); {@code connections}; {@code roles}; {@code
 * portable}; {@code name}, {@code host}.
 */
public final class JdbcSourceProvider implements SourceProvider {

  static final String SCHEME = "jdbc";
  static final int MOST_CONNECTIONS = 64;

  /** For {@link java.util.ServiceLoader}. */
  public JdbcSourceProvider() {}

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public Source create(List<Location> locations, Options options) {
    JdbcSource source =
        JdbcSource.of(Access.by(Location.only(locations).toString(), options))
            .connections(
                options.number("connections", JdbcSource.USUAL_CONNECTIONS, 1, MOST_CONNECTIONS));
    for (String pattern : options.all("include")) {
      source = source.include(pattern);
    }
    for (String pattern : options.all("exclude")) {
      source = source.exclude(pattern);
    }
    source = options.flag("roles", false) ? source.roles() : source;
    source = options.flag("portable", false) ? source.portable() : source;
    Optional<String> name = options.find("name");
    Optional<String> host = options.find("host");
    options.allRead();
    source = name.isPresent() ? source.named(name.get()) : source;
    return host.isPresent() ? source.host(host.get()) : source;
  }
}
