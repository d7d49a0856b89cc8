package dev.varve;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The name of a snapshot: 128 random bits.
 *
 * @param hex 32 lower-case hexadecimal digits
 */
public record SnapshotId(String hex) implements Comparable<SnapshotId> {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Fails if these are not 32 lower-case hexadecimal digits. */
  public SnapshotId {
    if (!hex.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException("A snapshot's id is 32 hexadecimal digits, not " + hex);
    }
  }

  /** A new name. */
  public static SnapshotId random() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return new SnapshotId(HexFormat.of().formatHex(bytes));
  }

  /** The first eight digits, enough for people to tell snapshots apart. */
  public String brief() {
    return hex.substring(0, 8);
  }

  @Override
  public int compareTo(SnapshotId other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }

  // By hand, for keys of maps: what the JDK makes of records costs milliseconds at start.
  @Override
  public boolean equals(Object other) {
    return other instanceof SnapshotId that && hex.equals(that.hex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }
}
