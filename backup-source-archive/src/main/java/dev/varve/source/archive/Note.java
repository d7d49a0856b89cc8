package dev.varve.source.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an archive's own fields cannot say, as lines in a comment, which other programs pass over:
 * the line {@code VARVE}, then {@code name=value} lines. A backslash is doubled and a line's end
 * written {@code \n}, in names also an equals sign {@code \e}. Used by one thread.
 */
final class Note {

  private static final String FIRST_LINE = "VARVE\n";

  private final Map<String, String> lines = new LinkedHashMap<>();

  /** Sets a line. */
  Note with(String name, String value) {
    lines.put(name, value);
    return this;
  }

  Optional<String> find(String name) {
    return Optional.ofNullable(lines.get(name));
  }

  boolean has(String name) {
    return lines.containsKey(name);
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  Map<String, String> lines() {
    return Collections.unmodifiableMap(lines);
  }

  byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(FIRST_LINE.getBytes(StandardCharsets.US_ASCII));
    lines.forEach(
        (name, value) -> {
          String line = escaped(name).replace("=", "\\e") + "=" + escaped(value) + "\n";
          out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        });
    return out.toByteArray();
  }

  /** The note in a comment, if it is one. */
  static Optional<Note> decode(byte[] comment) throws IOException {
    byte[] first = FIRST_LINE.getBytes(StandardCharsets.US_ASCII);
    if (comment.length < first.length
        || !Arrays.equals(comment, 0, first.length, first, 0, first.length)) {
      return Optional.empty();
    }
    Note note = new Note();
    String rest =
        new String(comment, first.length, comment.length - first.length, StandardCharsets.UTF_8);
    for (String line : rest.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        note.with(unescaped(line.substring(0, equals)), unescaped(line.substring(equals + 1)));
      } else if (!line.isEmpty()) {
        throw new IOException("The archive's note has a line that says nothing: " + line);
      }
    }
    return Optional.of(note);
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String unescaped(String value) {
    if (value.indexOf('\\') < 0) {
      return value;
    }
    StringBuilder out = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && i + 1 < value.length()) {
        i++;
        char escaped = value.charAt(i);
        out.append(escaped == 'n' ? '\n' : escaped == 'e' ? '=' : escaped);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
