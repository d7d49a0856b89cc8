package dev.varve.internal.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The name of a chunk: a keyed hash of its plaintext, 32 bytes, ordered unsigned. Immutable. */
public final class ChunkId implements Comparable<ChunkId> {

  /** How many bytes an id has. */
  public static final int BYTES = 32;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long first;
  private final long second;
  private final long third;
  private final long fourth;

  private ChunkId(long first, long second, long third, long fourth) {
    this.first = first;
    this.second = second;
    this.third = third;
    this.fourth = fourth;
  }

  /** The id in {@code bytes} from {@code offset} on. */
  public static ChunkId at(byte[] bytes, int offset) {
    return new ChunkId(
        (long) LONG.get(bytes, offset),
        (long) LONG.get(bytes, offset + 8),
        (long) LONG.get(bytes, offset + 16),
        (long) LONG.get(bytes, offset + 24));
  }

  /** Writes the id into {@code bytes} from {@code offset} on. */
  public void write(byte[] bytes, int offset) {
    LONG.set(bytes, offset, first);
    LONG.set(bytes, offset + 8, second);
    LONG.set(bytes, offset + 16, third);
    LONG.set(bytes, offset + 24, fourth);
  }

  /** The first eight bytes, big endian: evenly spread over all longs. */
  public long prefix() {
    return first;
  }

  /** The second eight bytes, big endian: evenly spread and independent of {@link #prefix()}. */
  public long spread() {
    return second;
  }

  @Override
  public int compareTo(ChunkId other) {
    int order = Long.compareUnsigned(first, other.first);
    if (order == 0) {
      order = Long.compareUnsigned(second, other.second);
    }
    if (order == 0) {
      order = Long.compareUnsigned(third, other.third);
    }
    return order != 0 ? order : Long.compareUnsigned(fourth, other.fourth);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChunkId that
        && first == that.first
        && second == that.second
        && third == that.third
        && fourth == that.fourth;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(first);
  }

  /** The first eight hexadecimal digits, for messages. */
  @Override
  public String toString() {
    return String.format("%08x", first >>> 32);
  }
}
