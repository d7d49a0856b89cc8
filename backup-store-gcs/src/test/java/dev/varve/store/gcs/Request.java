package dev.varve.store.gcs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * A request of HTTP as it came.
 *
 * @param path as it was written, with its escapes
 * @param query its parameters, unescaped
 * @param headers by name, whatever its case
 */
public record Request(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {

  private static final int MOST_HEAD_BYTES = 64 * 1024;

  /** What it asks for, in one word. */
  public String kind() {
    return switch (method) {
      case "GET" -> path.endsWith("/o") ? "LIST" : isMedia() ? "READ" : "LOOK";
      case "POST" ->
          path.startsWith("/upload/")
              ? "CREATE"
              : path.equals(Batch.PATH) ? "BATCH" : path.substring(1).toUpperCase(Locale.ROOT);
      default -> method;
    };
  }

  boolean isUpdate() {
    return header("X-HTTP-Method-Override").orElse(method).equals("PATCH");
  }

  boolean isMedia() {
    return "media".equals(query.get("alt"));
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** Its body as text, which may have come compressed. */
  String text() {
    if (header("Content-Encoding").isEmpty()) {
      return new String(body, StandardCharsets.UTF_8);
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw Refusal.bad("A body that is not compressed as it says");
    }
  }

  Request with(byte[] otherBody) {
    return new Request(method, path, query, headers, otherBody);
  }

  /** The next one on a connection; empty at its end. */
  static Optional<Request> read(InputStream in) throws IOException {
    Optional<String> first = line(in);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String[] words = first.get().split(" ", 3);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = more(in); !line.isEmpty(); line = more(in)) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    int mark = words[1].indexOf('?');
    String path = mark < 0 ? words[1] : words[1].substring(0, mark);
    String query = mark < 0 ? "" : words[1].substring(mark + 1);
    return Optional.of(new Request(words[0], path, parameters(query), headers, body(in, headers)));
  }

  static Map<String, String> parameters(String query) {
    Map<String, String> all = new TreeMap<>();
    if (!query.isEmpty()) {
      for (String one : query.split("&", -1)) {
        String[] both = one.split("=", 2);
        all.put(decoded(both[0]), both.length < 2 ? "" : decoded(both[1]));
      }
    }
    return all;
  }

  static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if ("chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"))) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int size = size(in); size > 0; size = size(in)) {
        all.write(exactly(in, size));
        more(in);
      }
      more(in);
      return all.toByteArray();
    }
    return exactly(in, Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(more(in), 16);
  }

  private static byte[] exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("The client went away");
    }
    return bytes;
  }

  private static String more(InputStream in) throws IOException {
    return line(in).orElseThrow(() -> new EOFException("The client went away"));
  }

  private static Optional<String> line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 && line.isEmpty()) {
        return Optional.empty();
      }
      if (c < 0 || line.length() > MOST_HEAD_BYTES) {
        throw new EOFException("The client went away");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return Optional.of(line.toString());
  }
}
