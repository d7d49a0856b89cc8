package dev.varve.source.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonScannerTest {

  @Property(tries = 500)
  void copy_anyValueInAnyPieces_isTheSameBytes(@ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    String value = new JsonTexts(random).value(5);
    byte[] stream = (" " + value + " ,\"next\"").getBytes(StandardCharsets.UTF_8);
    JsonScanner scanner = new JsonScanner(new DribblingStream(stream, Integer.MAX_VALUE, random));
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    scanner.copy(out);

    assertEquals(value, out.toString(StandardCharsets.UTF_8));
    scanner.expect(',');
    assertEquals("next", scanner.value().text());
    scanner.end();
  }

  @Property(tries = 300)
  void copy_endsAnywhereInside_fails(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] value = new JsonTexts(random).object(4).getBytes(StandardCharsets.UTF_8);
    byte[] part = java.util.Arrays.copyOf(value, random.nextInt(value.length));

    assertThrows(
        EOFException.class,
        () -> new JsonScanner(new ByteArrayInputStream(part)).copy(new ByteArrayOutputStream()));
  }

  @Test
  void copy_lineBreaksAndComments_becomeSpaces() throws IOException {
    assertEquals(
        "{" + " ".repeat(9) + "\"a//b\" :  [1," + " ".repeat(14) + "2 ] }",
        copied("{ // one\r\n\"a//b\" :\n [1, /* two\n***/\t2 ]\n}".replace("\t", "  ")));
  }

  @Test
  void copy_longerThanAnyBuffer_isTheSame() throws IOException {
    String value = "{\"a\":\"" + "\\\\x".repeat(200_000) + "\"}";

    assertEquals(value, copied(value));
  }

  @Test
  void end_moreBehind_fails() throws IOException {
    JsonScanner scanner = scanner("{} x");
    scanner.skip();

    assertThrows(IOException.class, scanner::end);
  }

  private static String copied(String json) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    scanner(json).copy(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static JsonScanner scanner(String json) {
    return new JsonScanner(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }
}
