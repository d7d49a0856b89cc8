package dev.varve.source.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Memory that functions of the C library read arguments from and write results to. Used by one
 * thread at a time.
 */
final class Scratch {

  /** Linux takes no longer path, its final NUL included. */
  private static final int PATH_BYTES = 4 * 1024;

  /** The most that Linux lists or keeps as the value of one extended attribute. */
  static final int VALUE_BYTES = 64 * 1024;

  /** How much content is read at once at most. */
  static final int CONTENT_BYTES = 256 * 1024;

  private static final int NAME_BYTES = 256;

  private final NativeBinding binding;
  private final ByteBuffer path;
  private final ByteBuffer name;
  private final ByteBuffer value;
  private final long pathAddress;
  private final long nameAddress;
  private final long valueAddress;
  private ByteBuffer content = ByteBuffer.allocate(0);
  private long contentAddress;

  Scratch(NativeBinding binding) {
    this.binding = binding;
    path = ByteBuffer.allocateDirect(PATH_BYTES);
    name = ByteBuffer.allocateDirect(PATH_BYTES);
    value = ByteBuffer.allocateDirect(VALUE_BYTES).order(ByteOrder.nativeOrder());
    pathAddress = binding.address(path);
    nameAddress = binding.address(name);
    valueAddress = binding.address(value);
  }

  /** Whether a path is short enough. */
  static boolean holdsPath(byte[] path) {
    return path.length < PATH_BYTES;
  }

  /** Whether Linux has attributes with such names. */
  static boolean holdsName(byte[] name) {
    return name.length < NAME_BYTES;
  }

  /** Puts a path, ended by a NUL, and returns where it lies. */
  long path(byte[] bytes) {
    path.clear().put(bytes).put((byte) 0);
    return pathAddress;
  }

  /** Puts a second string, ended by a NUL, and returns where it lies. */
  long name(byte[] bytes) {
    name.clear().put(bytes).put((byte) 0);
    return nameAddress;
  }

  /** Puts a value and returns where it lies. */
  long value(byte[] bytes) {
    value.clear().put(bytes);
    return valueAddress;
  }

  /** Puts whole numbers and returns where they lie. */
  long numbers(long... numbers) {
    value.clear();
    for (long one : numbers) {
      value.putLong(one);
    }
    return valueAddress;
  }

  /** Where {@value #VALUE_BYTES} bytes may be written to. */
  long room() {
    return valueAddress;
  }

  /** Where {@value #CONTENT_BYTES} bytes of content may be read to; made when first needed. */
  long content() {
    if (!content.isDirect()) {
      content = ByteBuffer.allocateDirect(CONTENT_BYTES);
      contentAddress = binding.address(content);
    }
    return contentAddress;
  }

  /** Puts what was read there. */
  void takeContent(int length, ByteBuffer into) {
    into.put(content.limit(length).position(0));
  }

  /** What {@code statx} wrote to the room. */
  Stat stat() {
    return Stat.ofStatx(value);
  }

  /** What was written to the room. */
  byte[] written(int length) {
    byte[] bytes = new byte[length];
    value.clear().get(bytes);
    return bytes;
  }

  /** What was written to the room, as names that each end in a NUL. */
  List<byte[]> writtenNames(int length) {
    byte[] list = written(length);
    List<byte[]> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < list.length; i++) {
      if (list[i] == 0) {
        names.add(Arrays.copyOfRange(list, start, i));
        start = i + 1;
      }
    }
    return names;
  }
}
