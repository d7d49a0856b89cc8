package dev.varve.searchtests;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a script would do: scrolls through an index into a file of lines, and sends the lines again.
 * It looks at as little as it can. Used by one thread.
 */
final class PlainLoop {

  private static final int PAGE = 1000;
  private static final int BULK_BYTES = 5 << 20;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;
  private final String index;

  PlainLoop(URI url, String index) {
    this.url = url;
    this.index = index;
  }

  /** Writes all documents to a file and answers how many there were. */
  long scroll(Path file) throws IOException, InterruptedException {
    long count = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      byte[] page =
          post(
              "/" + index + "/_search?scroll=1m",
              ("{\"size\":" + PAGE + ",\"sort\":[\"_doc\"]}").getBytes(StandardCharsets.UTF_8));
      long hits = lines(page, out);
      while (hits > 0) {
        count += hits;
        String scroll = scrollId(page);
        page =
            post(
                "/_search/scroll",
                ("{\"scroll\":\"1m\",\"scroll_id\":\"" + scroll + "\"}")
                    .getBytes(StandardCharsets.UTF_8));
        hits = lines(page, out);
      }
    }
    return count;
  }

  /** Sends the lines of a file. */
  void bulk(Path file) throws IOException, InterruptedException {
    ByteArrayOutputStream batch = new ByteArrayOutputStream(BULK_BYTES + (1 << 16));
    try (InputStream in = Files.newInputStream(file)) {
      byte[] piece = new byte[1 << 16];
      boolean action = true;
      for (int read = in.read(piece); read > 0; read = in.read(piece)) {
        int begin = 0;
        for (int i = 0; i < read; i++) {
          if (piece[i] == '\n') {
            action = !action;
            if (action && batch.size() + i > BULK_BYTES) {
              batch.write(piece, begin, i + 1 - begin);
              begin = i + 1;
              send(batch);
            }
          }
        }
        batch.write(piece, begin, read - begin);
      }
    }
    send(batch);
  }

  private void send(ByteArrayOutputStream batch) throws IOException, InterruptedException {
    if (batch.size() > 0) {
      byte[] answer = post("/" + index + "/_bulk?filter_path=errors", batch.toByteArray());
      String text = new String(answer, StandardCharsets.UTF_8);
      if (!text.contains("\"errors\":false")) {
        throw new IOException("Not all was written: " + text);
      }
      batch.reset();
    }
  }

  private byte[] post(String path, byte[] body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header(
                "Content-Type",
                path.contains("_bulk") ? "application/x-ndjson" : "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException(path + ": " + new String(answer.body(), StandardCharsets.UTF_8));
    }
    return answer.body();
  }

  private static String scrollId(byte[] page) {
    String head = new String(page, 0, Math.min(page.length, 8192), StandardCharsets.ISO_8859_1);
    int begin = head.indexOf("\"_scroll_id\":\"") + "\"_scroll_id\":\"".length();
    return head.substring(begin, head.indexOf('"', begin));
  }

  /** Writes the documents of a page, whose hits name the id before the source. */
  private static long lines(byte[] page, OutputStream out) throws IOException {
    byte[] id = "\"_id\":\"".getBytes(StandardCharsets.UTF_8);
    byte[] source = "\"_source\":".getBytes(StandardCharsets.UTF_8);
    long hits = 0;
    int at = find(page, id, 0);
    while (at >= 0) {
      int end = at;
      while (page[end] != '"') {
        end++;
      }
      out.write("{\"index\":{\"_id\":\"".getBytes(StandardCharsets.UTF_8));
      out.write(page, at, end - at);
      out.write("\"}}\n".getBytes(StandardCharsets.UTF_8));
      int begin = find(page, source, end);
      int after = endOfObject(page, begin);
      out.write(page, begin, after - begin);
      out.write('\n');
      hits++;
      at = find(page, id, after);
    }
    return hits;
  }

  /** Where the bytes after a text begin; -1 if it does not come. */
  private static int find(byte[] page, byte[] text, int from) {
    for (int i = from; i <= page.length - text.length; i++) {
      int same = 0;
      while (same < text.length && page[i + same] == text[same]) {
        same++;
      }
      if (same == text.length) {
        return i + same;
      }
    }
    return -1;
  }

  private static int endOfObject(byte[] page, int begin) {
    int depth = 0;
    boolean quoted = false;
    for (int i = begin; ; i++) {
      byte b = page[i];
      if (quoted) {
        quoted = b != '"';
        i += b == '\\' ? 1 : 0;
      } else if (b == '"') {
        quoted = true;
      } else if (b == '{') {
        depth++;
      } else if (b == '}' && --depth == 0) {
        return i + 1;
      }
    }
  }
}
