package dev.varve.source.archive;

import dev.varve.Location;
import dev.varve.Options;
import dev.varve.target.Target;
import dev.varve.target.TargetProvider;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes an {@link ArchiveTarget} of {@code archive:FILE}. Options: {@code format} ({@code tar},
 * {@code tar.gz}, {@code tar.zst} or {@code zip}; otherwise the file's name says it) and {@code
 * overwrite} ({@code true} or {@code false}).
 */
public final class ArchiveTargetProvider implements TargetProvider {

  /** For {@link java.util.ServiceLoader}. */
  public ArchiveTargetProvider() {}

  @Override
  public String scheme() {
    return ArchiveSourceProvider.SCHEME;
  }

  @Override
  public Target create(Location location, Options options) {
    Path file = ArchiveSourceProvider.path(location);
    Optional<String> format = options.find("format");
    boolean overwrite = options.flag("overwrite", false);
    options.allRead();
    ArchiveTarget target =
        format.isPresent()
            ? ArchiveTarget.to(file, ArchiveTarget.Format.named(format.get()))
            : ArchiveTarget.to(file);
    return overwrite ? target.overwriting() : target;
  }
}
