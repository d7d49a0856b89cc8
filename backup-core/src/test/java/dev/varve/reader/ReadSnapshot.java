package dev.varve.reader;

import java.util.Map;
import java.util.OptionalLong;

/** A live snapshot as the second reader found it. Immutable. */
public final class ReadSnapshot {

  private final LogState.Live live;

  ReadSnapshot(LogState.Live live) {
    this.live = live;
  }

  SnapshotRecord record() {
    return live.snapshot();
  }

  /** What it is of, {@code kind:name@host}. */
  public String identity() {
    return live.snapshot().identity();
  }

  /** Its tags by name. */
  public Map<String, String> tags() {
    return Map.copyOf(live.snapshot().tags());
  }

  /** How many problems there were. */
  public long problemCount() {
    return live.snapshot().problemCount();
  }

  /** When the store says it was committed, in milliseconds, if a later slot tells. */
  public OptionalLong millis() {
    return live.millis();
  }
}
