package dev.varve.internal.log;

import java.io.IOException;
import java.util.List;

/**
 * What somebody wants to append. Called by the thread that appends, which holds no lock meanwhile:
 * it may take its time and read and store what it needs.
 */
@FunctionalInterface
public interface Draft {

  /**
   * The record, {@linkplain Validity valid in full} at its base, which is at most {@code
   * state.slot()}. Called once, before the first try.
   *
   * @throws LogConflictException if what was wanted cannot be had any more
   */
  LogRecord compute(LogState state) throws IOException;

  /**
   * What to append instead of a record that others have overtaken, valid in full at {@code state}:
   * its base is {@code state.slot()}, or the old one if what conflicted was left out. Called after
   * every refusal that brought a conflict. Gives up unless overridden.
   *
   * <p>After a {@link VoidSlots} ({@link Overlap#all}) nothing stored before may be registered: the
   * lost record may have condemned it.
   */
  default LogRecord again(LogRecord record, List<Conflict> conflicts, LogState state)
      throws IOException {
    throw new LogConflictException(record.kind(), conflicts);
  }

  /** A record computed before; a conflict ends it. */
  static Draft of(LogRecord record) {
    return state -> record;
  }

  /** A record computed at whatever the head is, anew after every conflict. */
  static Draft computed(Computation computation) {
    return new Draft() {
      @Override
      public LogRecord compute(LogState state) throws IOException {
        return computation.at(state);
      }

      @Override
      public LogRecord again(LogRecord record, List<Conflict> conflicts, LogState state)
          throws IOException {
        return computation.at(state);
      }
    };
  }

  /** Computes a record whose base is {@code state.slot()}. */
  @FunctionalInterface
  interface Computation {
    LogRecord at(LogState state) throws IOException;
  }
}
