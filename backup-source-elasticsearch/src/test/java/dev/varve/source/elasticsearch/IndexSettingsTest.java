package dev.varve.source.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IndexSettingsTest {

  private static final RawJson STORED =
      RawJson.of(
          """
          {"index.uuid":"u","index.creation_date":"1","index.version.created":"7",
           "index.number_of_shards":"3","index.number_of_replicas":"2",
           "index.analysis.filter.f.stopwords":["a","b"],"index.blocks.write":"true",
           "index.lifecycle.name":"p","index.default_pipeline":"d",
           "index.replication.type":"DOCUMENT"}
          """);

  @Test
  void of_whatBelongsToTheOldIndex_isLeftOut() throws IOException {
    IndexSettings settings = IndexSettings.of(STORED);

    assertNull(settings.creation().get("index.uuid"));
    assertNull(settings.afterwards().get("index.uuid"));
    assertEquals(RawJson.of("\"3\""), settings.creation().get("index.number_of_shards"));
    assertEquals(
        RawJson.of("[\"a\",\"b\"]"), settings.creation().get("index.analysis.filter.f.stopwords"));
  }

  @Test
  void of_whatHindersLoading_isSetAfterwards() throws IOException {
    IndexSettings settings = IndexSettings.of(STORED);

    assertEquals(RawJson.of("\"0\""), settings.creation().get(IndexSettings.REPLICAS));
    assertEquals(RawJson.of("\"2\""), settings.afterwards().get(IndexSettings.REPLICAS));
    assertEquals(RawJson.of("\"-1\""), settings.creation().get(IndexSettings.REFRESH));
    assertEquals(RawJson.of("null"), settings.afterwards().get(IndexSettings.REFRESH));
    assertEquals(RawJson.of("\"_none\""), settings.creation().get("index.default_pipeline"));
    assertEquals(RawJson.of("\"d\""), settings.afterwards().get("index.default_pipeline"));
    assertFalse(settings.creation().containsKey("index.blocks.write"));
    assertEquals(RawJson.of("\"true\""), settings.afterwards().get("index.blocks.write"));
    assertFalse(settings.creation().containsKey("index.lifecycle.name"));
  }

  @Test
  void without_unknownSettings_areGoneFromBoth() throws IOException {
    IndexSettings settings =
        IndexSettings.of(STORED).without(Set.of("index.lifecycle.name", "index.number_of_shards"));

    assertFalse(settings.creation().containsKey("index.number_of_shards"));
    assertFalse(settings.afterwards().containsKey("index.lifecycle.name"));
  }

  @Test
  void fitting_whatOnlyTheOtherProductSays_isLeftOutWhereItIsUsual() throws IOException {
    IndexSettings settings = IndexSettings.of(STORED);

    assertFalse(settings.fitting(false).creation().containsKey("index.replication.type"));
    assertEquals(settings, settings.fitting(true));
  }
}
