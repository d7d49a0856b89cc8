package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;

/**
 * A pack that a record registers. Written as name (16 bytes), u8 kind, varint stored bytes.
 *
 * @param name the pack
 * @param kind what it holds
 * @param storedBytes its length in the store, at most 2^31-1
 */
public record NewPack(PackName name, PackKind kind, int storedBytes) {

  static final int LEAST_BYTES = PackName.BYTES + 2;

  void write(Encoder out) {
    name.write(out);
    out.u8(kind.code()).varint(storedBytes);
  }

  static NewPack read(Decoder in) throws FormatException {
    return new NewPack(PackName.read(in), PackKind.of(in.u8()), (int) in.varint(Integer.MAX_VALUE));
  }
}
