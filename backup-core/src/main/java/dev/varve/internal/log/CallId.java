package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The name of a running backup call, drawn when it begins; ties its {@link Partial}s to its {@link
 * Snapshots}.
 *
 * @param high the first eight bytes, big endian
 * @param low the last eight bytes, big endian
 */
public record CallId(long high, long low) {

  static final int BYTES = 16;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new name. */
  public static CallId random() {
    return new CallId(RANDOM.nextLong(), RANDOM.nextLong());
  }

  /** The name as 32 hexadecimal digits. */
  public String hex() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }

  void write(Encoder out) {
    out.u64(high).u64(low);
  }

  static CallId read(Decoder in) throws FormatException {
    return new CallId(in.u64(), in.u64());
  }

  // By hand, for keys of maps: what the JDK makes of records costs milliseconds at start.
  @Override
  public boolean equals(Object other) {
    return other instanceof CallId that && high == that.high && low == that.low;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(high) + Long.hashCode(low);
  }
}
