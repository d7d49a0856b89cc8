package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The line before a document that says what to do with it. Whoever wrote the snapshot wrote it too:
 * it may name a document, never an index, and never another action than to write.
 *
 * @param id as JSON
 * @param routing as JSON
 * @param version as JSON, absent in data streams
 */
record ActionLine(RawJson id, Optional<RawJson> routing, Optional<RawJson> version) {

  private static final Set<String> ACTIONS = Set.of("index", "create");
  private static final Set<String> FIELDS = Set.of("_id", "routing", "version", "version_type");

  private static final byte[] BEGINNING = ascii("{\"index\":{\"_id\":\"");
  private static final byte[] ROUTING = ascii(",\"routing\":\"");
  private static final byte[] VERSION = ascii(",\"version\":");
  private static final byte[] ENDING = ascii(",\"version_type\":\"external_gte\"}}\n");

  /**
   * Whether a line is byte for byte what {@link #keepingVersion()} would make of it, which for most
   * lines can be seen without taking them apart.
   */
  static boolean keepsVersion(byte[] line, int start, int end) {
    int at = behindString(line, behind(line, start, end, BEGINNING), end);
    int routing = behind(line, at, end, ROUTING);
    at = behind(line, routing < 0 ? at : behindString(line, routing, end), end, VERSION);
    int digits = at;
    while (at >= 0 && at < end && line[at] >= '0' && line[at] <= '9') {
      at++;
    }
    return at > digits && at - digits < 19 && behind(line, at, end, ENDING) == end;
  }

  /** Where {@code wanted} ends if it begins at {@code at}, otherwise -1. */
  private static int behind(byte[] line, int at, int end, byte[] wanted) {
    boolean there =
        at >= 0
            && at + wanted.length <= end
            && Arrays.equals(line, at, at + wanted.length, wanted, 0, wanted.length);
    return there ? at + wanted.length : -1;
  }

  /** Where a string without escapes ends, with its quote, whose inside begins at {@code at}. */
  private static int behindString(byte[] line, int at, int end) {
    for (int i = at; i >= 0 && i < end; i++) {
      if (line[i] == '"') {
        return i + 1;
      } else if (line[i] == '\\' || (line[i] >= 0 && line[i] < ' ')) {
        return -1;
      }
    }
    return -1;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads a line. */
  static ActionLine parse(byte[] line, int offset, int length) throws IOException {
    RawJson json = RawJson.of(Arrays.copyOfRange(line, offset, offset + length));
    try {
      Map<String, RawJson> action = json.fields();
      if (action.size() == 1 && ACTIONS.containsAll(action.keySet())) {
        RawJson what = action.values().iterator().next();
        Map<String, RawJson> fields = what.fields();
        RawJson id = fields.get("_id");
        if (id != null && FIELDS.containsAll(fields.keySet())) {
          return new ActionLine(
              RawJson.string(id.text()), text(fields, "routing"), number(fields, "version"));
        }
      }
    } catch (IOException e) {
      throw new IOException("A line before a document cannot be read: " + shown(json), e);
    }
    throw new IOException("A line before a document is not as Varve writes it: " + shown(json));
  }

  /** The line that writes the document in its version, unless a newer one is there. */
  byte[] keepingVersion() {
    String suffix =
        version
            .map(number -> ",\"version\":" + number + ",\"version_type\":\"external_gte\"")
            .orElse("");
    return line("index", suffix);
  }

  /** The line that writes the document whatever is there. */
  byte[] overwriting() {
    return line("index", "");
  }

  /** The line that writes the document if there is none. */
  byte[] creating() {
    return line("create", "");
  }

  private byte[] line(String action, String suffix) {
    StringBuilder out = new StringBuilder(100);
    out.append("{\"").append(action).append("\":{\"_id\":").append(id);
    routing.ifPresent(value -> out.append(",\"routing\":").append(value));
    return out.append(suffix).append("}}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<RawJson> text(Map<String, RawJson> fields, String name)
      throws IOException {
    RawJson value = fields.get(name);
    return value == null ? Optional.empty() : Optional.of(RawJson.string(value.text()));
  }

  private static Optional<RawJson> number(Map<String, RawJson> fields, String name)
      throws IOException {
    RawJson value = fields.get(name);
    return value == null
        ? Optional.empty()
        : Optional.of(RawJson.of(Long.toString(value.number())));
  }

  private static String shown(RawJson line) {
    String text = line.toString();
    return text.length() > 200 ? text.substring(0, 200) + "..." : text;
  }
}
