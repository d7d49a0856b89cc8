package dev.varve.source.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reader makes of answers that break off, refuse or lack something. */
class DocumentReaderTest {

  private static final String ID = "{\"id\":\"p\",\"pit_id\":\"p\"}";

  private final List<StubCluster.Reply> replies = new ArrayList<>();
  private StubCluster.Script script = (request, body) -> replies.remove(0);
  private Duration patience = Duration.ofSeconds(60);

  @Test
  void readAll_answerBreaksOff_goesOnFromThereOfTheSameState() throws Exception {
    String whole = page(2, 3, "a", "b", "c");
    replies.add(StubCluster.Reply.breakingOff(whole.substring(0, whole.indexOf("\"_id\":\"c\""))));
    replies.add(StubCluster.Reply.of(503, "{}"));
    script =
        (request, body) ->
            replies.isEmpty()
                ? StubCluster.Reply.of(
                    200, body.contains("search_after") ? page(-1, 3, "c") : whole)
                : replies.remove(0);

    List<String> searches = new ArrayList<>();
    String read = read(searches, 3);

    assertEquals(List.of("a", "b", "c"), ids(read));
    // The client may drop what it received when the connection breaks before that was read.
    assertTrue(
        searches.get(1).contains("\"search_after\":[1]") || searches.get(1).equals(searches.get(0)),
        searches.get(1));
    assertEquals(searches.get(1), searches.get(2));
  }

  @Test
  void readAll_stateIsLost_fails() {
    replies.add(
        StubCluster.Reply.of(
            404, "{\"error\":{\"type\":\"search_context_missing_exception\",\"reason\":\"no\"}}"));

    assertThrows(IOException.class, () -> read(new ArrayList<>(), 1));
  }

  @Test
  void readAll_fewerDocumentsThanTheIndexHas_fails() {
    replies.add(StubCluster.Reply.of(200, page(0, 2, "a")));

    assertThrows(IOException.class, () -> read(new ArrayList<>(), 2));
  }

  @Test
  void readAll_tooMuchForTheNodesMemory_asksForLess() throws Exception {
    replies.add(
        StubCluster.Reply.of(
            429, "{\"error\":{\"type\":\"circuit_breaking_exception\",\"reason\":\"heap\"}}"));
    replies.add(StubCluster.Reply.of(200, page(0, 1, "a")));

    List<String> searches = new ArrayList<>();
    assertEquals(List.of("a"), ids(read(searches, 1)));

    assertTrue(searches.get(0).contains("\"size\":200"), searches.get(0));
    assertTrue(searches.get(1).contains("\"size\":100"), searches.get(1));
  }

  @Test
  void readAll_nobodyAnswersForLongerThanPatience_fails() {
    patience = Duration.ZERO;
    replies.add(StubCluster.Reply.breakingOff("{\"took\":1,"));

    assertThrows(IOException.class, () -> read(new ArrayList<>(), 1));
  }

  @Test
  void readAll_byScroll_readsPageByPageToAnEmptyOne() throws Exception {
    replies.add(StubCluster.Reply.of(200, scroll("s1", "a", "b")));
    replies.add(StubCluster.Reply.of(200, scroll("s2", "c")));
    replies.add(StubCluster.Reply.of(200, scroll("s3")));
    replies.add(StubCluster.Reply.of(200, "{}"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (StubCluster stub = StubCluster.answering((request, body) -> replies.remove(0));
        Connection connection = stub.cluster().connect()) {
      Scrolls scrolls = Scrolls.open(connection, "i", 1, 1);
      new DocumentReader(connection, new Exchange(), scrolls, new Slice(0, 1, 1), 10)
          .readAll(out, false);
      scrolls.close();

      assertEquals(List.of("a", "b", "c"), ids(out.toString(StandardCharsets.UTF_8)));
      assertTrue(stub.bodies().get(2).contains("\"s2\""), stub.bodies().get(2));
      assertEquals("{\"scroll_id\":[\"s3\"]}", stub.bodies().get(3));
    }
  }

  @Test
  void readAll_scrollBreaksOff_failsAtOnce() throws Exception {
    replies.add(StubCluster.Reply.of(200, scroll("s1", "a")));
    replies.add(StubCluster.Reply.breakingOff("{\"_scroll_id\":"));
    try (StubCluster stub = StubCluster.answering((request, body) -> replies.remove(0));
        Connection connection = stub.cluster().connect()) {
      Scrolls scrolls = Scrolls.open(connection, "i", 1, 1);
      DocumentReader reader =
          new DocumentReader(connection, new Exchange(), scrolls, new Slice(0, 1, 1), 10);

      assertThrows(IOException.class, () -> reader.readAll(new ByteArrayOutputStream(), false));
    }
  }

  /** Pages after pages without gaps are asked for before they are known to end where expected. */
  @ParameterizedTest
  @ValueSource(strings = {"[%d]", "[%1$d,429496%1$04d]"})
  void readAll_gapBehindManyPages_readsNothingTwiceAndLeavesNothingOut(String sort)
      throws Exception {
    List<Integer> places = new ArrayList<>();
    for (int place = 0; place < 40; place++) {
      places.add(place < 20 ? place : place * (place % 3 == 0 ? 100 : 101));
    }
    List<String> expected = places.stream().map(place -> "d" + place).toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Pattern search = Pattern.compile("\"size\":(\\d+).*?(?:\"search_after\":\\[(\\d+)[,\\]]|$)");
    List<String> searches = new ArrayList<>();
    try (StubCluster stub =
            StubCluster.answering(
                (request, body) -> {
                  Matcher asked = search.matcher(body);
                  if (!asked.find()) {
                    return StubCluster.Reply.of(200, ID);
                  }
                  searches.add(body);
                  int after = asked.group(2) == null ? -1 : Integer.parseInt(asked.group(2));
                  List<Integer> found =
                      places.stream()
                          .filter(place -> place > after)
                          .limit(Integer.parseInt(asked.group(1)))
                          .toList();
                  return StubCluster.Reply.of(200, page(places.size(), found, sort));
                });
        Connection connection = stub.cluster().connect()) {
      Cluster cluster = new Cluster(false, Cluster.Version.parse("8.19.0"), "c");
      PointInTime view = PointInTime.open(connection, cluster, "i");
      DocumentReader reader =
          new DocumentReader(connection, new Exchange(), view, new Slice(0, 1, 1), 3);

      assertEquals(places.size(), reader.readAll(out, false));
    }

    assertEquals(expected, ids(out.toString(StandardCharsets.UTF_8)));
    assertTrue(searches.size() < 20, searches.toString());
  }

  private static String page(int total, List<Integer> places, String sort) {
    String hits =
        String.join(
            ",",
            places.stream()
                .map(
                    place ->
                        "{\"_id\":\"d%d\",\"_version\":1,\"_source\":{},\"sort\":%s}"
                            .formatted(place, sort.formatted(place)))
                .toList());
    return "{\"pit_id\":\"p\",\"_shards\":{\"failed\":0},\"hits\":{\"total\":{\"value\":"
        + total
        + ",\"relation\":\"eq\"},\"hits\":["
        + hits
        + "]}}";
  }

  private String read(List<String> searches, int documents) throws Exception {
    replies.add(0, StubCluster.Reply.of(200, ID));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (StubCluster stub = StubCluster.answering(script);
        Connection connection = stub.cluster().patience(patience).connect()) {
      Cluster cluster = new Cluster(false, Cluster.Version.parse("8.19.0"), "c");
      PointInTime view = PointInTime.open(connection, cluster, "i");
      DocumentReader reader =
          new DocumentReader(connection, new Exchange(), view, new Slice(0, 1, 1), 1000);
      assertEquals(documents, reader.readAll(out, false));
      searches.addAll(stub.bodies().subList(1, stub.bodies().size()));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String page(int unused, int total, String... ids) {
    String said = unused < 0 ? "" : "\"total\":{\"value\":" + total + ",\"relation\":\"eq\"},";
    return "{\"pit_id\":\"p\",\"timed_out\":false,\"_shards\":{\"failed\":0},\"hits\":{"
        + said
        + "\"hits\":["
        + hits(ids)
        + "]}}";
  }

  private static String scroll(String id, String... ids) {
    return "{\"_scroll_id\":\""
        + id
        + "\",\"_shards\":{\"failed\":0},\"hits\":{\"total\":"
        + "{\"value\":3,\"relation\":\"eq\"},\"hits\":["
        + hits(ids)
        + "]}}";
  }

  private static String hits(String... ids) {
    List<String> hits = new ArrayList<>();
    for (String id : ids) {
      hits.add(
          "{\"_id\":\"%s\",\"_version\":1,\"_source\":{\"id\":1},\"sort\":[%d]}"
              .formatted(id, hits.size()));
    }
    return String.join(",", hits);
  }

  private static List<String> ids(String lines) {
    return lines
        .lines()
        .filter(line -> line.startsWith("{\"index\""))
        .map(line -> line.replaceAll(".*\"_id\":\"([^\"]*)\".*", "$1"))
        .toList();
  }
}
