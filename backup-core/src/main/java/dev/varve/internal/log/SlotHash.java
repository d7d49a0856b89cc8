package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a slot's stored bytes, its predecessor's copy left out. Immutable.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record SlotHash(String hex) {

  static final int BYTES = 32;

  /** What stands for the predecessor of slot 0. */
  public static final SlotHash NONE = new SlotHash("0".repeat(2 * BYTES));

  public SlotHash {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("A slot's hash has 64 hexadecimal digits, not " + hex);
    }
  }

  /** The hash of these bytes. */
  public static SlotHash of(byte[] stored) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(stored);
      return new SlotHash(HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  void write(Encoder out) {
    out.raw(HexFormat.of().parseHex(hex));
  }

  static SlotHash read(Decoder in) throws FormatException {
    return new SlotHash(HexFormat.of().formatHex(in.raw(BYTES)));
  }

  @Override
  public String toString() {
    return hex;
  }

  // By hand, for keys of maps: what the JDK makes of records costs milliseconds at start.
  @Override
  public boolean equals(Object other) {
    return other instanceof SlotHash that && hex.equals(that.hex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }
}
