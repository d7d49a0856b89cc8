package dev.varve.searchtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.key.KeyFile;
import dev.varve.testservers.ServerJvm;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest documents that a server takes pass through a heap that cannot hold one of them. */
@Tag("deep")
class LargestDocumentTest {

  private static final int NODE_MEGABYTES = 3000;
  private static final String HEAP = "-Xmx88m";
  private static final int TEXTS = 9;
  private static final int TEXT_BYTES = 10_000_000;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir Path directory;

  /** About 90 MB, just below what servers take by default. */
  private static InputStream document(int seed) {
    List<InputStream> parts = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      byte[] name = ((i == 0 ? "{" : ",") + "\"t" + i + "\":\"").getBytes(StandardCharsets.UTF_8);
      parts.add(new ByteArrayInputStream(name));
      parts.add(new Letters(TEXT_BYTES, seed + i));
      parts.add(new ByteArrayInputStream(new byte[] {'"'}));
    }
    parts.add(new ByteArrayInputStream(new byte[] {'}'}));
    return new SequenceInputStream(Collections.enumeration(parts));
  }

  @Test
  void backupAndRestore_documentLargerThanTheHeap_isTheSame() throws Exception {
    KeyFile.generate().save(directory.resolve("key"));
    try (ServerJvm server = Node.ELASTICSEARCH_8.start(NODE_MEGABYTES)) {
      Http http = new Http(server.url());
      http.put("/large", "{\"mappings\":{\"enabled\":false}}");
      List<String> before = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        put(server.url().resolve("/large/_doc/" + i), i);
        before.add(digest(server.url().resolve("/large/_source/" + i)));
      }
      String location = "elasticsearch://" + server.url().getAuthority();

      varve("backup", "--init", location);
      http.delete("/large");
      varve("restore", "latest", "--target", location);

      for (int i = 0; i < 2; i++) {
        assertEquals(before.get(i), digest(server.url().resolve("/large/_source/" + i)));
      }
    }
  }

  private void put(URI document, int seed) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(document)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofInputStream(() -> document(seed)))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertEquals(201, answer.statusCode(), answer.body());
  }

  private String digest(URI source) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(source).build();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
    assertEquals(200, answer.statusCode());
    try (InputStream in = new DigestInputStream(answer.body(), digest)) {
      in.skipNBytes((long) TEXTS * TEXT_BYTES);
      in.readAllBytes();
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void varve(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(HEAP, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("dev.varve.examples.cli.Main");
    command.addAll(List.of(arguments));
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    process
        .environment()
        .putAll(
            Map.of(
                "VARVE_REPO", directory.resolve("repository").toString(),
                "VARVE_KEY_FILE", directory.resolve("key").toString(),
                "XDG_CACHE_HOME", directory.resolve("cache").toString(),
                "XDG_STATE_HOME", directory.resolve("state").toString()));
    Process running = process.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, running.waitFor(), said);
  }

  /** Letters that hardly repeat. */
  private static final class Letters extends InputStream {
    private int left;
    private int state;

    Letters(int count, int seed) {
      left = count;
      state = seed;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int count = Math.min(left, length);
      for (int i = 0; i < count; i++) {
        state = state * 1_103_515_245 + 12_345;
        into[offset + i] = (byte) ('a' + (state >>> 16) % 26);
      }
      left -= count;
      return count == 0 && length > 0 ? -1 : count;
    }
  }
}
