package dev.varve.source.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HitPageTest {

  private static final String HEAD =
      "{\"pit_id\":\"p2\",\"took\":1,\"timed_out\":false,\"_shards\":{\"total\":2,\"failed\":0},"
          + "\"hits\":{\"total\":{\"value\":2,\"relation\":\"eq\"},\"max_score\":null,\"hits\":[";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final DocumentWriter documents = new DocumentWriter(out, false);

  @Test
  void read_documents_becomeLines() throws IOException {
    HitPage page =
        page(
            HEAD
                + "{\"_index\":\"i\",\"_id\":\"a\\\"\",\"_version\":7,\"_score\":null,"
                + "\"_routing\":\"r\",\"_source\":{\"n\": 1.50}, \"sort\":[0]},"
                + "{\"_index\":\"i\",\"_id\":\"b\",\"_version\":1,\"_source\":{},\"sort\":[5]}]}}");

    assertEquals(
        """
        {"index":{"_id":"a\\"","routing":"r","version":7,"version_type":"external_gte"}}
        {"n": 1.50}
        {"index":{"_id":"b","version":1,"version_type":"external_gte"}}
        {}
        """,
        out.toString(StandardCharsets.UTF_8));
    assertEquals(2, page.hits());
    assertEquals(2, page.total());
    assertEquals(Optional.of(RawJson.of("[5]")), page.last());
    assertEquals(Optional.of(RawJson.of("\"p2\"")), page.context());
  }

  @Test
  void read_ofAStream_createsOnly() throws IOException {
    DocumentWriter creating = new DocumentWriter(out, true);
    String hit = "{\"_id\":\"a\",\"_version\":7,\"_source\":{},\"sort\":[0]}]}}";

    new HitPage(creating).read(stream(HEAD + hit));

    assertEquals("{\"create\":{\"_id\":\"a\"}}\n{}\n", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void read_notAllShardsAnswered_fails() {
    String failed =
        HEAD.replace(
            "\"failed\":0",
            "\"failed\":1,\"failures\":[{\"reason\":{\"type\":\"gone\",\"reason\":\"no node\"}}]");
    IOException e = assertThrows(IOException.class, () -> page(failed + "]}}"));

    assertTrue(String.valueOf(e.getMessage()).contains("no node"), String.valueOf(e));
  }

  @Test
  void read_timedOutOrWithoutHits_fails() {
    assertThrows(
        IOException.class,
        () -> page(HEAD.replace("\"timed_out\":false", "\"timed_out\":true") + "]}}"));
    assertThrows(IOException.class, () -> page("{\"took\":1}"));
  }

  /** A page in the order of the shard says so whenever there is more: it is how pages end. */
  @Test
  void read_endedEarlyAsPagesDo_isTaken() throws IOException {
    String early = HEAD.replace("\"took\":1", "\"terminated_early\":true");

    assertEquals(0, page(early + "]}}").hits());
  }

  @Test
  void read_documentWithoutSource_fails() {
    assertThrows(IOException.class, () -> page(HEAD + "{\"_id\":\"a\",\"_version\":1}]}}"));
  }

  @Test
  void read_idBehindSource_fails() {
    assertThrows(
        IOException.class,
        () -> page(HEAD + "{\"_id\":\"a\",\"_version\":1,\"_source\":{},\"_routing\":\"x\"}]}}"));
  }

  /** Whatever broke off is asked for again from the last whole document on. */
  @Property(tries = 300)
  void read_brokenOffAnywhere_goesOnWithoutAGapOrARepetition(@ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> hits = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      hits.add(
          "{\"_id\":\"%d\",\"_version\":%d,\"_source\":%s,\"sort\":[%d]}"
              .formatted(i, random.nextInt(9), new JsonTexts(random).object(3), i));
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    new HitPage(new DocumentWriter(whole, false)).read(stream(answer(hits)));

    ByteArrayOutputStream resumed = new ByteArrayOutputStream();
    DocumentWriter writer = new DocumentWriter(resumed, false);
    int done = 0;
    for (int attempt = 0; attempt < 20; attempt++) {
      byte[] answer = answer(hits.subList(done, hits.size())).getBytes(StandardCharsets.UTF_8);
      boolean breaks = attempt < 19;
      int at = breaks ? random.nextInt(answer.length) : Integer.MAX_VALUE;
      HitPage page = new HitPage(writer);
      try {
        page.read(new DribblingStream(answer, at, random));
      } catch (IOException broken) {
        assertTrue(breaks, String.valueOf(broken));
      }
      writer.again();
      done += page.hits();
    }

    assertEquals(whole.toString(StandardCharsets.UTF_8), resumed.toString(StandardCharsets.UTF_8));
    assertEquals(hits.size(), writer.documents());
  }

  private static String answer(List<String> hits) {
    return HEAD + String.join(",", hits) + "]}}";
  }

  private HitPage page(String answer) throws IOException {
    HitPage page = new HitPage(documents);
    page.read(stream(answer));
    return page;
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
