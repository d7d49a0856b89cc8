package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.Statistics;
import dev.varve.internal.chunker.ChunkerSizes;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.format.RunName;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** Small values for tests, told apart by numbers. */
final class Samples {

  static final RepositoryId REPOSITORY = new RepositoryId(7, 11);
  static final Settings SETTINGS = new Settings(REPOSITORY, ChunkerSizes.DEFAULT, 3, List.of());
  static final CallId CALL = new CallId(1, 1);
  static final SourceIdentity SOURCE = new SourceIdentity("files", "uploads", "web-1");

  private Samples() {}

  static PackName pack(long number) {
    return new PackName(0, number);
  }

  static NewPack newPack(long number) {
    return new NewPack(pack(number), PackKind.DATA, 1000);
  }

  static RunName run(long number) {
    return new RunName(0, number);
  }

  static NewRun newRun(long number) {
    return new NewRun(run(number), 500);
  }

  static SnapshotId id(long number) {
    return new SnapshotId(String.format("%032x", number));
  }

  static SnapshotRecord snapshot(long number) {
    return new SnapshotRecord(
        id(number),
        SOURCE,
        Instant.ofEpochMilli(5),
        new TreeMap<>(),
        Statistics.NONE,
        0,
        "varve test",
        CatalogRoot.EMPTY,
        ChunkList.EMPTY);
  }

  /** Commits one snapshot and registers a pack and a run of the same number. */
  static Snapshots snapshots(long base, long number) {
    return new Snapshots(
        base,
        CALL,
        List.of(snapshot(number)),
        List.of(),
        List.of(newPack(number)),
        List.of(newRun(number)));
  }

  static Partial partial(long base, long number) {
    return new Partial(
        base, CALL, List.of(SOURCE), List.of(newPack(number)), List.of(newRun(number)));
  }

  static Forget forget(long base, long dropped) {
    return new Forget(base, List.of(id(dropped)), List.of());
  }

  static Retire retire(long base, long number) {
    return new Retire(base, List.of(pack(number)), List.of());
  }

  static Retire resume(long base, long number) {
    return new Retire(base, List.of(), List.of(pack(number)));
  }

  static Condemn condemn(long base, long number, long retiredAt) {
    return new Condemn(
        base, List.of(new RetiredPack(pack(number), retiredAt)), List.of(), List.of());
  }

  static Damage damaged(long base, long number, Integer... blocks) {
    return new Damage(base, List.of(new PackBlocks(pack(number), List.of(blocks))), List.of());
  }

  static Damage intact(long base, long number, Integer... blocks) {
    return new Damage(base, List.of(), List.of(new PackBlocks(pack(number), List.of(blocks))));
  }

  /** An entry for pure folds: stored when the slot before was stored at {@code beforeMillis}. */
  static LogEntry entry(long slot, LogRecord record, long beforeMillis) {
    RecordHeader header =
        new RecordHeader(
            new RecordId(slot, 1),
            SlotHash.NONE,
            Instant.ofEpochMilli(beforeMillis),
            Instant.EPOCH,
            "test",
            List.of());
    return new LogEntry(slot, SlotHash.NONE, 100, header, record);
  }

  /** The state after these records, a second apart. */
  static LogState state(LogRecord... records) {
    LogState state = LogState.EMPTY.fold(entry(0, SETTINGS, 0));
    for (LogRecord record : records) {
      state = state.fold(entry(state.slot() + 1, record, 1000 * (state.slot() + 1)));
    }
    return state;
  }
}
