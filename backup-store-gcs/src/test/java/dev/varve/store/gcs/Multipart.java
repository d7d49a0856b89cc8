package dev.varve.store.gcs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two parts of a {@code multipart/related} upload.
 *
 * @param first the object's properties, as JSON
 * @param second its bytes
 */
record Multipart(String first, byte[] second) {

  private static final Pattern TYPE =
      Pattern.compile("multipart/related; ?boundary=\"?([^\";]+)\"?", Pattern.CASE_INSENSITIVE);

  static Multipart of(Request request) {
    Matcher type = TYPE.matcher(request.header("Content-Type").orElse(""));
    if (!type.matches()) {
      throw Refusal.bad("Content-Type must be multipart/related with a boundary");
    }
    // One char a byte, so that positions are the same.
    String all = new String(request.body(), StandardCharsets.ISO_8859_1);
    String line = "--" + type.group(1);
    String end = "\r\n" + line + "--";
    int begin = all.indexOf(line + "\r\n");
    int middle = all.indexOf("\r\n" + line + "\r\n", begin);
    int finish = all.lastIndexOf(end);
    if (begin != 0 || middle < 0 || finish < middle || all.length() > finish + end.length() + 2) {
      throw Refusal.bad("A multipart body without its parts or its end");
    }
    String first = all.substring(line.length() + 2, middle);
    requireType(first, "application/json");
    int second = middle + line.length() + 4;
    requireType(all.substring(second, finish), "application/octet-stream");
    byte[] json = Arrays.copyOfRange(request.body(), after(all, line.length() + 2), middle);
    return new Multipart(
        new String(json, StandardCharsets.UTF_8),
        Arrays.copyOfRange(request.body(), after(all, second), finish));
  }

  private static int after(String all, int head) {
    int end = all.indexOf("\r\n\r\n", head);
    if (end < 0) {
      throw Refusal.bad("A part without the end of its head");
    }
    return end + 4;
  }

  private static void requireType(String part, String type) {
    String head = part.substring(0, Math.max(0, part.indexOf("\r\n\r\n")));
    if (!head.toLowerCase().contains("content-type: " + type)) {
      throw Refusal.bad("A part must be " + type);
    }
  }
}
