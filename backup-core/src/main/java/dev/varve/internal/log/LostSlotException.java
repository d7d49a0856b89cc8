package dev.varve.internal.log;

import java.io.IOException;
import java.util.Map;

/** Slots of the log are missing or unreadable, and nobody has given them up. */
public final class LostSlotException extends IOException {

  private static final long serialVersionUID = 1;

  /** Names the first of the slots and says what is wrong with it. */
  LostSlotException(String what, Map<Long, String> lost) {
    super(describe(what, lost));
  }

  private static String describe(String what, Map<Long, String> lost) {
    Map.Entry<Long, String> first = lost.entrySet().iterator().next();
    return String.format(
        "%s: %s%s (%s). Restore it from a copy of the store, or run repair",
        what,
        SlotItem.key(first.getKey()),
        lost.size() > 1 ? " and " + (lost.size() - 1) + " more" : "",
        first.getValue());
  }
}
