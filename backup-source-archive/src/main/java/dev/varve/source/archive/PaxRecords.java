package dev.varve.source.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The records of a pax header: names with values that are bytes, not always text. Used by one
 * thread.
 */
final class PaxRecords {

  static final String SPARSE_MAP = "GNU.sparse.map";
  private static final String XATTR = "SCHILY.xattr.";

  private final Map<String, byte[]> records = new LinkedHashMap<>();

  PaxRecords with(String name, byte[] value) {
    records.put(name, value);
    return this;
  }

  PaxRecords with(String name, String value) {
    return with(name, value.getBytes(StandardCharsets.UTF_8));
  }

  Optional<byte[]> find(String name) {
    return Optional.ofNullable(records.get(name));
  }

  /** The value of {@code name} as text; one byte is one character where it is no UTF-8. */
  Optional<String> findText(String name) {
    return find(name).map(value -> new String(value, StandardCharsets.UTF_8));
  }

  /** The value of {@code name} as a number, which is never negative. */
  long number(String name, long absent) throws IOException {
    Optional<String> text = findText(name);
    return text.isPresent() ? number(text.get()) : absent;
  }

  Optional<Instant> findTime(String name) throws IOException {
    Optional<String> text = findText(name);
    return text.isEmpty() ? Optional.empty() : Optional.of(Times.parse(text.get()));
  }

  /** The map of a sparse file, if it stands here. */
  Optional<SparseMap> findSparseMap() throws IOException {
    Optional<String> list = findText(SPARSE_MAP);
    if (list.isEmpty()) {
      return Optional.empty();
    }
    SparseMap map = new SparseMap();
    String[] numbers = list.get().split(",", -1);
    for (int i = 0; i + 1 < numbers.length; i += 2) {
      map.add(number(numbers[i]), number(numbers[i + 1]));
    }
    return Optional.of(map);
  }

  Map<String, byte[]> extendedAttributes() {
    Map<String, byte[]> extended = new TreeMap<>();
    records.forEach(
        (name, value) -> {
          if (name.startsWith(XATTR)) {
            extended.put(name.substring(XATTR.length()), value);
          }
        });
    return extended;
  }

  Map<String, byte[]> all() {
    return records;
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  /** Each as its length in decimal digits, a space, name=value and a line's end. */
  byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    records.forEach(
        (name, value) -> {
          byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
          int rest = bytes.length + value.length + 3;
          int length = rest + digits(rest);
          length = rest + digits(length);
          out.writeBytes((length + " ").getBytes(StandardCharsets.US_ASCII));
          out.writeBytes(bytes);
          out.write('=');
          out.writeBytes(value);
          out.write('\n');
        });
    return out.toByteArray();
  }

  /** Adds what is encoded in {@code bytes}; what came before under a name is replaced. */
  PaxRecords decode(byte[] bytes) throws IOException {
    int at = 0;
    while (at < bytes.length && bytes[at] != 0) {
      int space = at;
      int length = 0;
      while (space < bytes.length && bytes[space] != ' ') {
        int digit = bytes[space] - '0';
        if (digit < 0 || digit > 9 || length > bytes.length) {
          throw malformed();
        }
        length = 10 * length + digit;
        space++;
      }
      int end = at + length;
      if (length == 0 || end > bytes.length || space >= end || bytes[end - 1] != '\n') {
        throw malformed();
      }
      int equals = space + 1;
      while (equals < end && bytes[equals] != '=') {
        equals++;
      }
      if (equals >= end || equals == space + 1) {
        throw malformed();
      }
      String name = new String(bytes, space + 1, equals - space - 1, StandardCharsets.UTF_8);
      put(name, Arrays.copyOfRange(bytes, equals + 1, end - 1));
      at = end;
    }
    return this;
  }

  /** GNU's oldest map of a sparse file is many records of two names; it becomes the next one's. */
  private void put(String name, byte[] value) {
    if (!name.equals("GNU.sparse.offset") && !name.equals("GNU.sparse.numbytes")) {
      records.put(name, value);
      return;
    }
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    find(SPARSE_MAP).ifPresent(before -> list.writeBytes(before));
    if (list.size() > 0) {
      list.write(',');
    }
    list.writeBytes(value);
    records.put(SPARSE_MAP, list.toByteArray());
  }

  static long number(String text) throws IOException {
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("The archive is damaged: '" + text + "' is no number", e);
    }
    throw new IOException("The archive is damaged: " + text + " is negative");
  }

  private static int digits(int number) {
    return Integer.toString(number).length();
  }

  private static IOException malformed() {
    return new IOException("The archive is damaged: an extended header makes no sense");
  }
}
