package dev.varve.internal.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.StoreReport;
import dev.varve.store.Store;
import dev.varve.testkit.FaultKind;
import dev.varve.testkit.FaultPlan;
import dev.varve.testkit.FaultyStore;
import dev.varve.testkit.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoreProbeTest {

  private final MemoryStore store = new MemoryStore().pageSize(5);

  private List<String> failing() {
    StoreReport report = new StoreProbe(store).run();
    return report.findings().stream()
        .filter(finding -> !finding.holds())
        .map(finding -> finding.question() + ": " + finding.detail())
        .toList();
  }

  @Test
  void run_goodStore_isUsableAndAsItWas() {
    store.put("config", new byte[3]);

    StoreReport report = new StoreProbe(store).run();

    assertTrue(report.usable(), report.toString());
    assertEquals(8, report.findings().size());
    assertEquals(Set.of("config"), store.keys());
  }

  @Test
  void run_storeThatIgnoresConditions_isFoundOut() {
    store.ignoringConditions();

    List<String> failing = failing();

    assertEquals(2, failing.size(), failing.toString());
    assertTrue(failing.get(0).contains("exclusive=true"), failing.toString());
    assertEquals(Set.of(), store.keys());
  }

  @Test
  void run_storeThatTakesNothing_isAskedNoMore() {
    Store deaf = new FaultyStore(store, FaultPlan.always(FaultKind.TIMEOUT));
    StoreReport report = new StoreProbe(deaf).run();

    assertFalse(report.usable());
    assertEquals(1, report.findings().size(), report.toString());
  }

  @Test
  void run_clockFarOff_isSaid() {
    Instant wrong = Instant.now().minus(Duration.ofHours(2));
    store.clock(InstantSource.fixed(wrong));

    List<String> failing = failing();

    assertEquals(1, failing.size(), failing.toString());
    assertFalse(failing.get(0).contains("-"), failing.toString());
  }
}
