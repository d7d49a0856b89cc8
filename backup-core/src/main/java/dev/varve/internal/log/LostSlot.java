package dev.varve.internal.log;

/**
 * A slot that nobody can read, and that nobody has given up.
 *
 * @param slot its number
 * @param why what is wrong with it
 * @param hash what its successor says of it; {@link SlotHash#NONE} if that cannot be read either
 * @param newer its format version if it was written by a newer software, else 0
 */
public record LostSlot(long slot, String why, SlotHash hash, int newer) {

  /** Where it should rest. */
  public String key() {
    return SlotItem.key(slot);
  }
}
