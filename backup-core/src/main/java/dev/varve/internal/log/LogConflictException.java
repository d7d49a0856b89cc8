package dev.varve.internal.log;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** The log moved on so that a record is no longer valid; nothing was appended. */
public final class LogConflictException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient List<Conflict> conflicts;

  /** Names what stands against a record of this kind. */
  public LogConflictException(RecordKind kind, List<Conflict> conflicts) {
    super(
        "Others were faster: a record of kind "
            + kind
            + " cannot be appended, because "
            + conflicts.stream().limit(3).map(Conflict::toString).collect(Collectors.joining("; "))
            + (conflicts.size() > 3 ? "; and " + (conflicts.size() - 3) + " more" : "")
            + ". Run it again");
    this.conflicts = List.copyOf(conflicts);
  }

  /** What stands against it. */
  public List<Conflict> conflicts() {
    return conflicts;
  }
}
