package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.util.List;

/**
 * Gives up slots that nobody can read; written by repair on request only. All records with an older
 * base are computed again, and all packs named so far are retired, not to be drawn on until
 * resumed.
 *
 * <p>The slots it names are skipped by everybody who folds, whether they can be read or not.
 *
 * <p>Written as list of slots.
 *
 * @param base the slot it was computed at
 * @param slots the slots given up
 */
public record VoidSlots(long base, List<VoidedSlot> slots) implements LogRecord {

  public VoidSlots {
    slots = List.copyOf(slots);
  }

  @Override
  public RecordKind kind() {
    return RecordKind.VOID;
  }

  @Override
  public Claims claims() {
    return Claims.at(base).meetsAll().build();
  }

  @Override
  public boolean needsVerifiedState() {
    return true;
  }

  @Override
  public void write(Encoder out) {
    Parts.list(out, slots, VoidedSlot::write);
  }

  static VoidSlots read(long base, Decoder in) throws FormatException {
    return new VoidSlots(base, Parts.list(in, VoidedSlot.LEAST_BYTES, VoidedSlot::read));
  }
}
