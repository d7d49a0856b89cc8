package dev.varve.source.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActionLineTest {

  @Property(tries = 200)
  void parse_whatABackupWrites_isTheSame(
      @ForAll String id, @ForAll String routing, @ForAll @IntRange(min = 1) int version)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DocumentWriter documents = new DocumentWriter(out, false);
    documents.begin(RawJson.string(id), Optional.of(RawJson.string(routing)), version);

    ActionLine line = parse(out.toString(StandardCharsets.UTF_8));

    byte[] written = out.toByteArray();
    boolean plain = (id + routing).chars().noneMatch(c -> c < ' ' || c == '"' || c == '\\');
    assertTrue(!plain || ActionLine.keepsVersion(written, 0, written.length));
    assertEquals(RawJson.string(id), line.id());
    assertEquals(Optional.of(RawJson.string(routing)), line.routing());
    assertEquals(
        out.toString(StandardCharsets.UTF_8),
        new String(line.keepingVersion(), StandardCharsets.UTF_8));
  }

  @Test
  void lines_ofOneDocument_differInWhatTheyMayReplace() throws IOException {
    ActionLine line = parse("{\"create\":{\"_id\":\"a\",\"routing\":\"r\"}}");

    assertEquals("{\"index\":{\"_id\":\"a\",\"routing\":\"r\"}}\n", text(line.overwriting()));
    assertEquals("{\"create\":{\"_id\":\"a\",\"routing\":\"r\"}}\n", text(line.creating()));
  }

  /** Whoever wrote the snapshot must not reach other indices, or delete. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"delete\":{\"_id\":\"a\"}}",
        "{\"index\":{\"_id\":\"a\",\"_index\":\"other\"}}",
        "{\"index\":{\"_id\":\"a\",\"pipeline\":\"p\"}}",
        "{\"index\":{}}",
        "{\"index\":{\"_id\":\"a\"},\"delete\":{\"_id\":\"b\"}}",
        "{\"index\":{\"_id\":\"a\",\"version\":\"x\"}}",
        "{}",
        "[]",
        "{\"index\":{\"_id\":\"a\""
      })
  void parse_anythingElse_isRefused(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    assertFalse(ActionLine.keepsVersion(bytes, 0, bytes.length));
    assertThrows(IOException.class, () -> parse(line));
  }

  /** What is passed on without being taken apart must be what taking it apart would make. */
  @Property(tries = 500)
  void keepsVersion_damagedAnywhere_isRefusedOrStillTheSameLine(
      @ForAll @IntRange(max = 200) int at, @ForAll byte damage) {
    byte[] line =
        "{\"index\":{\"_id\":\"abc\",\"routing\":\"r\",\"version\":12,\"version_type\":\"external_gte\"}}\n"
            .getBytes(StandardCharsets.UTF_8);
    line[at % line.length] = damage;
    if (damage >= 0 && ActionLine.keepsVersion(line, 0, line.length)) {
      String kept;
      try {
        kept = text(ActionLine.parse(line, 0, line.length).keepingVersion());
      } catch (IOException e) {
        throw new AssertionError("Passed on, but cannot be read: " + text(line), e);
      }
      // Leading zeros are the one thing that reading would take away.
      assertEquals(text(line).replaceAll("\"version\":0+(?=[0-9])", "\"version\":"), kept);
    }
  }

  private static ActionLine parse(String line) throws IOException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return ActionLine.parse(bytes, 0, bytes.length);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
