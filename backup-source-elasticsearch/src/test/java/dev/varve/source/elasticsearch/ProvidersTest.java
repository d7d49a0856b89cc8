package dev.varve.source.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.source.SourceProvider;
import dev.varve.target.TargetProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvidersTest {

  @TempDir Path directory;

  @Test
  void providers_areFoundForBothSchemes() {
    Set<String> schemes = new TreeSet<>();
    ServiceLoader.load(SourceProvider.class).forEach(p -> schemes.add("from " + p.scheme()));
    ServiceLoader.load(TargetProvider.class).forEach(p -> schemes.add("to " + p.scheme()));

    assertEquals(
        Set.of("from elasticsearch", "from opensearch", "to elasticsearch", "to opensearch"),
        schemes);
  }

  @Test
  void create_hostAlone_isPlainHttpAtTheUsualPort() {
    assertEquals(
        "elasticsearch:cluster@search-1 at http://search-1:9200",
        source("elasticsearch://search-1", Map.of()).toString());
  }

  @Test
  void create_severalNodesAndPath_areTaken() {
    assertEquals(
        "elasticsearch:logs@here at http://a:9200/es,http://b:1/es",
        source("elasticsearch://a,b:1/es", Map.of("name", List.of("logs"), "host", List.of("here")))
            .toString());
  }

  @Test
  void create_withCredentials_isNeverPlainUnlessSaid() {
    Map<String, List<String>> key = Map.of("api-key-file", List.of("/k"));
    Map<String, List<String>> plain =
        Map.of("api-key-file", List.of("/k"), "tls", List.of("false"));

    assertTrue(source("elasticsearch://a", key).toString().endsWith("https://a:9200"));
    assertTrue(source("elasticsearch://a", plain).toString().endsWith("http://a:9200"));
    assertTrue(source("elasticsearch:https://a:9243", key).toString().endsWith("https://a:9243"));
  }

  @Test
  void create_secrets_areNowhereToBeSeen() throws IOException {
    Path file = Files.writeString(directory.resolve("password"), "s3cret\n");
    ElasticsearchSource source =
        source(
            "elasticsearch://127.0.0.1:1",
            Map.of(
                "user", List.of("varve"),
                "password-file", List.of(file.toString()),
                "tls", List.of("false")));
    SearchCluster cluster =
        SearchCluster.at("http://127.0.0.1:1")
            .user("varve", () -> "s3cret")
            .patience(java.time.Duration.ZERO);

    IOException e;
    try (Connection connection = cluster.connect()) {
      e = assertThrows(IOException.class, () -> connection.ask(Call.get("/")));
      assertFalse(connection.toString().contains("s3cret"));
    }

    assertFalse((source + " " + cluster + " " + e).contains("s3cret"));
    assertFalse((source + " " + cluster + " " + e).contains("c2VjcmV0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"elasticsearch:a", "elasticsearch://", "elasticsearch:ftp://a", "elasticsearch:"})
  void create_whatIsNoCluster_isRefused(String location) {
    assertThrows(ConfigurationException.class, () -> source(location, Map.of()));
  }

  @Test
  void create_optionsThatDoNotFit_areRefused() {
    assertThrows(
        ConfigurationException.class,
        () -> source("elasticsearch://a", Map.of("user", List.of("u"))));
    assertThrows(
        ConfigurationException.class,
        () -> source("elasticsearch://a", Map.of("indices", List.of("x"))));
    assertThrows(ConfigurationException.class, () -> target(Map.of("mode", List.of("overwrite"))));
    assertThrows(
        ConfigurationException.class, () -> target(Map.of("rename-pattern", List.of("x"))));
    assertThrows(
        ConfigurationException.class,
        () -> target(Map.of("rename-pattern", List.of("("), "rename-replacement", List.of("x"))));
    ConfigurationException part =
        assertThrows(ConfigurationException.class, () -> target(Map.of("part", List.of("all"))));
    assertTrue(String.valueOf(part.getMessage()).contains("data-streams"));
  }

  @Test
  void create_target_takesAllItsOptions() {
    Map<String, List<String>> all =
        Map.of(
            "mode", List.of("swap"),
            "part", List.of("indices", "documents"),
            "include", List.of("a*", "b"),
            "exclude", List.of("ab"),
            "rename-pattern", List.of("^"),
            "rename-replacement", List.of("old-"),
            "bulk-bytes", List.of("1000000"),
            "bulk-requests", List.of("2"));

    assertEquals("search cluster http://a:9200", target(all).toString());
  }

  private static ElasticsearchSource source(String location, Map<String, List<String>> options) {
    return (ElasticsearchSource)
        new ElasticsearchSourceProvider()
            .create(List.of(Location.parse(location)), Options.of("elasticsearch", options));
  }

  private static ElasticsearchTarget target(Map<String, List<String>> options) {
    return (ElasticsearchTarget)
        new ElasticsearchTargetProvider()
            .create(Location.parse("elasticsearch://a"), Options.of("elasticsearch", options));
  }
}
