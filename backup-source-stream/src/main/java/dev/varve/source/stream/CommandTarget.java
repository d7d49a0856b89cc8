package dev.varve.source.stream;

import dev.varve.Entry;
import dev.varve.source.EntryCursor;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Gives contents to a command: it is started once for each entry that has content, ascending by
 * path, one after the other, and reads the content from its standard input. Immutable: each setting
 * gives another target.
 *
 * <p>The command sees in its environment {@code VARVE_PATH} (the entry's path as printed), {@code
 * VARVE_SIZE} (in bytes), {@code VARVE_MODIFIED} (ISO 8601, if known), {@code VARVE_SNAPSHOT} and
 * {@code VARVE_SOURCE}. Whoever wrote the snapshot chose the path: quote it.
 *
 * <p>The restore fails with the first command that ends with an exit code other than 0, is killed,
 * or ends before everything was read, even with 0. Every byte it gets was verified. Where a content
 * cannot be read to its end, the command is ended, with all it started, before it could take that
 * for the end of its input. Its standard output goes nowhere unless that is set.
 */
public final class CommandTarget implements Target {

  private final Command command;
  private final boolean keepsGoing;
  private final Optional<OutputStream> output;

  private CommandTarget(Command command, boolean keepsGoing, Optional<OutputStream> output) {
    this.command = command;
    this.keepsGoing = keepsGoing;
    this.output = output;
  }

  /** A target that gives contents to {@code command}. */
  public static CommandTarget of(Command command) {
    return new CommandTarget(command, false, Optional.empty());
  }

  /** This target going on after a failure, which is reported as a problem of its entry. */
  public CommandTarget keepGoing() {
    return new CommandTarget(command, true, output);
  }

  /** This target writing what the commands write to {@code output}, which it does not close. */
  public CommandTarget output(OutputStream output) {
    return new CommandTarget(command, keepsGoing, Optional.of(output));
  }

  @Override
  public void restore(SnapshotContents contents, TargetContext context) throws IOException {
    command.check();
    Feeding feeding = new Feeding(command, output, contents, context);
    try (EntryCursor entries = contents.entries()) {
      for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
        if (context.cancelled()) {
          throw new IOException("The restore was cancelled");
        }
        restore(next.get(), feeding, context);
      }
    }
  }

  @Override
  public String toString() {
    return "command:" + command;
  }

  private void restore(Entry entry, Feeding feeding, TargetContext context) throws IOException {
    if (!entry.kind().hasContent()) {
      context.count("entries without content passed over", 1);
      return;
    }
    try {
      if (!context.dryRun()) {
        feeding.feed(entry);
      }
      context.restored(entry);
    } catch (IOException failure) {
      if (!keepsGoing || context.cancelled()) {
        throw failure;
      }
      context.warn(entry.path(), "not restored: " + failure.getMessage());
    }
  }
}
