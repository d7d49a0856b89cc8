package dev.varve.examples.cli;

import dev.varve.Difference;
import dev.varve.Snapshot;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.repository.Repository;
import dev.varve.repository.Snapshots;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code varve diff}. */
@Command(
    name = "diff",
    description = {
      "List what differs from one snapshot to another.",
      "  + added, - removed, M content changed, T kind changed, U only what is said about it changed"
    })
final class DiffCommand implements Callable<Integer> {

  /** How an entry differs. */
  private enum Change {
    ADDED("+"),
    REMOVED("-"),
    CONTENT("M"),
    KIND("T"),
    METADATA("U");

    private final String mark;

    Change(String mark) {
      this.mark = mark;
    }

    static Change of(Difference difference) {
      if (difference.before().isEmpty()) {
        return ADDED;
      }
      if (difference.after().isEmpty()) {
        return REMOVED;
      }
      if (difference.before().get().kind() != difference.after().get().kind()) {
        return KIND;
      }
      return difference.contentChanged() ? CONTENT : METADATA;
    }
  }

  private final Varve varve;

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  @Parameters(index = "0", paramLabel = "A", description = "The snapshot before.")
  private String before = "";

  @Parameters(index = "1", paramLabel = "B", description = "The snapshot after.")
  private String after = "";

  DiffCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    try (Repository repository = varve.open()) {
      Snapshots all = repository.snapshots();
      Snapshot one = choice.one(all, before);
      Snapshot other = choice.one(all, after);
      try (Stream<Difference> differences = repository.diff(one, other)) {
        if (varve.json()) {
          writeJson(differences);
        } else {
          writeText(differences);
        }
      }
      return ExitCode.DONE;
    }
  }

  private void writeJson(Stream<Difference> differences) throws IOException {
    Json json = varve.newJson();
    json.values(
        () -> {
          for (Iterator<Difference> i = differences.iterator(); i.hasNext(); ) {
            Difference difference = i.next();
            json.object(() -> write(json, difference));
          }
        });
  }

  private static void write(Json json, Difference difference) throws IOException {
    json.field("path", difference.path().toString());
    json.field("change", Change.of(difference).name().toLowerCase(Locale.ROOT));
    if (difference.before().isPresent()) {
      json.object("before", () -> json.entry(difference.before().get()));
    }
    if (difference.after().isPresent()) {
      json.object("after", () -> json.entry(difference.after().get()));
    }
  }

  private void writeText(Stream<Difference> differences) {
    Map<Change, Long> counts = new EnumMap<>(Change.class);
    for (Iterator<Difference> i = differences.iterator(); i.hasNext(); ) {
      Difference difference = i.next();
      Change change = Change.of(difference);
      counts.merge(change, 1L, Long::sum);
      varve.answer(change.mark + " " + difference.path());
    }
    varve.note(
        Legible.count(counts.getOrDefault(Change.ADDED, 0L))
            + " added, "
            + Legible.count(counts.getOrDefault(Change.REMOVED, 0L))
            + " removed, "
            + Legible.count(
                counts.getOrDefault(Change.CONTENT, 0L) + counts.getOrDefault(Change.KIND, 0L))
            + " changed, "
            + Legible.count(counts.getOrDefault(Change.METADATA, 0L))
            + " with other metadata only");
  }
}
