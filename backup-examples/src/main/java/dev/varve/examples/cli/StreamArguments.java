package dev.varve.examples.cli;

import dev.varve.ConfigurationException;
import dev.varve.source.Source;
import dev.varve.source.stream.Command;
import dev.varve.source.stream.CommandSource;
import dev.varve.source.stream.StreamSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Streams to read: standard input is one source, all commands are another. Used by one thread. */
final class StreamArguments {

  @Option(
      names = "--stdin-name",
      paramLabel = "NAME",
      description =
          "Read standard input as an entry of this name. Its end may be that of a writer that failed: --command notices, this cannot.")
  private Optional<String> stdinName = Optional.empty();

  @ArgGroup(exclusive = false, multiplicity = "0..*")
  private List<NamedCommand> commands = new ArrayList<>();

  /** A command and what its entry is called. */
  static final class NamedCommand {

    @Option(
        names = "--command",
        required = true,
        paramLabel = "LINE",
        description =
            "Read what this line for the shell writes; if it fails, nothing is saved. May be"
                + " repeated.")
    private String line = "";

    @Option(
        names = "--command-name",
        paramLabel = "NAME",
        description =
            "What the entry of the --command beside it is called, instead of its program.")
    private String name = "";
  }

  /** The sources that are meant. */
  List<Source> sources(Surroundings surroundings, Optional<String> name, Optional<String> host) {
    List<Source> sources = new ArrayList<>();
    try {
      if (stdinName.isPresent()) {
        StreamSource stdin = StreamSource.of(stdinName.get(), surroundings::in);
        stdin = name.isPresent() ? stdin.named(name.get()) : stdin;
        sources.add(host.isPresent() ? stdin.host(host.get()) : stdin);
      }
      if (!commands.isEmpty()) {
        CommandSource all = commandSource();
        all = name.isPresent() ? all.named(name.get()) : all;
        sources.add(host.isPresent() ? all.host(host.get()) : all);
      }
    } catch (ConfigurationException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    return sources;
  }

  private CommandSource commandSource() {
    Optional<CommandSource> all = Optional.empty();
    for (NamedCommand one : commands) {
      Command command = Command.shell(one.line);
      String entry = one.name.isEmpty() ? command.program() : one.name;
      all =
          Optional.of(
              all.isPresent() ? all.get().and(entry, command) : CommandSource.of(entry, command));
    }
    return all.orElseThrow();
  }
}
