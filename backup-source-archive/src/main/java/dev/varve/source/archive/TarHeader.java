package dev.varve.source.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * A block that says what follows it, as v7, ustar and GNU lay it out. Used by one thread, until the
 * next is read in its place.
 */
final class TarHeader {

  static final int BYTES = 512;

  private final byte[] block;

  /** What {@code block} says. */
  TarHeader(byte[] block) {
    this.block = block;
  }

  /** Whether it is one. */
  boolean isSound() {
    try {
      return TarUtils.verifyCheckSum(block);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether it marks the archive's end. */
  boolean isZero() {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  byte flag() {
    return block[156];
  }

  /** How long what follows is, in bytes. */
  long size() throws IOException {
    return number(124, 12);
  }

  byte[] name() {
    byte[] name = text(0, 100);
    // GNU keeps other things where POSIX keeps the front of long names.
    boolean posix = isUstar() && block[262] == 0;
    byte[] prefix = posix ? text(345, 155) : new byte[0];
    if (prefix.length == 0) {
      return name;
    }
    byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    whole[prefix.length] = '/';
    System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
    return whole;
  }

  byte[] link() {
    return text(157, 100);
  }

  int mode() throws IOException {
    return (int) number(100, 8) & 07777;
  }

  long uid() throws IOException {
    return number(108, 8);
  }

  long gid() throws IOException {
    return number(116, 8);
  }

  Instant modified() throws IOException {
    return Instant.ofEpochSecond(number(136, 12));
  }

  /** The owner's name, empty if there is none. */
  String user() {
    return isUstar() ? utf8(text(265, 32)) : "";
  }

  /** The group's name, empty if there is none. */
  String group() {
    return isUstar() ? utf8(text(297, 32)) : "";
  }

  long deviceMajor() throws IOException {
    return isUstar() ? number(329, 8) : 0;
  }

  long deviceMinor() throws IOException {
    return isUstar() ? number(337, 8) : 0;
  }

  /** What a member of this name is. */
  TarMember.Type type(byte[] name) {
    boolean slash = name.length > 0 && name[name.length - 1] == '/';
    return switch (flag()) {
      case '1' -> TarMember.Type.HARD_LINK;
      case '2' -> TarMember.Type.SYMBOLIC_LINK;
      case '3' -> TarMember.Type.CHARACTER_DEVICE;
      case '4' -> TarMember.Type.BLOCK_DEVICE;
      case '5', 'D' -> TarMember.Type.DIRECTORY;
      case '6' -> TarMember.Type.FIFO;
      case 0, '0' -> slash ? TarMember.Type.DIRECTORY : TarMember.Type.FILE;
      // What nobody knows is to be taken for a file, says POSIX.
      default -> TarMember.Type.FILE;
    };
  }

  /** How long a sparse file is by GNU's old way, holes included. */
  long sparseSize() throws IOException {
    return number(483, 12);
  }

  /**
   * The map of a sparse file by GNU's old way: four stretches in the header, 21 in each block that
   * follows while more are announced.
   *
   * @param following what follows
   */
  SparseMap sparseMap(TarInput following) throws IOException {
    SparseMap map = new SparseMap();
    addStretches(map, 386, 4);
    boolean more = block[482] != 0;
    while (more) {
      byte[] extension = following.readExactly(BYTES);
      new TarHeader(extension).addStretches(map, 0, 21);
      more = extension[504] != 0;
    }
    return map;
  }

  private void addStretches(SparseMap map, int from, int most) throws IOException {
    for (int i = 0; i < most && block[from + 24 * i + 12] != 0; i++) {
      map.add(number(from + 24 * i, 12), number(from + 24 * i + 12, 12));
    }
  }

  private boolean isUstar() {
    return block[257] == 'u' && block[258] == 's';
  }

  private long number(int offset, int length) throws IOException {
    try {
      return TarUtils.parseOctalOrBinary(block, offset, length);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "The archive is damaged: a header holds no number where one belongs", e);
    }
  }

  private byte[] text(int offset, int length) {
    return upToNul(Arrays.copyOfRange(block, offset, offset + length));
  }

  static byte[] upToNul(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOf(bytes, end);
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
