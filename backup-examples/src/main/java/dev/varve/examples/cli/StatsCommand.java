package dev.varve.examples.cli;

import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryStatistics;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code varve stats}. */
@Command(name = "stats", description = "Say what the repository holds and how large it is.")
final class StatsCommand implements Callable<Integer> {

  private final Varve varve;

  StatsCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    try (Repository repository = varve.open()) {
      RepositoryStatistics statistics = repository.statistics();
      if (varve.json()) {
        writeJson(repository, statistics);
      } else {
        writeText(repository, statistics);
      }
      return ExitCode.DONE;
    }
  }

  private void writeJson(Repository repository, RepositoryStatistics statistics)
      throws IOException {
    Json json = varve.newJson();
    json.value(
        () -> {
          json.field("repository", repository.id());
          json.field("location", repository.location());
          json.field("snapshots", statistics.snapshots());
          json.field("contentBytes", statistics.contentBytes());
          json.field("chunks", statistics.chunks());
          json.field("packs", statistics.packs());
          json.field("packBytes", statistics.packBytes());
          json.field("indexRuns", statistics.indexRuns());
          json.field("indexBytes", statistics.indexBytes());
          json.field("logSlots", statistics.logSlots());
        });
  }

  private void writeText(Repository repository, RepositoryStatistics statistics) {
    varve.answer("repository  " + repository.id() + " at " + repository.location());
    varve.answer(
        "snapshots   "
            + Legible.count(statistics.snapshots())
            + ", "
            + Legible.bytes(statistics.contentBytes())
            + " if each were a full copy");
    varve.answer(
        "packs       "
            + Legible.count(statistics.packs())
            + ", "
            + Legible.bytes(statistics.packBytes()));
    varve.answer("chunks      " + Legible.count(statistics.chunks()));
    varve.answer(
        "index       "
            + Legible.count(statistics.indexRuns(), "run", "runs")
            + ", "
            + Legible.bytes(statistics.indexBytes()));
    varve.answer("log         " + Legible.count(statistics.logSlots(), "record", "records"));
  }
}
