package dev.varve.source.files;

import dev.varve.Location;
import dev.varve.Options;
import dev.varve.PathFilter;
import dev.varve.source.Source;
import dev.varve.source.SourceProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes a {@link FilesSource} of paths; all paths are the roots of one source. Options: {@code
 * name}, {@code host}; each any number of times {@code include}, {@code iinclude}, {@code
 * include-file}, {@code exclude}, {@code iexclude}, {@code exclude-file}, {@code exclude-regex},
 * {@code exclude-if-present} ({@code NAME} or {@code NAME:HEADER}); {@code exclude-caches}, {@code
 * one-file-system}, {@code read-special} and {@code extended-attributes} ({@code true} or {@code
 * false}); {@code exclude-larger-than} and {@code exclude-smaller-than} (bytes, or with {@code K},
 * {@code M}, {@code G} or {@code T}).
 */
public final class FilesSourceProvider implements SourceProvider {

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
    source = source.filter(PathFilter.from(options));
    for (String marker : options.all("exclude-if-present")) {
      int colon = marker.indexOf(':');
      source =
          colon < 0
              ? source.skipMarked(marker)
              : source.skipMarked(marker.substring(0, colon), marker.substring(colon + 1));
    }
    source = options.flag("exclude-caches", false) ? source.skipCaches() : source;
    source = options.flag("one-file-system", false) ? source.oneFileSystem() : source;
    source = options.flag("read-special", false) ? source.readSpecial() : source;
    if (options.flag("extended-attributes", true)) {
      SystemCalls.prepare();
    } else {
      source = source.withoutExtendedAttributes();
    }
    Optional<String> largest = options.find("exclude-larger-than");
    Optional<String> smallest = options.find("exclude-smaller-than");
    source = largest.isPresent() ? source.largestFile(Sizes.parse(largest.get())) : source;
    source = smallest.isPresent() ? source.smallestFile(Sizes.parse(smallest.get())) : source;
    options.allRead();
    return source;
  }
}
