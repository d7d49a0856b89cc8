package dev.varve.source.files;

import dev.varve.Location;
import dev.varve.Options;
import dev.varve.source.Source;
import dev.varve.source.SourceProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes a {@link FilesSource} of paths; all paths are the roots of one source. Options: {@code
 * name}, {@code host}, {@code include}, {@code exclude} and {@code exclude-from} (each any number
 * of times), {@code skip-marked} (a file's name, any number of times), {@code one-file-system},
 * {@code extended-attributes} ({@code true} or {@code false}), {@code largest-file-mib}.
 */
public final class FilesSourceProvider implements SourceProvider {

  private static final long MIB_BYTES = 1L << 20;

  /** For {@link java.util.ServiceLoader}. */
  public FilesSourceProvider() {}

  @Override
  public String scheme() {
    return FileLocation.SCHEME;
  }

  @Override
  public Source create(List<Location> locations, Options options) {
    Path[] roots = locations.stream().map(FileLocation::path).toArray(Path[]::new);
    FilesSource source = FilesSource.of(roots);
    Optional<String> name = options.find("name");
    Optional<String> host = options.find("host");
    source = name.isPresent() ? source.named(name.get()) : source;
    source = host.isPresent() ? source.host(host.get()) : source;
    for (String pattern : options.all("include")) {
      source = source.include(pattern);
    }
    for (String file : options.all("exclude-from")) {
      source = source.excludeFrom(FileLocation.path(file));
    }
    for (String pattern : options.all("exclude")) {
      source = source.exclude(pattern);
    }
    for (String marker : options.all("skip-marked")) {
      source = source.skipMarked(marker);
    }
    source = options.flag("one-file-system", false) ? source.oneFileSystem() : source;
    source =
        options.flag("extended-attributes", true) ? source : source.withoutExtendedAttributes();
    int mebibytes = options.number("largest-file-mib", 0, 0, Integer.MAX_VALUE);
    source = mebibytes == 0 ? source : source.largestFile(mebibytes * MIB_BYTES);
    options.allRead();
    return source;
  }
}
