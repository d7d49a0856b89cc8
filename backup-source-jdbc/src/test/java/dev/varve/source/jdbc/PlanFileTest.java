package dev.varve.source.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlanFileTest {

  private static final String HEAD =
      "{\"varve\":\"plan\",\"version\":1,\"dialect\":\"h2\",\"product\":\"H2\",\"steps\":%d,"
          + "\"leftOut\":%d}\n";
  private static final String STEP = "{\"phase\":\"%s\",\"path\":\"%s\"%s}\n";

  private static Plan read(String text) throws IOException {
    return PlanFile.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void refused(String why, String text) {
    IOException refused = assertThrows(IOException.class, () -> read(text));
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
  }

  @Property(tries = 200)
  void write_read_isTheSamePlan(
      @ForAll String product,
      @ForAll String schema,
      @ForAll String table,
      @ForAll Map<String, String> facts,
      @ForAll List<String> leftOut)
      throws IOException {
    EntryPath path = EntryPath.ofBytes(new byte[] {'a', (byte) 0xff, '\\'});
    EntryPath other = EntryPath.of("b/c");
    List<Step> steps =
        List.of(
            new Step(
                Phase.DEFINITION,
                path,
                Optional.of(new TableName(schema, table)),
                List.of(),
                facts),
            new Step(Phase.ROWS, other, Optional.empty(), List.of(path), Map.of()));
    Plan plan = new Plan("h2", product, facts, steps, leftOut);

    byte[] written = PlanFile.write(plan);

    Plan read = PlanFile.read(new ByteArrayInputStream(written));
    // Half a character has no UTF-8 form; everything else is as it was.
    if (StandardCharsets.UTF_8.newEncoder().canEncode(product + schema + table + facts + leftOut)) {
      assertEquals(plan, read);
      assertArrayEquals(written, PlanFile.write(read));
    }
    assertEquals(2, read.steps().size());
  }

  @Test
  void write_samePlan_isTheSameBytes() throws IOException {
    Map<String, String> facts = Map.of("a", "1", "b", "2", "c", "3", "d", "4");
    Plan plan = new Plan("h2", "H2", facts, List.of(), List.of());

    assertEquals(
        "{\"varve\":\"plan\",\"version\":1,\"dialect\":\"h2\",\"product\":\"H2\",\"facts\":{\"a\":"
            + "\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":\"4\"},\"steps\":0,\"leftOut\":0}\n",
        new String(PlanFile.write(plan), StandardCharsets.UTF_8));
  }

  @Test
  void read_newerVersion_saysSo() {
    refused("newer Varve", HEAD.formatted(0, 0).replace("\"version\":1", "\"version\":2"));
  }

  @Test
  void read_contradictions_areRefused() {
    String a = STEP.formatted("definition", "a", "");
    refused("twice", HEAD.formatted(2, 0) + a + a);
    refused("order", HEAD.formatted(2, 0) + STEP.formatted("rows", "r", "") + a);
    refused(
        "does not come before",
        HEAD.formatted(2, 0) + STEP.formatted("definition", "b", ",\"requires\":[\"a\"]") + a);
    refused("no phase", HEAD.formatted(1, 0) + STEP.formatted("drop", "a", ""));
    refused("more than it says", HEAD.formatted(1, 0) + a + STEP.formatted("rows", "b", ""));
    refused(
        "nothing here knows", HEAD.formatted(1, 0) + STEP.formatted("rows", "a", ",\"x\":\"y\""));
    refused(
        "lacks 'schema'", HEAD.formatted(1, 0) + STEP.formatted("rows", "a", ",\"table\":\"t\""));
    refused("no plan", HEAD.formatted(2, 0) + a);
  }

  @Test
  void read_hostile_isRefusedSoon() {
    refused("says it has", HEAD.formatted(2_000_000_000, 0));
    refused("says it has", HEAD.formatted(-1, 0));
    refused("no plan", "[".repeat(100_000));
    refused("no plan", "");
    refused("no plan", "{\"varve\":" + "1".repeat(10_000) + "}");
    refused("no plan", HEAD.formatted(1, 0) + STEP.formatted("rows", "a\\\\x", ""));
    refused("no plan", HEAD.formatted(1, 0) + STEP.formatted("rows", "", ""));
    refused("no plan", HEAD.formatted(1, 0) + STEP.formatted("rows", "\\u0000", ""));
    refused("no plan", "{\"" + "n".repeat(1 << 20) + "\":1}");
  }
}
