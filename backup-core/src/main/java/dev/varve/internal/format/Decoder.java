package dev.varve.internal.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads what {@link Encoder} wrote, trusting nothing: no length is believed before the bytes are
 * there, and every failure is a {@link FormatException}. Used by one thread.
 */
public final class Decoder {

  private final byte[] bytes;
  private final int end;
  private int position;

  /** Reads all of {@code bytes}. */
  public Decoder(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /** Reads {@code count} bytes from {@code offset} on. */
  public Decoder(byte[] bytes, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + count;
  }

  /** One byte. */
  public int u8() throws FormatException {
    need(1);
    return bytes[position++] & 0xff;
  }

  /** Two bytes. */
  public int u16() throws FormatException {
    return u8() << 8 | u8();
  }

  /** Four bytes, from 0 to 2^32-1. */
  public long u32() throws FormatException {
    return (long) u16() << 16 | u16();
  }

  /** Eight bytes. */
  public long u64() throws FormatException {
    return u32() << 32 | u32();
  }

  /** A varint of any 64 bits, in its shortest form only. */
  public long varint() throws FormatException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = u8();
      if ((shift == 63 && b > 1) || (shift > 0 && b == 0)) {
        throw new FormatException("A varint is not in its shortest form or has over 64 bits");
      }
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new FormatException("A varint has more than ten bytes");
  }

  /** A varint from 0 to {@code most}. */
  public long varint(long most) throws FormatException {
    long value = varint();
    if (value < 0 || value > most) {
      throw new FormatException(
          "A number is " + Long.toUnsignedString(value) + ", more than the " + most + " allowed");
    }
    return value;
  }

  /** How many of something follow, each of at least {@code leastBytesEach} bytes, 1 or more. */
  public int count(int most, int leastBytesEach) throws FormatException {
    int count = (int) varint(most);
    if ((long) count * leastBytesEach > remaining()) {
      throw new FormatException(
          count + " parts are announced, but only " + remaining() + " bytes follow");
    }
    return count;
  }

  /** A signed number as {@link Encoder#signed(long)} wrote it. */
  public long signed() throws FormatException {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  /** Exactly {@code count} bytes. */
  public byte[] raw(int count) throws FormatException {
    need(count);
    position += count;
    return Arrays.copyOfRange(bytes, position - count, position);
  }

  /** A varint of how many, at most {@code most}, then the bytes. */
  public byte[] bytes(int most) throws FormatException {
    return raw((int) varint(most));
  }

  /** A text of at most {@code mostBytes} bytes of UTF-8. */
  public String text(int mostBytes) throws FormatException {
    int count = (int) varint(mostBytes);
    need(count);
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, position, count))
              .toString();
      position += count;
      return text;
    } catch (CharacterCodingException e) {
      throw new FormatException("A text is not UTF-8", e);
    }
  }

  /** A chunk id. */
  public ChunkId id() throws FormatException {
    need(ChunkId.BYTES);
    position += ChunkId.BYTES;
    return ChunkId.at(bytes, position - ChunkId.BYTES);
  }

  /** How many bytes are left. */
  public int remaining() {
    return end - position;
  }

  /** Where in the array the next byte is. */
  public int position() {
    return position;
  }

  /** Passes over {@code count} bytes. */
  public void skip(int count) throws FormatException {
    need(count);
    position += count;
  }

  /** Fails if anything is left. */
  public void end() throws FormatException {
    if (position != end) {
      throw new FormatException(remaining() + " bytes follow after the end");
    }
  }

  private void need(int count) throws FormatException {
    if (count < 0 || count > end - position) {
      throw new FormatException("It ends " + ((long) count - remaining()) + " bytes too early");
    }
  }
}
