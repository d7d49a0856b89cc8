package dev.varve.source.files;

import dev.varve.Attributes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Extended attributes as they are kept: {@code xattr.NAME}, where what of a name is not printable
 * ASCII, and {@code %}, is written {@code %HH}. Access control lists and capabilities of files are
 * attributes too. The JDK by itself shows those of the user's class only. Values are bytes that
 * nobody here looks into.
 */
final class ExtendedAttributes {

  static final String PREFIX = "xattr.";

  private static final String USER = "user.";

  private ExtendedAttributes() {}

  /** Reads all that the caller may see. */
  static Attributes read(SystemCalls calls, Spot spot) throws IOException {
    List<byte[]> names = calls.attributeNames(spot);
    if (names.isEmpty()) {
      return Attributes.none();
    }
    Map<String, byte[]> values = new TreeMap<>();
    for (byte[] name : names) {
      Optional<byte[]> value = calls.attribute(spot, name);
      value.ifPresent(bytes -> values.put(PREFIX + escaped(name), bytes));
    }
    return attributes(values);
  }

  /** Reads those of the user's class of a file or directory, without native access. */
  static Attributes readOfUser(Path path) throws IOException {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(
            path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      return Attributes.none();
    }
    List<String> names = view.list();
    if (names.isEmpty()) {
      return Attributes.none();
    }
    Map<String, byte[]> values = new TreeMap<>();
    for (String name : names) {
      ByteBuffer value = ByteBuffer.allocate(view.size(name));
      view.read(name, value);
      values.put(
          PREFIX + USER + escaped(name.getBytes(StandardCharsets.UTF_8)),
          Arrays.copyOf(value.array(), value.position()));
    }
    return attributes(values);
  }

  private static Attributes attributes(Map<String, byte[]> values) throws IOException {
    try {
      return Attributes.of(values);
    } catch (IllegalArgumentException tooMuch) {
      throw new IOException(tooMuch.getMessage(), tooMuch);
    }
  }

  /** Whether the attribute called {@code key} in an entry can be written without native access. */
  static boolean isOfUser(String key) {
    return key.startsWith(PREFIX + USER);
  }

  /** Writes one of the user's class without native access. */
  static void writeOfUser(Path path, String key, byte[] value) throws IOException {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
    if (view == null) {
      throw new IOException("this platform has no extended attributes");
    }
    String name = new String(name(key), StandardCharsets.UTF_8).substring(USER.length());
    try {
      view.write(name, ByteBuffer.wrap(value));
    } catch (UnsupportedOperationException none) {
      throw new IOException("not supported by this file system", none);
    }
  }

  /** The name that an attribute called {@code key} in an entry has in the file system. */
  static byte[] name(String key) throws IOException {
    return unescaped(key.substring(PREFIX.length()));
  }

  /** What an attribute of that name is called in an entry. */
  static String key(byte[] name) {
    return PREFIX + escaped(name);
  }

  static String escaped(byte[] name) {
    StringBuilder out = new StringBuilder(name.length);
    for (byte b : name) {
      if (b > ' ' && b < 0x7f && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }

  static byte[] unescaped(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(name.length());
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) != '%') {
        out.write(name.charAt(i));
        continue;
      }
      if (i + 3 > name.length() || !name.substring(i + 1, i + 3).matches("[0-9A-F]{2}")) {
        throw new IOException("the name of the extended attribute " + name + " is malformed");
      }
      out.write(HexFormat.fromHexDigits(name, i + 1, i + 3));
      i += 2;
    }
    byte[] bytes = out.toByteArray();
    for (byte b : bytes) {
      if (b == 0) {
        throw new IOException("the name of the extended attribute " + name + " is malformed");
      }
    }
    return bytes;
  }
}
