package dev.varve.internal.log;

import dev.varve.internal.format.NewerFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Gives up all slots that nobody can read, at whatever the head is. Used by one thread, once. */
final class GivingUp implements Draft {

  private final Log log;

  GivingUp(Log log) {
    this.log = log;
  }

  @Override
  public LogRecord compute(LogState state) throws IOException {
    List<VoidedSlot> slots = new ArrayList<>();
    for (LostSlot slot : log.lost()) {
      if (slot.newer() > 0) {
        throw new NewerFormatException(slot.key(), slot.newer());
      }
      slots.add(new VoidedSlot(slot.slot(), slot.hash()));
    }
    return new VoidSlots(state.slot(), slots);
  }

  @Override
  public LogRecord again(LogRecord record, List<Conflict> conflicts, LogState state)
      throws IOException {
    if (log.lost().isEmpty() && log.rollback().isEmpty()) {
      throw new LogConflictException(record.kind(), conflicts);
    }
    return compute(state);
  }
}
