package dev.varve.internal.log;

import java.util.List;

/**
 * What the log goes by when it appends, each rule a function of its own. Immutable. A test may
 * break one by overriding it, to see that the break is noticed.
 */
public class LogRules {

  /** The rules. */
  public static final LogRules REAL = new LogRules();

  LogRules() {}

  /** What of the records since a record's base stands against it. */
  List<Conflict> conflicts(List<LogEntry> sinceBase, LogRecord record) {
    return Conflicts.of(sinceBase, record);
  }

  /** The id of another try: the same, so that one's own record is known if it landed after all. */
  RecordId idOfRetry(RecordId first) {
    return first;
  }

  /** Whether who does away with something may rely on a checkpoint that somebody stored. */
  boolean believesCheckpoints() {
    return false;
  }
}
