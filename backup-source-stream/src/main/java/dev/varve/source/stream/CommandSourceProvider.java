package dev.varve.source.stream;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.source.Source;
import dev.varve.source.SourceProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes a {@link CommandSource} of {@code command:LINE}, a line for the shell. Options: {@code
 * entry} (the entry's name, by default the program's), {@code directory} to run in, {@code
 * environment} ({@code NAME=VALUE}, any number of times), {@code name}, {@code host}.
 */
public final class CommandSourceProvider implements SourceProvider {

  static final String SCHEME = "command";

  /** For {@link java.util.ServiceLoader}. */
  public CommandSourceProvider() {}

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public Source create(List<Location> locations, Options options) {
    Command command = command(Location.only(locations), options);
    String entry = options.find("entry").orElse(command.program());
    Optional<String> name = options.find("name");
    Optional<String> host = options.find("host");
    options.allRead();
    CommandSource source = CommandSource.of(entry, command);
    source = name.isPresent() ? source.named(name.get()) : source;
    return host.isPresent() ? source.host(host.get()) : source;
  }

  /** The command that a location and the options {@code directory, environment} describe. */
  static Command command(Location location, Options options) {
    Command command = Command.shell(location.rest());
    Optional<String> directory = options.find("directory");
    command = directory.isPresent() ? command.directory(Path.of(directory.get())) : command;
    for (String variable : options.all("environment")) {
      int equals = variable.indexOf('=');
      if (equals < 1) {
        throw new ConfigurationException("Option 'environment' must be NAME=VALUE");
      }
      command = command.environment(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return command;
  }
}
