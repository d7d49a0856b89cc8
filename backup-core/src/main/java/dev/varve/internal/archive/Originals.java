package dev.varve.internal.archive;

import dev.varve.SnapshotId;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.SnapshotRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which snapshots of two repositories are the same: a copy says by tags which snapshot it is of,
 * and when that was made. Used by one thread.
 */
final class Originals {

  /** The tag that names the first snapshot of which this is a copy. */
  static final String ID_TAG = "varve.original";

  /** The tag that says when that was committed, where it is known. */
  static final String TIME_TAG = "varve.original-time";

  private final Map<String, LiveSnapshot> there = new HashMap<>();

  /** What there is in the repository that is copied to. */
  Originals(LogState to) {
    to.snapshots().forEach(this::add);
  }

  private void add(LiveSnapshot snapshot) {
    SnapshotRecord record = snapshot.record();
    there.put(record.id().hex(), snapshot);
    there.put(original(record), snapshot);
  }

  /** The copy of a snapshot, if there is one. */
  Optional<LiveSnapshot> copyOf(SnapshotRecord snapshot) {
    return Optional.ofNullable(there.get(original(snapshot)))
        .filter(copy -> copy.record().source().equals(snapshot.source()));
  }

  /**
   * The snapshot of the same source, among those of {@code from}, that was copied and is nearest in
   * time: most of its contents need not be read again.
   */
  Optional<LiveSnapshot> nearestCopied(LogState from, LiveSnapshot snapshot) {
    List<LiveSnapshot> copied =
        from.snapshots().stream()
            .filter(other -> other.record().source().equals(snapshot.record().source()))
            .filter(other -> copyOf(other.record()).isPresent())
            .toList();
    Optional<LiveSnapshot> before =
        copied.stream()
            .filter(other -> other.slot() < snapshot.slot())
            .max(Comparator.comparingLong(LiveSnapshot::slot));
    return before.isPresent()
        ? before
        : copied.stream().min(Comparator.comparingLong(LiveSnapshot::slot));
  }

  /** The tags of a copy. */
  static SortedMap<String, String> tags(SnapshotRecord snapshot, Optional<Instant> time) {
    SortedMap<String, String> tags = new TreeMap<>(snapshot.tags());
    if (!tags.containsKey(ID_TAG)) {
      tags.put(ID_TAG, snapshot.id().hex());
      time.ifPresent(known -> tags.put(TIME_TAG, known.toString()));
    }
    return tags;
  }

  private static String original(SnapshotRecord snapshot) {
    String tag = snapshot.tags().getOrDefault(ID_TAG, "");
    return isId(tag) ? tag : snapshot.id().hex();
  }

  private static boolean isId(String text) {
    try {
      return new SnapshotId(text).hex().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
