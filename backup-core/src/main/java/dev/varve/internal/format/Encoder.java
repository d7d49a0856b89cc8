package dev.varve.internal.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the format's primitives one after the other: fixed numbers big endian, varints as LEB128.
 * Used by one thread.
 */
public final class Encoder {

  private byte[] bytes;
  private int length;

  /** Starts with room for {@code expectedBytes}; grows as needed. */
  public Encoder(int expectedBytes) {
    bytes = new byte[Math.max(16, expectedBytes)];
  }

  /** One byte, from 0 to 255. */
  public Encoder u8(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  /** Two bytes, from 0 to 65 535. */
  public Encoder u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  /** Four bytes, read as unsigned. */
  public Encoder u32(long value) {
    return u16((int) (value >>> 16)).u16((int) value);
  }

  /** Eight bytes. */
  public Encoder u64(long value) {
    return u32(value >>> 32).u32(value);
  }

  /** An unsigned varint (LEB128) of 1 to 10 bytes. */
  public Encoder varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  /** A signed number as a varint, small magnitudes short (zigzag). */
  public Encoder signed(long value) {
    return varint(value << 1 ^ value >> 63);
  }

  /** Bytes as they are, their number known to the reader. */
  public Encoder raw(byte[] value) {
    return raw(value, 0, value.length);
  }

  /** A piece of bytes as they are, their number known to the reader. */
  public Encoder raw(byte[] value, int offset, int count) {
    room(count);
    System.arraycopy(value, offset, bytes, length, count);
    length += count;
    return this;
  }

  /** A varint of how many, then the bytes. */
  public Encoder bytes(byte[] value) {
    return varint(value.length).raw(value);
  }

  /**
   * A text: its UTF-8 form as {@link #bytes(byte[])}; half a surrogate pair becomes a {@code ?}.
   */
  public Encoder text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** A chunk id, 32 bytes. */
  public Encoder id(ChunkId id) {
    room(ChunkId.BYTES);
    id.write(bytes, length);
    length += ChunkId.BYTES;
    return this;
  }

  /** How many bytes were written. */
  public int length() {
    return length;
  }

  /** A copy of what was written. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** The array being written to, valid up to {@link #length()} until the next write. */
  public byte[] array() {
    return bytes;
  }

  /** Forgets what was written and starts again. */
  public Encoder clear() {
    length = 0;
    return this;
  }

  private void room(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, count)));
    }
  }
}
