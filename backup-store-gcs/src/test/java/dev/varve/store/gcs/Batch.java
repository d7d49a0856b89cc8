package dev.varve.store.gcs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code multipart/mixed} request of requests. Refuses one that is not written as documented.
 *
 * @param parts what it asks for, by the parts' ids
 */
record Batch(Map<String, Request> parts) {

  static final String PATH = "/batch/storage/v1";

  private static final int MOST_PARTS = 100;
  private static final String BOUNDARY = "batch_answer";

  private static final Pattern TYPE =
      Pattern.compile("multipart/mixed; ?boundary=\"?([^\";]+)\"?", Pattern.CASE_INSENSITIVE);

  static Batch of(Request request) {
    Matcher type = TYPE.matcher(request.header("Content-Type").orElse(""));
    if (!request.method().equals("POST") || !type.matches()) {
      throw Refusal.bad("A batch is posted as multipart/mixed with a boundary");
    }
    String line = "--" + type.group(1);
    String body = "\r\n" + new String(request.body(), StandardCharsets.ISO_8859_1);
    int end = body.indexOf("\r\n" + line + "--");
    if (!body.startsWith("\r\n" + line + "\r\n") || end < 0) {
      throw Refusal.bad("A batch without its parts or its end");
    }
    Map<String, Request> parts = new LinkedHashMap<>();
    String[] pieces = body.substring(0, end).split(Pattern.quote("\r\n" + line + "\r\n"), -1);
    for (String piece : List.of(pieces).subList(1, pieces.length)) {
      add(parts, request, piece);
    }
    if (parts.size() > MOST_PARTS) {
      throw Refusal.bad("A batch has at most " + MOST_PARTS + " parts, not " + parts.size());
    }
    return new Batch(parts);
  }

  private static void add(Map<String, Request> parts, Request whole, String piece) {
    int head = piece.indexOf("\r\n\r\n");
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String header : piece.substring(0, Math.max(0, head)).split("\r\n", -1)) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    String id = headers.getOrDefault("Content-ID", "");
    if (!"application/http".equals(headers.get("Content-Type")) || id.isEmpty()) {
      throw Refusal.bad("A part must be application/http and have an id, not " + headers);
    }
    byte[] inner = piece.substring(head + 4).getBytes(StandardCharsets.ISO_8859_1);
    try {
      Request one = Request.read(new ByteArrayInputStream(inner)).orElseThrow();
      one.headers().putIfAbsent("Authorization", whole.header("Authorization").orElse(""));
      String path = one.path().replaceFirst("^https?://[^/]*", "");
      if (one.isMedia() || path.startsWith("/upload/") || path.startsWith("/batch/")) {
        throw Refusal.bad("Neither media nor batches can be parts of a batch");
      }
      Request part = new Request(one.method(), path, one.query(), one.headers(), one.body());
      if (parts.put(id, part) != null) {
        throw Refusal.bad("Two parts are called " + id);
      }
    } catch (IOException e) {
      throw Refusal.bad("A part that is no request");
    }
  }

  /** All answers as one, in the order in which they were asked for. */
  Answer answer(Function<Request, Answer> each) {
    List<String> answers = new ArrayList<>();
    parts.forEach((id, part) -> answers.add(answer(id, each.apply(part))));
    String body = String.join("", answers) + "--" + BOUNDARY + "--\r\n";
    return new Answer(
        200,
        Map.of("Content-Type", "multipart/mixed; boundary=" + BOUNDARY),
        body.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String answer(String id, Answer one) {
    return "--"
        + BOUNDARY
        + "\r\nContent-Type: application/http\r\nContent-ID: "
        + id.replaceFirst("^<", "<response-")
        + "\r\n\r\n"
        + new String(one.head(), StandardCharsets.ISO_8859_1)
        + new String(one.body(), StandardCharsets.ISO_8859_1)
        + "\r\n";
  }

  static Optional<Batch> find(Request request) {
    return request.path().equals(PATH) ? Optional.of(of(request)) : Optional.empty();
  }
}
