package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The name of a commit: drawn once and kept over all tries, so that one's own landing is seen.
 *
 * @param high the first eight bytes, big endian
 * @param low the last eight bytes, big endian
 */
public record RecordId(long high, long low) {

  static final int BYTES = 16;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new name. */
  public static RecordId random() {
    return new RecordId(RANDOM.nextLong(), RANDOM.nextLong());
  }

  void write(Encoder out) {
    out.u64(high).u64(low);
  }

  static RecordId read(Decoder in) throws FormatException {
    return new RecordId(in.u64(), in.u64());
  }

  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }

  // By hand, for keys of maps: what the JDK makes of records costs milliseconds at start.
  @Override
  public boolean equals(Object other) {
    return other instanceof RecordId that && high == that.high && low == that.low;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(high) + Long.hashCode(low);
  }
}
