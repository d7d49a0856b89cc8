package dev.varve.examples.cli;

import dev.varve.PruneOptions;
import dev.varve.PrunePlan;
import dev.varve.PruneReport;
import dev.varve.examples.cli.show.ProgressView;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code varve prune}. */
@Command(
    name = "prune",
    description = {
      "Give back the space that no snapshot needs, in steps.",
      "What nobody needs is retired, a day later its deletion is decided, an hour later it is",
      "deleted. Each call takes every step that is due then, and says what is due next. Backups",
      "and restores may run meanwhile."
    })
final class PruneCommand implements Callable<Integer> {

  private final Varve varve;

  @Option(names = "--dry-run", description = "Only say what would be done.")
  private boolean dryRun;

  @Option(
      names = "--now",
      description = {
        "Do not wait between the steps. Loses nothing that is kept; costs undelete, running",
        "restores of forgotten snapshots, and repeated work in running backups."
      })
  private boolean now;

  @Option(
      names = "--max-repack-size",
      paramLabel = "SIZE",
      description = "Copy no more than this, e.g. 20GiB; the next call goes on. 0 copies nothing.")
  private Optional<String> mostRepack = Optional.empty();

  @Option(
      names = "--repack-below",
      paramLabel = "PERCENT",
      description = "Copy out of packs of which less than this is used; 80 if not given.")
  private Optional<Integer> repackBelow = Optional.empty();

  PruneCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    PruneOptions.Builder options = PruneOptions.builder();
    if (now) {
      options.now();
    }
    mostRepack.ifPresent(
        typed -> options.mostRepackBytes(SizeArgument.bytes("--max-repack-size", typed)));
    repackBelow.ifPresent(percent -> options.repackBelow(part(percent)));
    try (Repository repository = varve.open()) {
      return dryRun ? plan(repository, options) : prune(varve, repository, options);
    }
  }

  private static double part(int percent) {
    if (percent < 0 || percent > 100) {
      throw new UsageException("--repack-below: give 0 to 100, not " + percent);
    }
    return percent / 100.0;
  }

  private int plan(Repository repository, PruneOptions.Builder options) throws IOException {
    PrunePlan plan;
    try (ProgressView progress = varve.newProgress()) {
      plan = repository.planPrune(options.listener(progress).build());
    }
    if (varve.json()) {
      PruneLines.write(varve.newJson(), plan);
    } else {
      PruneLines.of(plan).forEach(varve::answer);
    }
    return plan.unreadable().isEmpty() ? ExitCode.DONE : ExitCode.DONE_WITH_PROBLEMS;
  }

  /** Prunes and says what was done. */
  static int prune(Varve varve, Repository repository, PruneOptions.Builder options)
      throws IOException {
    PruneReport report;
    try (ProgressView progress = varve.newProgress()) {
      report = repository.prune(options.listener(progress).build());
    }
    if (varve.json()) {
      PruneLines.write(varve.newJson(), report);
    } else {
      PruneLines.of(report).forEach(varve::summary);
    }
    return report.unreadable().isEmpty() ? ExitCode.DONE : ExitCode.DONE_WITH_PROBLEMS;
  }
}
