package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;

/**
 * A slot that was given up. Written as varint slot, hash (32 bytes).
 *
 * @param slot its number, 1 or more
 * @param hash the hash of its bytes as far as they are there, or what its successor gives
 */
public record VoidedSlot(long slot, SlotHash hash) {

  static final int LEAST_BYTES = 1 + SlotHash.BYTES;

  void write(Encoder out) {
    out.varint(slot);
    hash.write(out);
  }

  static VoidedSlot read(Decoder in) throws FormatException {
    return new VoidedSlot(in.varint(LogEntry.MAX_SLOT), SlotHash.read(in));
  }
}
