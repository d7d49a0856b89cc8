package dev.varve.reader;

import static dev.varve.reader.BadFormatException.require;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/** Section 2 of the format: primitives, read one after the other. Used by one thread. */
final class Input {

  private final byte[] bytes;
  private int at;

  Input(byte[] bytes) {
    this.bytes = bytes;
  }

  int left() {
    return bytes.length - at;
  }

  int position() {
    return at;
  }

  void end() {
    require(left() == 0, left() + " bytes follow after the end");
  }

  byte[] raw(long count) {
    require(count >= 0 && count <= left(), "It ends too early");
    at += (int) count;
    return Arrays.copyOfRange(bytes, at - (int) count, at);
  }

  String hex(int count) {
    return HexFormat.of().formatHex(raw(count));
  }

  long number(int count) {
    long value = 0;
    for (byte b : raw(count)) {
      value = (value << 8) | (b & 0xff);
    }
    return value;
  }

  int u8() {
    return (int) number(1);
  }

  int u16() {
    return (int) number(2);
  }

  long u32() {
    return number(4);
  }

  long u64() {
    return number(8);
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = u8();
      require(shift < 63 || b <= 1, "A varint has over 64 bits");
      require(shift == 0 || b != 0, "A varint is not in its shortest form");
      value |= (long) (b & 0x7f) << shift;
      if ((b & 0x80) == 0) {
        return value;
      }
    }
    throw new BadFormatException("A varint has over ten bytes");
  }

  long varint(long most) {
    long value = varint();
    require(value >= 0 && value <= most, "A number is above " + most);
    return value;
  }

  long signed() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  byte[] bytes(int most) {
    return raw(varint(most));
  }

  String text(int most) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(most))).toString();
    } catch (CharacterCodingException e) {
      throw new BadFormatException("A text is not UTF-8", e);
    }
  }

  <T> List<T> list(Supplier<T> member) {
    long count = varint(left());
    List<T> members = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      members.add(member.get());
    }
    return members;
  }

  /** The six bytes that every item begins with. */
  void header(char letter) {
    require(new String(raw(4), StandardCharsets.US_ASCII).equals("VRVE"), "It is no item");
    require(u8() == letter, "It is no item of letter " + letter);
    require(u8() == 1, "It is of another version");
  }

  Reference reference() {
    String id = hex(32);
    long length = varint(1 << 24);
    require(length > 0, "A chunk cannot be empty");
    return new Reference(id, (int) length);
  }

  ChunkList chunkList() {
    int depth = (int) varint(8);
    long count = varint(256);
    List<Reference> references = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      references.add(reference());
    }
    return new ChunkList(depth, references);
  }

  /** A chunk and the length of its plaintext. */
  record Reference(String id, int length) {}

  /** References, and how many levels of lists lie between them and what they are about. */
  record ChunkList(int depth, List<Reference> references) {}
}
