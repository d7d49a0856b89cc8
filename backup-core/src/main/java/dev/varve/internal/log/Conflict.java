package dev.varve.internal.log;

/**
 * Why a record may not follow another one. Immutable.
 *
 * @param slot the slot of the other record
 * @param with what the other record is
 * @param lost what this record relies on and the other does away with
 * @param held what this record does away with and the other relies on
 */
public record Conflict(long slot, RecordKind with, Overlap lost, Overlap held) {

  /** Whether leaving out what this record does away with would do. */
  public boolean onlyHeld() {
    return lost.isEmpty() && !held.all();
  }

  /** Says what stands in the way. */
  @Override
  public String toString() {
    String prefix = with + " in slot " + slot;
    if (lost.isEmpty()) {
      return prefix + " relies on " + held;
    }
    return prefix + " does away with " + lost + (held.isEmpty() ? "" : " and relies on " + held);
  }
}
