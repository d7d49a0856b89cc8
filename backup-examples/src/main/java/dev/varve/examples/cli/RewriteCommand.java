package dev.varve.examples.cli;

import dev.varve.ConfigurationException;
import dev.varve.PathFilter;
import dev.varve.RewriteReport;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code varve rewrite}. */
@Command(
    name = "rewrite",
    description = {
      "Make a snapshot again without some of its paths, and without what is lost of it.",
      "The old one stays unless --forget; a prune then takes the space."
    })
final class RewriteCommand implements Callable<Integer> {

  private final Varve varve;

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  @Parameters(
      paramLabel = "SNAPSHOT",
      arity = "1..*",
      description = "An id, the beginning of one, or 'latest'.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "What to take out; may be repeated.")
  private List<String> excludes = new ArrayList<>();

  @Option(
      names = "--exclude-file",
      paramLabel = "FILE",
      description = "A file with a pattern in each line; may be repeated.")
  private List<Path> excludeFiles = new ArrayList<>();

  @Option(names = "--forget", description = "Forget the old snapshots that were replaced.")
  private boolean forget;

  RewriteCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    PathFilter filter = filter();
    try (Repository repository = varve.open()) {
      List<Snapshot> chosen = new ArrayList<>();
      for (String name : names) {
        chosen.add(choice.one(repository.snapshots(), name));
      }
      List<SnapshotId> replaced = new ArrayList<>();
      boolean whole = true;
      for (Snapshot snapshot : chosen) {
        RewriteReport report = repository.rewrite(snapshot, filter);
        write(report);
        whole &= report.omittedCount() == 0;
        if (report.changed()) {
          replaced.add(snapshot.id());
        }
      }
      if (forget && !replaced.isEmpty()) {
        int forgotten = repository.forget(replaced).size();
        varve.summary(Legible.count(forgotten, "snapshot", "snapshots") + " forgotten");
      }
      return whole ? ExitCode.DONE : ExitCode.DONE_WITH_PROBLEMS;
    }
  }

  private PathFilter filter() {
    PathFilter.Builder filter = PathFilter.builder();
    try {
      excludeFiles.forEach(filter::excludeFrom);
      excludes.forEach(filter::exclude);
    } catch (ConfigurationException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    return filter.build();
  }

  private void write(RewriteReport report) throws IOException {
    if (varve.json()) {
      Json json = varve.newJson();
      json.value(() -> json.rewritten(report));
      return;
    }
    RepairCommand.writeText(varve, report);
    varve.summary(
        Legible.count(report.excluded(), "entry", "entries")
            + " taken out, "
            + Legible.count(report.omittedCount())
            + " lost");
  }
}
