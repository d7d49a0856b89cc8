package dev.varve.examples.cli;

import dev.varve.Snapshot;
import dev.varve.Statistics;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.examples.cli.show.Table;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code varve snapshots}. */
@Command(name = "snapshots", description = "List the snapshots, oldest first.")
final class SnapshotsCommand implements Callable<Integer> {

  private final Varve varve;

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  SnapshotsCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    try (Repository repository = varve.open()) {
      List<Snapshot> snapshots = choice.narrow(repository.snapshots()).list();
      if (varve.json()) {
        writeJson(snapshots);
      } else {
        writeText(snapshots);
      }
      return ExitCode.DONE;
    }
  }

  private void writeJson(List<Snapshot> snapshots) throws IOException {
    Json json = varve.newJson();
    json.value(
        () -> {
          json.array(
              "snapshots",
              () -> {
                for (Snapshot snapshot : snapshots) {
                  json.object(() -> json.snapshot(snapshot));
                }
              });
          json.field("count", snapshots.size());
          json.field("contentBytes", contentBytes(snapshots));
        });
  }

  private void writeText(List<Snapshot> snapshots) {
    Table table = new Table("ID", "TIME", "SOURCE", ">FILES", ">SIZE", ">ADDED", "TAGS", "NOTES");
    for (Snapshot snapshot : snapshots) {
      Statistics statistics = snapshot.statistics();
      table.add(
          snapshot.id().brief(),
          Legible.time(snapshot.time(), ZoneId.systemDefault()),
          snapshot.source().toString(),
          Legible.count(statistics.files().total()),
          Legible.bytes(statistics.contentBytes()),
          Legible.bytes(statistics.storedBytes()),
          tags(snapshot),
          snapshot.problems() == 0
              ? ""
              : Legible.count(snapshot.problems(), "problem", "problems"));
    }
    if (!snapshots.isEmpty()) {
      table.lines().forEach(varve::answer);
    }
    varve.summary(
        Legible.count(snapshots.size(), "snapshot", "snapshots")
            + ", "
            + Legible.bytes(contentBytes(snapshots))
            + " if each were a full copy");
  }

  private static String tags(Snapshot snapshot) {
    return new TreeMap<>(snapshot.tags())
        .entrySet().stream()
            .map(tag -> tag.getKey() + "=" + tag.getValue())
            .collect(Collectors.joining(" "));
  }

  private static long contentBytes(List<Snapshot> snapshots) {
    return snapshots.stream().mapToLong(s -> s.statistics().contentBytes()).sum();
  }
}
