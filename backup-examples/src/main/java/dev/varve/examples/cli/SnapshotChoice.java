package dev.varve.examples.cli;

import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.examples.cli.show.Legible;
import dev.varve.repository.Snapshots;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which snapshots a command is about. Used by one thread. */
final class SnapshotChoice {

  private static final int NEAREST_SHOWN = 3;

  @Option(
      names = "--source",
      paramLabel = "KIND:NAME@HOST",
      description = "Only snapshots of this source.")
  private Optional<String> source = Optional.empty();

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = {
        "Only snapshots at or before this time: 2026-11-19 (all of that day),",
        "2026-11-19T03:00 (local time) or 2026-11-19T03:00:00Z."
      })
  private Optional<String> at = Optional.empty();

  @Option(
      names = "--tag",
      paramLabel = "K=V",
      description = "Only snapshots with this tag; may be repeated.")
  private Map<String, String> tags = new LinkedHashMap<>();

  /** What remains of {@code all}. */
  Snapshots narrow(Snapshots all) {
    Snapshots some = all;
    if (source.isPresent()) {
      some = some.of(identity(all, source.get()));
    }
    if (at.isPresent()) {
      Instant time = PointInTime.parse(at.get(), ZoneId.systemDefault());
      some = some.at(time);
    }
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      some = some.tagged(tag.getKey(), tag.getValue());
    }
    return some;
  }

  /** The snapshot called {@code name}: an id, the beginning of one, or {@code latest}. */
  Snapshot one(Snapshots all, String name) {
    Snapshots some = narrow(all);
    if (!name.equals("latest")) {
      return some.find(name).orElseThrow(() -> unknown(some, name));
    }
    if (some.sources().size() > 1) {
      throw new FailureException(
          "'latest' is not clear: there are snapshots of several sources; add --source with one"
              + " of "
              + listed(some));
    }
    return some.latest()
        .orElseThrow(
            () ->
                new FailureException(
                    all.isEmpty()
                        ? "The repository has no snapshots yet; 'varve backup' makes one"
                        : "No snapshot is left by --source, --at and --tag; 'varve snapshots'"
                            + " lists them all"));
  }

  /** The ids of the snapshots called so, as by {@link #one}. */
  List<SnapshotId> all(Snapshots among, List<String> names) {
    return names.stream().map(name -> one(among, name).id()).toList();
  }

  private static SourceIdentity identity(Snapshots all, String printed) {
    SourceIdentity identity;
    try {
      identity = SourceIdentity.parse(printed);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--source: " + e.getMessage() + "; there are " + listed(all));
    }
    if (!all.sources().contains(identity)) {
      throw new FailureException(
          "There are no snapshots of " + identity + "; there are some of " + listed(all));
    }
    return identity;
  }

  private static String listed(Snapshots snapshots) {
    return snapshots.isEmpty()
        ? "none"
        : snapshots.sources().stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static FailureException unknown(Snapshots some, String name) {
    List<String> nearest =
        some.stream()
            .sorted(Comparator.comparingInt((Snapshot s) -> -sharedStart(s.id().hex(), name)))
            .limit(NEAREST_SHOWN)
            .map(SnapshotChoice::brief)
            .toList();
    return new FailureException(
        "There is no snapshot "
            + name
            + (nearest.isEmpty() ? "" : "; nearest are " + String.join(", ", nearest))
            + "; 'varve snapshots' lists them all");
  }

  private static String brief(Snapshot snapshot) {
    return snapshot.id().brief()
        + " ("
        + snapshot.source()
        + ", "
        + Legible.time(snapshot.time(), ZoneId.systemDefault())
        + ")";
  }

  private static int sharedStart(String one, String other) {
    int length = 0;
    while (length < Math.min(one.length(), other.length())
        && one.charAt(length) == other.charAt(length)) {
      length++;
    }
    return length;
  }
}
