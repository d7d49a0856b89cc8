package dev.varve.internal.format;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The name of a repository: 128 random bits, drawn when it is made and never changed.
 *
 * @param high the first eight bytes, big endian
 * @param low the last eight bytes, big endian
 */
public record RepositoryId(long high, long low) {

  /** How many bytes an id has. */
  public static final int BYTES = 16;

  private static final int DIGITS = 2 * BYTES;

  /** A new id. */
  public static RepositoryId random() {
    SecureRandom random = new SecureRandom();
    return new RepositoryId(random.nextLong(), random.nextLong());
  }

  /** Reads an id as {@link #hex()} prints it. */
  public static RepositoryId ofHex(String hex) throws FormatException {
    if (hex.length() == DIGITS) {
      try {
        RepositoryId id =
            new RepositoryId(
                HexFormat.fromHexDigitsToLong(hex, 0, BYTES),
                HexFormat.fromHexDigitsToLong(hex, BYTES, DIGITS));
        if (id.hex().equals(hex)) {
          return id;
        }
      } catch (IllegalArgumentException e) {
        throw new FormatException("Not a repository id of 32 hexadecimal digits: " + hex, e);
      }
    }
    throw new FormatException("Not a repository id of 32 hexadecimal digits: " + hex);
  }

  /** Reads an id of {@value #BYTES} bytes. */
  public static RepositoryId read(Decoder in) throws FormatException {
    return new RepositoryId(in.u64(), in.u64());
  }

  /** Writes the id's {@value #BYTES} bytes. */
  public void write(Encoder out) {
    out.u64(high).u64(low);
  }

  /** The id as 32 lower-case hexadecimal digits. */
  public String hex() {
    return Names.hex(high, low);
  }

  @Override
  public String toString() {
    return hex();
  }

  // By hand, for keys of maps: what the JDK makes of records costs milliseconds at start.
  @Override
  public boolean equals(Object other) {
    return other instanceof RepositoryId that && high == that.high && low == that.low;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(high) + Long.hashCode(low);
  }
}
