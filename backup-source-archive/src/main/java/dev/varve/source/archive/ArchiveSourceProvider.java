package dev.varve.source.archive;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.source.Source;
import dev.varve.source.SourceProvider;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes an {@link ArchiveSource} of {@code archive:FILE}. Options: {@code name}, {@code host},
 * {@code most-expansion} (a number).
 */
public final class ArchiveSourceProvider implements SourceProvider {

  static final String SCHEME = "archive";

  /** For {@link java.util.ServiceLoader}. */
  public ArchiveSourceProvider() {}

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public Source create(List<Location> locations, Options options) {
    ArchiveSource source = ArchiveSource.of(path(Location.only(locations)));
    Optional<String> name = options.find("name");
    Optional<String> host = options.find("host");
    int expansion = options.number("most-expansion", 0, 1, Integer.MAX_VALUE);
    options.allRead();
    source = name.isPresent() ? source.named(name.get()) : source;
    source = host.isPresent() ? source.host(host.get()) : source;
    return expansion > 0 ? source.mostExpansion(expansion) : source;
  }

  static Path path(Location location) {
    try {
      return Path.of(location.rest());
    } catch (InvalidPathException e) {
      throw new ConfigurationException(location + " is no path: " + e.getReason(), e);
    }
  }
}
