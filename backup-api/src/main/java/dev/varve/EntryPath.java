package dev.varve;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The full name of an entry as bytes, compared unsigned. Immutable.
 *
 * <p>Steps are separated by {@code /}; there is no leading slash; a directory's path ends in {@code
 * /}, so that a directory is followed at once by all it holds. Names are usually UTF-8, Windows
 * names WTF-8, but any bytes without NUL are legal. What a path is is told by {@link Entry#kind()},
 * never by its last byte.
 */
public final class EntryPath implements Comparable<EntryPath> {

  /** The longest path in bytes. */
  public static final int MAX_BYTES = 32 * 1024;

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final byte[] bytes;

  private EntryPath(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The path whose bytes are the UTF-8 form of {@code text}; a lone surrogate becomes its three
   * bytes of WTF-8.
   *
   * @throws IllegalArgumentException if it is empty, too long or contains NUL
   */
  public static EntryPath of(String text) {
    return checked(encode(text));
  }

  /**
   * The path with exactly these bytes, which are copied.
   *
   * @throws IllegalArgumentException if they are none, too many or contain NUL
   */
  public static EntryPath ofBytes(byte[] bytes) {
    return checked(Arrays.copyOf(bytes, bytes.length));
  }

  /**
   * Reads back what {@link #toString()} printed: {@code \\} is a backslash, {@code \xHH} a byte.
   *
   * @throws IllegalArgumentException if an escape is malformed, or as {@link #of(String)}
   */
  public static EntryPath parse(String printed) {
    if (printed.indexOf('\\') < 0) {
      return of(printed);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(printed.length());
    int plain = 0;
    for (int i = 0; i < printed.length(); i++) {
      if (printed.charAt(i) != '\\') {
        continue;
      }
      out.writeBytes(encode(printed.substring(plain, i)));
      if (printed.startsWith("\\\\", i)) {
        out.write('\\');
        i += 1;
      } else if (printed.startsWith("\\x", i) && i + 4 <= printed.length()) {
        out.write(hexByte(printed, i + 2));
        i += 3;
      } else {
        throw malformed(printed);
      }
      plain = i + 1;
    }
    out.writeBytes(encode(printed.substring(plain)));
    return checked(out.toByteArray());
  }

  /**
   * Bytes as text to compare and search, not to print: UTF-8, and every byte that is none a lone
   * surrogate of its own, so that no valid name equals an invalid one.
   */
  public static String textOf(byte[] bytes) {
    boolean ascii = true;
    for (byte b : bytes) {
      ascii &= b >= 0;
    }
    if (ascii) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (0xdc00 + (in.get() & 0xff)));
      }
    }
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    // Not clone(), which C1 does not compile on older JDKs.
    return Arrays.copyOf(bytes, bytes.length);
  }

  /** How many bytes the path has. */
  public int length() {
    return bytes.length;
  }

  /** The byte at {@code index}, from 0 to 255. */
  public int byteAt(int index) {
    return bytes[index] & 0xff;
  }

  /** A read-only view of the bytes. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** Whether the last byte is {@code /}. */
  public boolean endsWithSlash() {
    return bytes[bytes.length - 1] == '/';
  }

  /** Whether this path's first bytes are all of {@code prefix}'s. */
  public boolean startsWith(EntryPath prefix) {
    return bytes.length >= prefix.bytes.length
        && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
  }

  /** Whether this is {@code other} or lies below it, a slash at {@code other}'s end or not. */
  public boolean isAtOrBelow(EntryPath other) {
    int length = other.endsWithSlash() ? other.bytes.length - 1 : other.bytes.length;
    return bytes.length >= length
        && Arrays.equals(bytes, 0, length, other.bytes, 0, length)
        && (bytes.length == length || bytes[length] == '/');
  }

  /** This path with {@code more} appended as it is, without a slash between. */
  public EntryPath append(EntryPath more) {
    byte[] joined = Arrays.copyOf(bytes, bytes.length + more.bytes.length);
    System.arraycopy(more.bytes, 0, joined, bytes.length, more.bytes.length);
    return checked(joined);
  }

  /** This path, its last byte being {@code /}. */
  public EntryPath asDirectory() {
    if (endsWithSlash()) {
      return this;
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    longer[bytes.length] = '/';
    return checked(longer);
  }

  @Override
  public int compareTo(EntryPath other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryPath path && Arrays.equals(bytes, path.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /**
   * The path for people: UTF-8 as it is, except that a backslash is doubled and that control
   * characters and bytes that are not UTF-8 appear as {@code \xHH}. {@link #parse(String)} reads it
   * back.
   */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(bytes.length);
    int i = 0;
    while (i < bytes.length) {
      int length = characterLength(i);
      if (length == 0) {
        escape(out, bytes[i]);
        i++;
      } else {
        appendCharacter(out, i, length);
        i += length;
      }
    }
    return out.toString();
  }

  private void appendCharacter(StringBuilder out, int start, int length) {
    String character = new String(bytes, start, length, StandardCharsets.UTF_8);
    if (character.equals("\\")) {
      out.append("\\\\");
    } else if (Character.isISOControl(character.codePointAt(0))) {
      for (int i = start; i < start + length; i++) {
        escape(out, bytes[i]);
      }
    } else {
      out.append(character);
    }
  }

  /** The length of the UTF-8 character at {@code start}, 0 if there is none. */
  private int characterLength(int start) {
    int first = bytes[start] & 0xff;
    int length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    if (length <= 1) {
      return length;
    }
    if (start + length > bytes.length) {
      return 0;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, length));
      return length;
    } catch (CharacterCodingException notUtf8) {
      return 0;
    }
  }

  private static void escape(StringBuilder out, byte b) {
    out.append("\\x").append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
  }

  private static byte[] encode(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return encodeSurrogates(text);
      }
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] encodeSurrogates(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 8);
    int plain = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      out.writeBytes(text.substring(plain, i).getBytes(StandardCharsets.UTF_8));
      out.write(0xe0 | (c >> 12));
      out.write(0x80 | ((c >> 6) & 0x3f));
      out.write(0x80 | (c & 0x3f));
      plain = i + 1;
    }
    out.writeBytes(text.substring(plain).getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static int hexByte(String printed, int at) {
    int high = Character.digit(printed.charAt(at), 16);
    int low = Character.digit(printed.charAt(at + 1), 16);
    if (high < 0 || low < 0) {
      throw malformed(printed);
    }
    return high << 4 | low;
  }

  private static IllegalArgumentException malformed(String printed) {
    return new IllegalArgumentException(
        "Path '" + printed + "' has a backslash that is neither \\\\ nor \\xHH");
  }

  private static EntryPath checked(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "A path has 1 to " + MAX_BYTES + " bytes, not " + bytes.length);
    }
    for (byte b : bytes) {
      if (b == 0) {
        throw new IllegalArgumentException("A path cannot contain NUL");
      }
    }
    return new EntryPath(bytes);
  }
}
