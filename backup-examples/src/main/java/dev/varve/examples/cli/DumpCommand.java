package dev.varve.examples.cli;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.repository.Repository;
import dev.varve.source.jdbc.JdbcScript;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code varve dump}. */
@Command(
    name = "dump",
    description = {
      "Write the content of one entry, or a database as a script, to standard output.",
      "It fails rather than write a byte that was not verified; what came before is right."
    })
final class DumpCommand implements Callable<Integer> {

  private final Varve varve;

  @Mixin private NamedSnapshot named = new NamedSnapshot();

  @Parameters(
      index = "1..*",
      paramLabel = "PATH",
      description = "The entry; with --as any number of them, or none for everything.")
  private List<String> paths = new ArrayList<>();

  @Mixin private ScriptArguments script = new ScriptArguments();

  DumpCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    if (varve.json()) {
      throw new UsageException("dump writes the content itself; leave --json out");
    }
    if (script.isScript()) {
      return writeScript();
    }
    if (paths.size() != 1) {
      throw new UsageException("dump writes the content of one entry; name one, or use --as sql");
    }
    EntryPath wanted = PathArgument.parse(paths.get(0));
    try (Repository repository = varve.open()) {
      Snapshot snapshot = named.in(repository.snapshots());
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

  private int writeScript() throws IOException {
    RestoreOptions.Builder what = RestoreOptions.builder();
    paths.stream().map(PathArgument::parse).forEach(what::path);
    JdbcScript written = script.script(varve.surroundings().out());
    try (Repository repository = varve.open()) {
      Snapshot snapshot = named.in(repository.snapshots());
      RestoreReport report = repository.restore(snapshot, written, what.build());
      report.problems().forEach(problem -> varve.surroundings().err().println("varve: " + problem));
      return report.complete() ? ExitCode.DONE : ExitCode.DONE_WITH_PROBLEMS;
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
