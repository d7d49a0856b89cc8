package dev.varve.source.files;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.target.Target;
import dev.varve.target.TargetProvider;
import java.util.Optional;

/**
 * Makes a {@link FilesTarget} of a path. Options: {@code strip} (a number), {@code overwrite}
 * ({@code never}, {@code newer}, {@code changed}, {@code always}), {@code delete}, {@code verify}
 * and {@code owners} ({@code true} or {@code false}).
 */
public final class FilesTargetProvider implements TargetProvider {

  private static final int MOST_STEPS = 32 * 1024;

  /** For {@link java.util.ServiceLoader}. */
  public FilesTargetProvider() {}

  @Override
  public String scheme() {
    return FileLocation.SCHEME;
  }

  @Override
  public Target create(Location location, Options options) {
    FilesTarget target =
        FilesTarget.into(FileLocation.path(location))
            .strip(options.number("strip", 0, 0, MOST_STEPS))
            .overwrite(overwrite(options.find("overwrite").orElse("never")));
    target = options.flag("delete", false) ? target.delete() : target;
    target = options.flag("verify", false) ? target.verify() : target;
    Optional<String> owners = options.find("owners");
    target = owners.isPresent() ? target.owners(options.flag("owners", true)) : target;
    options.allRead();
    SystemCalls.prepare();
    return target;
  }

  private static Overwrite overwrite(String name) {
    return switch (name) {
      case "never" -> Overwrite.NEVER;
      case "newer" -> Overwrite.NEWER;
      case "changed" -> Overwrite.CHANGED;
      case "always" -> Overwrite.ALWAYS;
      default ->
          throw new ConfigurationException(
              "Option 'overwrite' must be never, newer, changed or always, not '" + name + "'");
    };
  }
}
