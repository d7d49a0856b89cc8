package dev.varve.internal.format;

import java.security.SecureRandom;

/**
 * The name of a run: 128 random bits, never used twice.
 *
 * @param high the first eight bytes, big endian
 * @param low the last eight bytes, big endian
 */
public record RunName(long high, long low) implements Comparable<RunName> {

  /** How many bytes a name has. */
  public static final int BYTES = 16;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new name. */
  public static RunName random() {
    return new RunName(RANDOM.nextLong(), RANDOM.nextLong());
  }

  /** Reads a name of {@value #BYTES} bytes. */
  public static RunName read(Decoder in) throws FormatException {
    return new RunName(in.u64(), in.u64());
  }

  /** Writes the name's {@value #BYTES} bytes. */
  public void write(Encoder out) {
    out.u64(high).u64(low);
  }

  /** The name as 32 hexadecimal digits. */
  public String hex() {
    return Names.hex(high, low);
  }

  /** Where such a run rests in the store. */
  public String key() {
    return "index/" + hex();
  }

  /** The run whose {@link #key()} this is. */
  public static RunName ofKey(String key) throws FormatException {
    long[] words = Names.words(key);
    RunName name = new RunName(words[0], words[1]);
    if (!name.key().equals(key)) {
      throw new FormatException("No run is called " + key);
    }
    return name;
  }

  @Override
  public int compareTo(RunName other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  @Override
  public String toString() {
    return key();
  }

  // By hand, for keys of maps: what the JDK makes of records costs milliseconds at start.
  @Override
  public boolean equals(Object other) {
    return other instanceof RunName that && high == that.high && low == that.low;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(high) + Long.hashCode(low);
  }
}
