package dev.varve.source.stream;

import dev.varve.Location;
import dev.varve.Options;
import dev.varve.target.Target;
import dev.varve.target.TargetProvider;

/**
 * Makes a {@link CommandTarget} of {@code command:LINE}, a line for the shell. Options: {@code
 * directory} to run in, {@code environment} ({@code NAME=VALUE}, any number of times), {@code
 * keep-going} ({@code true} or {@code false}).
 */
public final class CommandTargetProvider implements TargetProvider {

  /** For {@link java.util.ServiceLoader}. */
  public CommandTargetProvider() {}

  @Override
  public String scheme() {
    return CommandSourceProvider.SCHEME;
  }

  @Override
  public Target create(Location location, Options options) {
    CommandTarget target = CommandTarget.of(CommandSourceProvider.command(location, options));
    boolean keepGoing = options.flag("keep-going", false);
    options.allRead();
    return keepGoing ? target.keepGoing() : target;
  }
}
