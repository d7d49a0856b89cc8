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
import java.util.TreeMap;

/**
 * Extended attributes of the user's class, kept as {@code xattr.user.NAME}; what of a name is not
 * printable ASCII, and {@code %}, is written {@code %HH}. The JDK shows no other class.
 */
final class ExtendedAttributes {

  static final String PREFIX = "xattr.user.";

  private ExtendedAttributes() {}

  /** Reads all of a file or directory; links have none. */
  static Attributes read(Path path) throws IOException {
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
      values.put(PREFIX + escaped(name), Arrays.copyOf(value.array(), value.position()));
    }
    try {
      return Attributes.of(values);
    } catch (IllegalArgumentException tooMuch) {
      throw new IOException(tooMuch.getMessage(), tooMuch);
    }
  }

  /** Writes all those that are extended attributes; others are left alone. */
  static void write(Path path, Attributes attributes) throws IOException {
    if (attributes.isEmpty()) {
      return;
    }
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
    for (String name : attributes.names()) {
      if (name.startsWith(PREFIX)) {
        if (view == null) {
          throw new IOException("this platform has no extended attributes");
        }
        byte[] value = attributes.find(name).orElseThrow();
        view.write(unescaped(name.substring(PREFIX.length())), ByteBuffer.wrap(value));
      }
    }
  }

  static String escaped(String name) {
    StringBuilder out = new StringBuilder(name.length());
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ' && b < 0x7f && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }

  static String unescaped(String name) throws IOException {
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
    return out.toString(StandardCharsets.UTF_8);
  }
}
