package dev.varve.store.gcs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two parts of a {@code multipart/related} upload.
 *
 * @param first the object's properties, as JSON
 * @param second its bytes
 */
record Multipart(String first, byte[] second) {

  private static final int MOST_HEAD_BYTES = 4096;

  private static final Pattern TYPE =
      Pattern.compile("multipart/related; ?boundary=\"?([^\";]+)\"?", Pattern.CASE_INSENSITIVE);

  static Multipart of(Request request) {
    Matcher type = TYPE.matcher(request.header("Content-Type").orElse(""));
    if (!type.matches()) {
      throw Refusal.bad("Content-Type must be multipart/related with a boundary");
    }
    byte[] body = request.body();
    String line = "--" + type.group(1);
    String end = "\r\n" + line + "--";
    String head = text(body, 0, MOST_HEAD_BYTES);
    int middle = head.indexOf("\r\n" + line + "\r\n");
    int last = text(body, body.length - end.length() - 2, body.length).indexOf(end);
    if (!head.startsWith(line + "\r\n") || middle < 0 || last < 0) {
      throw Refusal.bad("A multipart body without its parts or its end");
    }
    int finish = Math.max(0, body.length - end.length() - 2) + last;
    int second = middle + line.length() + 4;
    int json = after(head, line.length() + 2, "application/json");
    int bytes = after(head, second, "application/octet-stream");
    if (finish < bytes) {
      throw Refusal.bad("A multipart body without its second part");
    }
    return new Multipart(
        new String(body, json, middle - json, StandardCharsets.UTF_8),
        Arrays.copyOfRange(body, bytes, finish));
  }

  /** One char a byte, so that positions are the same. */
  private static String text(byte[] body, int from, int to) {
    int begin = Math.max(0, from);
    int end = Math.min(body.length, to);
    return new String(body, begin, end - begin, StandardCharsets.ISO_8859_1);
  }

  /** Where a part's content begins, which must be of this type. */
  private static int after(String all, int part, String type) {
    int end = all.indexOf("\r\n\r\n", part);
    if (end < 0) {
      throw Refusal.bad("A part without the end of its head");
    }
    String head = all.substring(part, end).toLowerCase(Locale.ROOT);
    if (!head.contains("content-type: " + type)) {
      throw Refusal.bad("A part must be " + type);
    }
    return end + 4;
  }
}
