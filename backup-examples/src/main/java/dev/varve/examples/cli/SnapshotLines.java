package dev.varve.examples.cli;

import dev.varve.LostSnapshot;
import dev.varve.RewriteReport;
import dev.varve.Snapshot;
import dev.varve.Statistics;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.examples.cli.show.Table;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes snapshots as an answer. Stateless. */
final class SnapshotLines {

  private static final String ORIGINAL = "varve.original";
  private static final String ORIGINAL_TIME = "varve.original-time";
  private static final Set<String> TOLD =
      Set.of(ORIGINAL, ORIGINAL_TIME, RewriteReport.TAG, LostSnapshot.TAG);

  private SnapshotLines() {}

  /** Writes them as a table, or as one JSON value. */
  static void write(Varve varve, List<Snapshot> snapshots) throws IOException {
    if (varve.json()) {
      writeJson(varve, snapshots);
    } else {
      writeText(varve, snapshots);
    }
  }

  private static void writeJson(Varve varve, List<Snapshot> snapshots) throws IOException {
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

  private static void writeText(Varve varve, List<Snapshot> snapshots) {
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
          notes(snapshot));
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

  /** Those that people put; the others are told as notes. */
  private static String tags(Snapshot snapshot) {
    return new TreeMap<>(snapshot.tags())
        .entrySet().stream()
            .filter(tag -> !TOLD.contains(tag.getKey()))
            .map(tag -> tag.getKey() + "=" + tag.getValue())
            .collect(Collectors.joining(" "));
  }

  private static long contentBytes(List<Snapshot> snapshots) {
    return snapshots.stream().mapToLong(s -> s.statistics().contentBytes()).sum();
  }

  private static String notes(Snapshot snapshot) {
    return Stream.of(
            snapshot.pinned() ? "pinned" : "",
            snapshot.timeKnown() ? "" : "time claimed",
            copied(snapshot),
            tag(snapshot, RewriteReport.TAG).map(id -> "rewritten from " + brief(id)).orElse(""),
            tag(snapshot, LostSnapshot.TAG).map(list -> "found as " + brief(list)).orElse(""),
            snapshot.problems() == 0
                ? ""
                : Legible.count(snapshot.problems(), "problem", "problems"))
        .filter(note -> !note.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private static String copied(Snapshot snapshot) {
    return tag(snapshot, ORIGINAL)
        .map(
            id ->
                "copy of "
                    + brief(id)
                    + tag(snapshot, ORIGINAL_TIME).map(SnapshotLines::of).orElse(""))
        .orElse("");
  }

  private static String of(String time) {
    try {
      return " of " + Legible.time(Instant.parse(time), ZoneId.systemDefault());
    } catch (DateTimeParseException e) {
      return " of " + time;
    }
  }

  private static String brief(String id) {
    return id.substring(0, Math.min(8, id.length()));
  }

  private static Optional<String> tag(Snapshot snapshot, String name) {
    return Optional.ofNullable(snapshot.tags().get(name));
  }
}
