package dev.varve.examples.cli;

import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.Problem;
import dev.varve.Snapshot;
import dev.varve.Statistics;
import dev.varve.Tally;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.examples.cli.show.ProgressView;
import dev.varve.repository.Repository;
import dev.varve.source.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code varve backup}. */
@Command(
    name = "backup",
    description =
        "Save one or more sources; their snapshots become visible together or not at all.")
final class BackupCommand implements Callable<Integer> {

  private final Varve varve;

  @Mixin private SourceArguments sources = new SourceArguments();

  @Option(names = "--init", description = "Make the repository if there is none.")
  private boolean init;

  @Option(
      names = "--tag",
      paramLabel = "K=V",
      description = "Attach a tag to the snapshots; may be repeated.")
  private Map<String, String> tags = new LinkedHashMap<>();

  @Option(
      names = "--wait",
      description = "Wait while another backup of one of the sources goes on, instead of failing.")
  private boolean wait;

  @Option(names = "--dry-run", description = "Read and count everything, but store nothing.")
  private boolean dryRun;

  @Option(
      names = "--check-only",
      description = "Only say whether repository and sources can be reached and read.")
  private boolean checkOnly;

  BackupCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    List<Source> read = sources.sources(varve.surroundings());
    BackupOptions.Builder options = BackupOptions.builder();
    tags.forEach((name, value) -> tag(options, name, value));
    if (dryRun) {
      options.dryRun();
    }
    if (wait) {
      options.waiting();
    }
    boolean mayInit = init && !dryRun && !checkOnly;
    if (varve.count() > 1) {
      return new SeveralBackups(varve, mayInit).run(read, options, checkOnly);
    }
    try (Repository repository = mayInit ? varve.openOrCreate() : varve.open()) {
      if (checkOnly) {
        return check(repository, read);
      }
      BackupReport report;
      try (ProgressView progress = varve.newProgress()) {
        report = repository.backup(read, options.listener(progress).build());
      }
      write(varve, report);
      return report.problemCount() == 0 ? ExitCode.DONE : ExitCode.DONE_WITH_PROBLEMS;
    }
  }

  private int check(Repository repository, List<Source> wanted) throws IOException {
    List<Problem> problems = new ArrayList<>();
    for (Source source : wanted) {
      problems.addAll(repository.checkSource(source));
    }
    problems.forEach(problem -> varve.surroundings().err().println(problem));
    if (varve.json()) {
      Json json = varve.newJson();
      json.value(() -> json.field("problems", (long) problems.size()));
    } else {
      varve.summary(
          "repository "
              + repository.id()
              + " is open, "
              + Legible.count(wanted.size(), "source", "sources")
              + " can be read");
    }
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.DONE_WITH_PROBLEMS;
  }

  /** Writes what a backup or an import did. */
  static void write(Varve varve, BackupReport report) throws IOException {
    if (varve.json()) {
      writeJson(varve.newJson(), report);
    } else {
      writeText(varve, report);
    }
  }

  /** Adds a tag as it was typed. */
  static void tag(BackupOptions.Builder options, String name, String value) {
    try {
      options.tag(name, value);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--tag: " + e.getMessage());
    }
  }

  private static void writeJson(Json json, BackupReport report) throws IOException {
    json.value(
        () -> {
          json.field("event", "done");
          fields(json, report);
        });
  }

  /** Writes what came of a backup to one repository. */
  static void fields(Json json, BackupReport report) throws IOException {
    json.array(
        "snapshots",
        () -> {
          for (Snapshot snapshot : report.snapshots()) {
            json.object(() -> json.snapshot(snapshot));
          }
        });
    json.field("problems", report.problemCount());
    json.object("statistics", () -> json.statistics(report.statistics()));
  }

  /** Writes it for people. */
  static void writeText(Varve varve, BackupReport report) {
    Statistics statistics = report.statistics();
    for (Snapshot snapshot : report.snapshots()) {
      varve.summary("saved snapshot " + snapshot.id().brief() + " of " + snapshot.source());
    }
    if (report.snapshots().isEmpty()) {
      varve.summary("nothing was stored; this would be saved:");
    }
    varve.summary("  files        " + tally(statistics.files()));
    varve.summary("  directories  " + tally(statistics.directories()));
    if (statistics.others().total() > 0) {
      varve.summary("  others       " + tally(statistics.others()));
    }
    varve.summary(
        "  content      "
            + Legible.bytes(statistics.contentBytes())
            + ": "
            + Legible.bytes(statistics.readBytes())
            + " read, "
            + Legible.bytes(statistics.addedBytes())
            + " new, "
            + Legible.bytes(statistics.storedBytes())
            + " stored");
    varve.summary("  time         " + Legible.duration(statistics.duration()));
    if (report.problemCount() > 0) {
      varve.summary(
          "  problems     "
              + Legible.count(report.problemCount(), "entry", "entries")
              + " not saved as it should be, named above");
    }
  }

  private static String tally(Tally tally) {
    return Legible.count(tally.total())
        + ": "
        + Legible.count(tally.added())
        + " new, "
        + Legible.count(tally.changed())
        + " changed, "
        + Legible.count(tally.unchanged())
        + " unchanged";
  }
}
