package dev.varve.source.stream;

import dev.varve.ConfigurationException;
import dev.varve.Entry;
import dev.varve.SourceIdentity;
import dev.varve.source.Content;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceLostException;
import dev.varve.source.SourceRun;
import java.io.IOException;

/**
 * What commands write to their standard output, each an entry, with no disk between. Immutable:
 * each setting gives another source.
 *
 * <p>A command that cannot be started, that ends with an exit code other than 0 or is killed fails
 * the backup, which then commits nothing, whatever had arrived; the failure tells the end of what
 * it wrote to its standard error. Its standard input is empty. Cancelling the backup ends it with
 * all it started and waits for that.
 *
 * <p>The snapshots are those of {@code command:<names of the entries>@<this machine>} unless that
 * is set.
 */
public final class CommandSource implements Source {

  private final StreamEntries<Command> entries;
  private final int parallel;

  private CommandSource(StreamEntries<Command> entries, int parallel) {
    this.entries = entries;
    this.parallel = parallel;
  }

  /**
   * A source of one command, whose output is the content of {@code entry}, e.g. {@code orders.sql}.
   *
   * @throws ConfigurationException if that cannot be an entry's name
   */
  public static CommandSource of(String entry, Command command) {
    return new CommandSource(StreamEntries.of("command", entry, command), 1);
  }

  /**
   * This source and another command.
   *
   * @throws ConfigurationException if the entry's name cannot be one or is taken
   */
  public CommandSource and(String entry, Command command) {
    return new CommandSource(entries.and(entry, command), parallel);
  }

  /** This source, its snapshots being those of {@code name}. */
  public CommandSource named(String name) {
    return new CommandSource(entries.named(name), parallel);
  }

  /**
   * This source, its snapshots being those of {@code host} instead of the environment variable
   * {@code VARVE_HOST} or else this machine's name.
   */
  public CommandSource host(String host) {
    return new CommandSource(entries.host(host), parallel);
  }

  /**
   * This source running up to {@code commands} at once; by default one after the other, ascending
   * by the names of the entries.
   */
  public CommandSource parallel(int commands) {
    if (commands < 1) {
      throw new ConfigurationException("At least 1 command runs at once, not " + commands);
    }
    return new CommandSource(entries, commands);
  }

  @Override
  public SourceIdentity identity() {
    return entries.identity();
  }

  @Override
  public SourceRun begin(SourceContext context) {
    return new StreamRun(entries.parts().keySet(), parallel, this::open);
  }

  /** Says whether the programs and the directories they run in are there; runs nothing. */
  @Override
  public void check(SourceContext context) throws IOException {
    for (Command command : entries.parts().values()) {
      command.check();
    }
  }

  @Override
  public String toString() {
    return "commands for " + entries.described();
  }

  private Content open(Entry entry) throws IOException {
    try {
      return new CommandContent(entry, RunningCommand.output(entries.part(entry.path())));
    } catch (IOException failure) {
      throw new SourceLostException(entry.path() + ": " + failure.getMessage(), failure);
    }
  }
}
