package dev.varve;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a source says of an entry so that an equal value next time means: unchanged. Opaque to the
 * engine. Immutable.
 */
public final class Revision {

  /** The longest revision in bytes. */
  public static final int MAX_BYTES = 64;

  private final byte[] bytes;

  private Revision(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * A revision of these bytes, which are copied.
   *
   * @throws IllegalArgumentException if there are none or more than {@value #MAX_BYTES}
   */
  public static Revision of(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "A revision has 1 to " + MAX_BYTES + " bytes, not " + bytes.length);
    }
    return new Revision(Arrays.copyOf(bytes, bytes.length));
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return Arrays.copyOf(bytes, bytes.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Revision revision && Arrays.equals(bytes, revision.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
