package dev.varve.source.jdbc.internal.mariadb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.source.jdbc.internal.dialect.EscapedOutput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RowParserTest {

  /** Rows as text, each byte a character; null as {@code <null>}. */
  private static List<List<String>> parsed(byte[] bytes) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    RowParser.parse(
        new ByteArrayInputStream(bytes),
        new RowParser.Sink() {
          private List<String> row = new ArrayList<>();
          private String value = "";

          @Override
          public void beginValue(int column, boolean isNull) {
            assertEquals(row.size(), column);
            value = isNull ? "<null>" : "";
          }

          @Override
          public void bytes(byte[] some, int offset, int length) {
            value += new String(some, offset, length, StandardCharsets.ISO_8859_1);
          }

          @Override
          public void endValue() {
            row.add(value);
          }

          @Override
          public void endRow() {
            rows.add(row);
            row = new ArrayList<>();
          }
        });
    return rows;
  }

  private static byte[] written(List<List<Optional<byte[]>>> rows) {
    EscapedOutput bytes = new EscapedOutput();
    for (List<Optional<byte[]>> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        if (i > 0) {
          bytes.raw('\t');
        }
        row.get(i).ifPresentOrElse(value -> bytes.binary(value, 0, value.length), bytes::nothing);
      }
      bytes.raw('\n');
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer some = ByteBuffer.allocate(7);
    while (bytes.size() > 0) {
      bytes.drainTo(some);
      out.write(some.array(), 0, some.position());
      some.clear();
    }
    return out.toByteArray();
  }

  @Property(tries = 200)
  void rows_areReadBackAsTheyWereWritten(
      @ForAll @Size(max = 20) List<@IntRange(max = 15) Integer> picks,
      @ForAll @IntRange(min = 1, max = 4) int columns)
      throws IOException {
    byte[] alphabet = "\t\n\\Ntn0\0\r\u00ff\u00e4'a\u001a\"".getBytes(StandardCharsets.ISO_8859_1);
    List<List<Optional<byte[]>>> rows = new ArrayList<>();
    List<List<String>> expected = new ArrayList<>();
    for (int r = 0; r + columns <= picks.size(); r += columns) {
      List<Optional<byte[]>> row = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      for (int c = 0; c < columns; c++) {
        int pick = picks.get(r + c);
        byte[] value = new byte[pick];
        for (int i = 0; i < pick; i++) {
          value[i] = alphabet[(pick * 7 + i * (r + 1)) % alphabet.length];
        }
        row.add(pick == 15 ? Optional.empty() : Optional.of(value));
        texts.add(pick == 15 ? "<null>" : new String(value, StandardCharsets.ISO_8859_1));
      }
      rows.add(row);
      expected.add(texts);
    }

    assertEquals(expected, parsed(written(rows)));
  }

  @Test
  void parse_endsWithinARow_fails() {
    for (String text : List.of("a", "a\t", "a\nb", "a\\", "\\N")) {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      assertThrows(EOFException.class, () -> parsed(bytes), text);
    }
  }

  @Test
  void parse_nothingOrAnEmptyRow() throws IOException {
    assertEquals(List.of(), parsed(new byte[0]));
    assertEquals(List.of(List.of("")), parsed(new byte[] {'\n'}));
    assertThrows(IOException.class, () -> parsed(new byte[] {'\\', 'x', '\n'}));
  }
}
