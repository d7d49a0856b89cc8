package dev.varve.examples.cli;

import dev.varve.Lock;
import dev.varve.SourceIdentity;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.examples.cli.show.Table;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code varve locks}. */
@Command(
    name = "locks",
    description = {
      "List who is at work.",
      "Locks only keep two backups of one source apart: no data depends on one, and those of work",
      "that died are removed by the next backup that meets them."
    })
final class LocksCommand implements Callable<Integer> {

  private final Varve varve;

  @Option(
      names = "--remove-stale",
      description = "First remove the locks of work that is over or counts as dead.")
  private boolean removeStale;

  LocksCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    try (Repository repository = varve.open()) {
      int removed = removeStale ? repository.removeStaleLocks() : 0;
      List<Lock> locks = repository.locks();
      if (varve.json()) {
        writeJson(locks, removed);
      } else {
        writeText(locks, removed);
      }
      return ExitCode.DONE;
    }
  }

  private void writeJson(List<Lock> locks, int removed) throws IOException {
    Json json = varve.newJson();
    json.value(
        () -> {
          json.array(
              "locks",
              () -> {
                for (Lock lock : locks) {
                  json.object(() -> write(json, lock));
                }
              });
          if (removeStale) {
            json.field("removed", removed);
          }
        });
  }

  private static void write(Json json, Lock lock) throws IOException {
    json.field("id", lock.id());
    json.field("work", lock.work());
    json.texts("sources", lock.sources().stream().map(SourceIdentity::toString).toList());
    json.field("host", lock.host());
    json.field("process", lock.process());
    json.field("software", lock.software());
    json.field("since", lock.since().toString());
    json.field("lastSign", lock.lastSign().toString());
    json.field("stale", lock.stale());
  }

  private void writeText(List<Lock> locks, int removed) {
    if (removeStale) {
      varve.summary("removed " + Legible.count(removed, "stale lock", "stale locks"));
    }
    if (locks.isEmpty()) {
      varve.summary("nobody is at work");
      return;
    }
    ZoneId zone = ZoneId.systemDefault();
    Table table = new Table("WORK", "SOURCES", "HOST", ">PROCESS", "SINCE", "LAST SIGN", "");
    for (Lock lock : locks) {
      table.add(
          lock.work(),
          lock.sources().stream().map(SourceIdentity::toString).collect(Collectors.joining(", ")),
          lock.host(),
          Long.toString(lock.process()),
          Legible.time(lock.since(), zone),
          Legible.time(lock.lastSign(), zone),
          lock.stale() ? "stale" : "");
    }
    table.lines().forEach(varve::answer);
  }
}
