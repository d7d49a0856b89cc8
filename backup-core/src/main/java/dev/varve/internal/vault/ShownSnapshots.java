package dev.varve.internal.vault;

import dev.varve.Snapshot;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.SnapshotRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Snapshots as they are shown to users. Stateless. */
public final class ShownSnapshots {

  private ShownSnapshots() {}

  /** The snapshots that are live in a state, ascending by slot. */
  public static List<Snapshot> of(LogState state) {
    return state.snapshots().stream().map(snapshot -> of(state, snapshot)).toList();
  }

  /** A snapshot of a state. */
  public static Snapshot of(LogState state, LiveSnapshot live) {
    SnapshotRecord record = live.record();
    Optional<Instant> time = state.timeOf(live);
    return new Snapshot(
        record.id(),
        record.source(),
        time.orElse(record.claimedTime()),
        time.isPresent(),
        record.claimedTime(),
        record.tags(),
        live.isPinned(),
        record.statistics(),
        record.problemCount(),
        record.software());
  }
}
