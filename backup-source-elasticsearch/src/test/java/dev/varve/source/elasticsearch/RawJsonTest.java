package dev.varve.source.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RawJsonTest {

  @Property(tries = 300)
  void fields_anyValues_areTheSameBytesAtEveryDepth(@ForAll long seed) throws IOException {
    JsonTexts texts = new JsonTexts(new SplittableRandom(seed));
    String one = texts.value(4);
    String other = texts.value(4);

    RawJson json = RawJson.of("{ \"a\" : [ " + one + " , {\"b\" : " + other + "\n} ] }");

    List<RawJson> items = json.at("a").items();
    assertEquals(one, items.get(0).toString());
    assertEquals(other, String.valueOf(items.get(1).fields().get("b")));
  }

  @Property(tries = 300)
  void canonical_spacesAndOrder_doNotMatter(@ForAll long seed) throws IOException {
    JsonTexts texts = new JsonTexts(new SplittableRandom(seed));
    String one = texts.value(3);
    String other = texts.value(3);

    assertEquals(
        RawJson.of("{\"x\":" + one + ",\"y\":" + other + "}").canonical(),
        RawJson.of("{ \"y\" : " + other + ", \"x\" :\n" + one + " }").canonical());
  }

  @Test
  void number_manyDigits_keepsThem() throws IOException {
    RawJson json = RawJson.of("{\"n\":12345678901234567890.1000}");

    assertEquals("12345678901234567890.1000", json.at("n").toString());
    assertEquals("12345678901234567890.1000", json.at("n").text());
  }

  @Test
  void find_missingOrNull_isEmpty() throws IOException {
    RawJson json = RawJson.of("{\"a\":{\"b\":null},\"c\":5}");

    assertEquals(Optional.empty(), json.find("a", "b"));
    assertEquals(Optional.empty(), json.find("a", "x"));
    assertEquals(Optional.empty(), json.find("c", "x"));
    assertThrows(IOException.class, () -> json.at("nothing"));
  }

  @Test
  void object_oddNames_readsBack() throws IOException {
    RawJson made = RawJson.object(Map.of("a\"\\\n\u00e4", RawJson.string("\u0001\uD83D\uDE00")));

    assertEquals("\u0001\uD83D\uDE00", made.at("a\"\\\n\u00e4").text());
  }

  @Test
  void fields_brokenOff_fails() {
    assertThrows(IOException.class, () -> RawJson.of("{\"a\":[1,").fields());
    assertThrows(IOException.class, () -> RawJson.of("").fields());
    assertThrows(IOException.class, () -> RawJson.of("[]").fields());
  }

  @Test
  void trimmed_spacesAround_areGone() {
    assertEquals(RawJson.of("{}"), RawJson.of(" {}\n").trimmed());
    assertTrue(RawJson.of("null").isNull());
  }
}
