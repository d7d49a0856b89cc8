package dev.varve.internal.log;

import dev.varve.internal.format.Encoder;

/**
 * What one slot of the log says. Immutable values.
 *
 * <p>A record is valid if it was {@linkplain Validity valid in full} at its base and {@linkplain
 * Conflicts conflicts} with nothing between its base and its slot. Whoever reads applies every
 * record that authenticates; {@code check} looks at validity again.
 */
public sealed interface LogRecord
    permits Settings,
        Snapshots,
        Partial,
        Forget,
        Undelete,
        Attributes,
        Index,
        Retire,
        Condemn,
        Damage,
        VoidSlots,
        UnknownRecord {

  /** The most bytes a record may take, its header included; larger sets are split over several. */
  int MAX_BYTES = 64 << 10;

  /** What it does. */
  RecordKind kind();

  /** The slot whose state its contents were computed at. */
  long base();

  /** What it relies on and what it does away with. */
  Claims claims();

  /** Writes everything but the base, which stands in the header. */
  void write(Encoder out);

  /**
   * Whether only who folded the log from slot 0 may append it, because it does away with something.
   */
  default boolean needsVerifiedState() {
    return false;
  }
}
