package dev.varve.examples.cli;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Snapshot;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code varve dump}. */
@Command(
    name = "dump",
    description = {
      "Write the content of one entry to standard output.",
      "It fails rather than write a byte that was not verified; what came before is right."
    })
final class DumpCommand implements Callable<Integer> {

  private final Varve varve;

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  @Parameters(
      index = "0",
      paramLabel = "SNAPSHOT",
      description = "An id, the beginning of one, or 'latest'.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "PATH", description = "The entry.")
  private String path = "";

  DumpCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    if (varve.json()) {
      throw new UsageException("dump writes the content itself; leave --json out");
    }
    EntryPath wanted = PathArgument.parse(path);
    try (Repository repository = varve.open()) {
      Snapshot snapshot = choice.one(repository.snapshots(), name);
      Entry entry =
          repository
              .find(snapshot, wanted)
              .or(() -> repository.find(snapshot, wanted.asDirectory()))
              .orElseThrow(() -> missing(snapshot, wanted));
      if (!entry.kind().hasContent()) {
        throw new FailureException(
            entry.path()
                + " is a "
                + entry.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + " and has no content; 'varve restore' takes it");
      }
      try (InputStream content = repository.content(snapshot, entry.path())) {
        content.transferTo(varve.surroundings().out());
      }
      return ExitCode.DONE;
    }
  }

  private static FailureException missing(Snapshot snapshot, EntryPath path) {
    return new FailureException(
        "Snapshot "
            + snapshot.id().brief()
            + " has no entry "
            + path
            + "; 'varve ls' and 'varve find' show what there is");
  }
}
