package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Breaks one rule after the other in the real code, and lets the simulation find out: a mutant that
 * survives is a missing test. The rules that are broken in the log's pure functions are in {@code
 * ExplorationTest}.
 */
class MutantsTest {

  /** How many schedules there are for each at most; most are found within ten. */
  private static final int BUDGET = Seeds.DEEP ? 20_000 : 2000;

  @Test
  void eachBrokenRule_isFoundByTheSimulation() throws Exception {
    Process process =
        Child.start(
            MutantsMain.class,
            List.of("-Xmx256m", "-XX:+UseSerialGC"),
            List.of(Long.toString(Seeds.seed(MutantsTest.class)), Integer.toString(BUDGET)));
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    System.out.print(said);
    for (Mutant mutant : Mutant.all()) {
      assertTrue(said.contains("caught " + mutant + " "), () -> mutant + " survives:\n" + said);
    }
  }
}
