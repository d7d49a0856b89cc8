package dev.varve.internal.chunkstore;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackKind;

/**
 * The plain beginning of a pack: item header (6 bytes), epoch (u16), way of sealing (u8), length of
 * the writer's signature (u16, 0 in version 1) and the signature, length of the sealed block key
 * (u16) and the sealed block key.
 *
 * @param kind what the pack holds
 * @param epoch the epoch of the key that seals the block key, 0 in version 1
 * @param sealing how the block key is sealed: {@value #AEAD}
 * @param sealedBlockKey the block key, sealed for this pack
 */
record PackHeader(PackKind kind, int epoch, int sealing, byte[] sealedBlockKey) {

  /** The block key is sealed by XAES-256-GCM. */
  static final int AEAD = 1;

  private static final int MAX_SIGNATURE_BYTES = 8192;
  private static final int MAX_KEY_BYTES = 8192;

  /** More bytes than any header has that this software writes. */
  static final int ROOM_BYTES = 256;

  byte[] encode() {
    Encoder out = new Encoder(ROOM_BYTES);
    kind.item().writeHeader(out);
    out.u16(epoch).u8(sealing).u16(0).u16(sealedBlockKey.length).raw(sealedBlockKey);
    return out.toBytes();
  }

  static PackHeader decode(PackKind kind, byte[] bytes) throws FormatException {
    Decoder in = new Decoder(bytes);
    kind.item().readHeader(in);
    int epoch = in.u16();
    int sealing = in.u8();
    if (sealing != AEAD) {
      throw new FormatException("Its block key is sealed in way " + sealing + ", which is unknown");
    }
    in.skip(bounded(in.u16(), MAX_SIGNATURE_BYTES));
    return new PackHeader(kind, epoch, sealing, in.raw(bounded(in.u16(), MAX_KEY_BYTES)));
  }

  private static int bounded(int length, int most) throws FormatException {
    if (length > most) {
      throw new FormatException("A header field of " + length + " bytes is over " + most);
    }
    return length;
  }
}
