package dev.varve.source.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What things are called in a snapshot and in requests, and which are meant. */
class NamingTest {

  @Property(tries = 300)
  void step_anyName_isOneStepAndReadsBack(@ForAll String name) {
    String valid =
        new String(
            name.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            java.nio.charset.StandardCharsets.UTF_8);

    String step = Names.step(valid);

    assertEquals(valid, Names.name(step));
    assertEquals(-1, step.indexOf('/'));
    assertEquals("x" + step, EntryPath.textOf(EntryPath.of("x" + step).bytes()));
  }

  @Test
  void slices_ofAnIndex_haveNamesOfTheirOwnThatDoNotMoveBetweenShards() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 6; i++) {
      names.add(new Slice(i, 6, 3).fileName());
    }

    assertEquals(6, names.size());
    assertEquals("0001.ndjson", new Slice(1, 3, 3).fileName());
    assertEquals("0001-01.ndjson", new Slice(4, 6, 3).fileName());
  }

  @Test
  void clause_bySharesOrShards_namesTheIdOnlyWithinAShard() {
    assertTrue(new Slice(0, 1, 1).clause().isEmpty());
    assertEquals("\"slice\":{\"id\":2,\"max\":3}", new Slice(2, 3, 3).clause().orElseThrow());
    assertEquals(
        "\"slice\":{\"field\":\"_id\",\"id\":2,\"max\":6}",
        new Slice(2, 6, 3).clause().orElseThrow());
  }

  @Test
  void call_namesInPaths_areEscaped() {
    assertEquals("a%2Fb%20%25%C3%A4%3F", Call.step("a/b %\u00e4?"));
  }

  /** Whoever wrote the snapshot chose the names; "*" must not reach all indices. */
  @Test
  void isOfOneThing_patternsAndExpressions_areNot() {
    for (String name :
        List.of("*", "_all", "a,b", "<logs-{now}>", "-a", "a*", "", ".", "..", "a/_close", "x:y")) {
      assertFalse(Names.isOfOneThing(name), name);
    }
    for (String name : List.of("orders-2026.11", ".ds-logs-2026.11.19-000001", "\u00e4", "a_b-c")) {
      assertTrue(Names.isOfOneThing(name), name);
    }
  }

  @Test
  void patterns_excludesWinAndDotsAreNoWildcards() {
    IndexPatterns patterns = new IndexPatterns(List.of("log*", "a.b"), List.of("*-old"));

    assertTrue(patterns.admit("logs-1"));
    assertTrue(patterns.admit("a.b"));
    assertFalse(patterns.admit("axb"));
    assertFalse(patterns.admit("logs-old"));
    assertFalse(patterns.admit("other"));
    assertEquals(List.of("a.b"), patterns.named());
    assertTrue(IndexPatterns.ALL.admit("anything"));
  }

  @Test
  void systemIndices_areReadIfAskedForOrNamed() {
    SourceSettings settings = settings(false, "*", ".named");

    assertFalse(settings.admits(".kibana"));
    assertTrue(settings.admits(".named"));
    assertTrue(settings(true, "*").admits(".kibana"));
  }

  private static SourceSettings settings(boolean system, String... include) {
    IndexPatterns patterns = new IndexPatterns(List.of(include), List.of());
    return new SourceSettings(patterns, system, false, true, 0, 4, 1000);
  }
}
