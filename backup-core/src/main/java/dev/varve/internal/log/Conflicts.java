package dev.varve.internal.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which records may not follow which: pure functions. */
public final class Conflicts {

  private Conflicts() {}

  /**
   * What of the records between a record's base and its slot stands against it.
   *
   * @param sinceBase all entries after {@code record.base()}, ascending
   * @param record what is to follow them
   * @return empty if it is still valid
   */
  public static List<Conflict> of(List<LogEntry> sinceBase, LogRecord record) {
    List<Conflict> conflicts = new ArrayList<>();
    for (LogEntry earlier : sinceBase) {
      if (earlier.slot() > record.base()) {
        between(earlier, record).ifPresent(conflicts::add);
      }
    }
    return conflicts;
  }

  /** Whether {@code later}, computed before {@code earlier} was there, may follow it. */
  static Optional<Conflict> between(LogEntry earlier, LogRecord later) {
    if (later instanceof Damage) {
      return Optional.empty();
    }
    Claims ours = later.claims();
    Claims theirs = earlier.record().claims();
    Overlap lost = theirs.kills(ours);
    Overlap held = ours.kills(theirs);
    return lost.isEmpty() && held.isEmpty()
        ? Optional.empty()
        : Optional.of(new Conflict(earlier.slot(), earlier.record().kind(), lost, held));
  }
}
