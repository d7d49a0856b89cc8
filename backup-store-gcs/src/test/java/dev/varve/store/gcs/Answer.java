package dev.varve.store.gcs;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer of HTTP.
 *
 * @param headers besides the length
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {

  static Answer json(int status, String json) {
    return new Answer(
        status,
        Map.of("Content-Type", "application/json; charset=UTF-8"),
        json.getBytes(StandardCharsets.UTF_8));
  }

  static Answer empty(int status) {
    return new Answer(status, Map.of(), new byte[0]);
  }

  /** An error as the JSON API tells it. */
  public static Answer error(int status, String reason, String message) {
    String what = String.format("\"message\":\"%s\"", message);
    return json(
        status,
        String.format(
            "{\"error\":{\"code\":%d,%s,\"errors\":[{\"domain\":\"global\",\"reason\":\"%s\",%s}]}}",
            status, what, reason, what));
  }

  /** The same with one more header. */
  public Answer with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body);
  }

  /** How it begins on the wire. */
  byte[] head() {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " As it is\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (status != 204) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
