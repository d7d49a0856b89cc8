package dev.varve.internal.index;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import java.util.Arrays;

/**
 * What a run says of a pack, as bytes: name and details one after the other, as {@link RunLayout}
 * gives them. Stateless.
 */
final class PackRow {

  static final int NAME_BYTES = PackName.BYTES;

  private static final int SHA256_BYTES = 32;

  private PackRow() {}

  /** The width the details of this pack need. */
  static int detailsBytes(PackEntry entry) {
    int key = entry.sealedBlockKey().length;
    if (key > RunLayout.MAX_KEY_BYTES || entry.sha256().length != SHA256_BYTES) {
      throw new IllegalArgumentException(
          "A sealed block key of " + key + " bytes or a wrong hash for " + entry.name());
    }
    return RunLayout.DETAILS_FIXED_BYTES + key;
  }

  /** Name and details, these {@code detailsBytes} wide. */
  static byte[] write(PackEntry entry, int detailsBytes) {
    Encoder out = new Encoder(NAME_BYTES + detailsBytes);
    entry.name().write(out);
    out.u8(entry.kind().code()).u64(entry.storedBytes()).raw(entry.sha256());
    out.u32(entry.epoch()).u8(entry.sealing());
    out.u16(entry.sealedBlockKey().length).raw(entry.sealedBlockKey());
    return Arrays.copyOf(out.toBytes(), NAME_BYTES + detailsBytes);
  }

  /** The name alone. */
  static byte[] key(PackName name) {
    Encoder out = new Encoder(NAME_BYTES);
    name.write(out);
    return out.toBytes();
  }

  /** The name that begins at {@code at}. */
  static PackName name(byte[] page, int at) throws FormatException {
    return PackName.read(new Decoder(page, at, NAME_BYTES));
  }

  /** What the details say of the pack that goes by this name. */
  static PackEntry entry(PackName name, byte[] page, int at, int detailsBytes)
      throws FormatException {
    Decoder in = new Decoder(page, at, detailsBytes);
    PackKind kind = PackKind.of(in.u8());
    long storedBytes = in.u64();
    byte[] sha256 = in.raw(SHA256_BYTES);
    long epoch = in.u32();
    int sealing = in.u8();
    byte[] key = in.raw(in.u16());
    if (storedBytes < 0 || epoch > Integer.MAX_VALUE) {
      throw new FormatException(
          name + " is said to have " + Long.toUnsignedString(storedBytes) + " bytes");
    }
    return new PackEntry(name, kind, storedBytes, sha256, (int) epoch, sealing, key);
  }
}
