package dev.varve.examples.plugin;

import dev.varve.Location;
import dev.varve.Options;
import dev.varve.source.Source;
import dev.varve.source.SourceProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes a {@link ZipSource} of {@code zip:FILE}. */
public final class ZipSourceProvider implements SourceProvider {

  /** For {@link java.util.ServiceLoader}. */
  public ZipSourceProvider() {}

  @Override
  public String scheme() {
    return "zip";
  }

  @Override
  public Source create(List<Location> locations, Options options) {
    ZipSource source = ZipSource.of(Path.of(Location.only(locations).rest()));
    Optional<String> name = options.find("name");
    Optional<String> host = options.find("host");
    options.allRead();
    source = name.isPresent() ? source.named(name.get()) : source;
    return host.isPresent() ? source.host(host.get()) : source;
  }
}
