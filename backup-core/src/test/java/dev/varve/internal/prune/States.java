package dev.varve.internal.prune;

import dev.varve.internal.chunker.ChunkerSizes;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.log.LogEntry;
import dev.varve.internal.log.LogRecord;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.NewPack;
import dev.varve.internal.log.RecordHeader;
import dev.varve.internal.log.RecordId;
import dev.varve.internal.log.Settings;
import dev.varve.internal.log.SlotHash;
import java.time.Instant;
import java.util.List;

/** States of a log, folded from records one minute apart. */
final class States {

  static final Instant BEGIN = Instant.parse("2026-11-20T12:00:00Z");

  private States() {}

  static PackName pack(long number) {
    return new PackName(number, -number);
  }

  static NewPack registered(PackName name) {
    return new NewPack(name, PackKind.DATA, 1000);
  }

  /** The state after these records; the first of them is in slot 1. */
  static LogState of(LogRecord... records) {
    Settings settings = new Settings(new RepositoryId(1, 2), ChunkerSizes.DEFAULT, 3, List.of());
    LogState state = LogState.EMPTY.fold(entry(0, settings));
    for (LogRecord record : records) {
      state = state.fold(entry(state.slot() + 1, record));
    }
    return state;
  }

  static LogEntry entry(long slot, LogRecord record) {
    RecordHeader header =
        new RecordHeader(
            new RecordId(slot, 1),
            SlotHash.NONE,
            BEGIN.plusSeconds(60 * (slot - 1)),
            Instant.EPOCH,
            "test",
            List.of());
    return new LogEntry(slot, SlotHash.NONE, 100, header, record);
  }
}
