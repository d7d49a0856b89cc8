package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;

/**
 * A pack and the slot that retired it. Written as name (16 bytes), varint slot.
 *
 * @param name the pack
 * @param retiredAt the slot since which it is retired
 */
public record RetiredPack(PackName name, long retiredAt) {

  static final int LEAST_BYTES = PackName.BYTES + 1;

  void write(Encoder out) {
    name.write(out);
    out.varint(retiredAt);
  }

  static RetiredPack read(Decoder in) throws FormatException {
    return new RetiredPack(PackName.read(in), in.varint(LogEntry.MAX_SLOT));
  }
}
