package dev.varve;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Everything else a source keeps about an entry: dotted ASCII names such as {@code
 * xattr.user.colour} or {@code s3.content-type}, each with bytes; at most 64 KiB in all. Kept
 * verbatim by everything that copies entries. Immutable.
 */
public final class Attributes {

  /** The most that names and values of one entry may take together, in bytes. */
  public static final int MAX_BYTES = 64 * 1024;

  /**
   * The name of an attribute, its value empty, of contents that change in many small places, such
   * as the rows of a table: they are cut into chunks a quarter as long as others, so that a change
   * takes less along. That is more chunks for the index to know, and no use where contents change
   * in one place or as a whole.
   */
  public static final String FINE = "varve.fine";

  private static final Attributes NONE = new Attributes(new TreeMap<>());

  private final NavigableMap<String, byte[]> values;

  private Attributes(NavigableMap<String, byte[]> values) {
    this.values = values;
  }

  /** No attributes. */
  public static Attributes none() {
    return NONE;
  }

  /**
   * The attributes in {@code values}, which are copied.
   *
   * @throws IllegalArgumentException if a name is empty or not printable ASCII, or all are too many
   */
  public static Attributes of(Map<String, byte[]> values) {
    if (values.isEmpty()) {
      return NONE;
    }
    TreeMap<String, byte[]> copy = new TreeMap<>();
    long total = 0;
    for (Map.Entry<String, byte[]> value : values.entrySet()) {
      checkName(value.getKey());
      copy.put(value.getKey(), value.getValue().clone());
      total += value.getKey().length() + value.getValue().length;
    }
    if (total > MAX_BYTES) {
      throw new IllegalArgumentException(
          "Attributes of one entry take at most " + MAX_BYTES + " bytes, not " + total);
    }
    return new Attributes(copy);
  }

  /** These attributes and {@code name}, its value replaced if it had one. */
  public Attributes with(String name, byte[] value) {
    TreeMap<String, byte[]> more = new TreeMap<>(values);
    more.put(name, value);
    return of(more);
  }

  /** These attributes and {@code name} with the UTF-8 form of {@code value}. */
  public Attributes with(String name, String value) {
    return with(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** All names, ascending. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(values.navigableKeySet());
  }

  /** A copy of the value of {@code name}. */
  public Optional<byte[]> find(String name) {
    return Optional.ofNullable(values.get(name)).map(byte[]::clone);
  }

  /** The value of {@code name} read as UTF-8. */
  public Optional<String> findText(String name) {
    return Optional.ofNullable(values.get(name)).map(v -> new String(v, StandardCharsets.UTF_8));
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Attributes that
        && values.keySet().equals(that.values.keySet())
        && values.entrySet().stream()
            .allMatch(v -> Arrays.equals(v.getValue(), that.values.get(v.getKey())));
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (Map.Entry<String, byte[]> value : values.entrySet()) {
      hash += value.getKey().hashCode() ^ Arrays.hashCode(value.getValue());
    }
    return hash;
  }

  @Override
  public String toString() {
    return values.keySet().toString();
  }

  private static void checkName(String name) {
    if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "An attribute's name is printable ASCII without spaces, not '" + name + "'");
    }
  }
}
