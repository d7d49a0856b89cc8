package dev.varve.source.jdbc;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.target.Target;
import dev.varve.target.TargetProvider;

/**
 * Makes a {@link JdbcTarget} of a JDBC URL. Options: {@code user}; {@code password-file} or {@code
 * password-env}; {@code mode} ({@code refuse}, {@code swap}, {@code merge} or {@code rows}); {@code
 * table} (a pattern, any number of times); {@code schema} ({@code OLD=NEW}, any number of times);
 * {@code schema-only}; {@code no-owners}; {@code roles}; {@code connections}.
 */
public final class JdbcTargetProvider implements TargetProvider {

  /** For {@link java.util.ServiceLoader}. */
  public JdbcTargetProvider() {}

  @Override
  public String scheme() {
    return JdbcSourceProvider.SCHEME;
  }

  @Override
  public Target create(Location location, Options options) {
    JdbcTarget target =
        JdbcTarget.into(Access.by(location.toString(), options))
            .mode(JdbcTarget.Mode.named(options.find("mode").orElse("refuse")))
            .tables(options.all("table").toArray(String[]::new))
            .connections(
                options.number(
                    "connections",
                    JdbcSource.USUAL_CONNECTIONS,
                    1,
                    JdbcSourceProvider.MOST_CONNECTIONS));
    for (String renaming : options.all("schema")) {
      int equals = renaming.indexOf('=');
      if (equals < 0) {
        throw new ConfigurationException(
            "Option 'schema' is given as OLD=NEW, not '" + renaming + "'");
      }
      target = target.schema(renaming.substring(0, equals), renaming.substring(equals + 1));
    }
    target = options.flag("schema-only", false) ? target.schemaOnly() : target;
    target = options.flag("no-owners", false) ? target.withoutOwners() : target;
    target = options.flag("roles", false) ? target.roles() : target;
    options.allRead();
    return target;
  }
}
