package dev.varve.internal.forget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ForgetPlan;
import dev.varve.ForgetPlan.Decision;
import dev.varve.ForgetPlan.Verdict;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.Statistics;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.log.Forget;
import dev.varve.internal.log.LogRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForgetRecordsTest {

  @Test
  void of_smallGroups_shareARecord_withoutGroupsThatDropNothing() {
    List<Decision> decisions = new ArrayList<>();
    decisions.addAll(group("a", 2, 1));
    decisions.addAll(group("b", 0, 4));
    decisions.addAll(group("c", 1, 2));
    List<Forget> records = ForgetRecords.of(plan(decisions));
    assertEquals(1, records.size());
    assertEquals(7, records.get(0).base());
    assertEquals(ids(decisions, Verdict.DROP), Set.copyOf(records.get(0).dropped()));
    assertEquals(3, records.get(0).kept().size());
  }

  @Test
  void of_anySizes_fitsRecordsAndReliesOnEachGroupsKept() {
    for (int[] sizes :
        new int[][] {
          {10_000, 1}, {1, 10_000}, {9_000, 9_000}, {3_499, 1}, {3_500, 1}, {1, 3_500}
        }) {
      List<Decision> decisions = new ArrayList<>(group("a", sizes[0], sizes[1]));
      decisions.addAll(group("b", 3, 3));
      List<Forget> records = ForgetRecords.of(plan(decisions));
      Set<SnapshotId> dropped = new HashSet<>();
      Set<SnapshotId> kept = new HashSet<>();
      for (Forget record : records) {
        Encoder out = new Encoder(1 << 16);
        record.write(out);
        assertTrue(out.toBytes().length < LogRecord.MAX_BYTES - 1024, "It fits its slot");
        assertTrue(!record.kept().isEmpty(), "It relies on what its groups keep");
        dropped.addAll(record.dropped());
        kept.addAll(record.kept());
      }
      assertEquals(ids(decisions, Verdict.DROP), dropped);
      assertEquals(ids(decisions, Verdict.KEEP), kept);
    }
  }

  @Test
  void of_moreKeptThanFit_areReliedOnBeforeAnythingIsDropped() {
    List<Forget> records = ForgetRecords.of(plan(group("a", 1, 10_000)));
    for (Forget record : records.subList(0, records.size() - 1)) {
      assertEquals(List.of(), record.dropped());
    }
    assertEquals(1, records.get(records.size() - 1).dropped().size());
  }

  @Test
  void of_nothingToDrop_isNothing() {
    assertEquals(List.of(), ForgetRecords.of(plan(group("a", 0, 3))));
    assertEquals(List.of(), ForgetRecords.of(plan(List.of())));
  }

  private static ForgetPlan plan(List<Decision> decisions) {
    return new ForgetPlan("0".repeat(32), 7, decisions, Optional.empty(), false);
  }

  private static List<Decision> group(String name, int dropped, int kept) {
    List<Decision> decisions = new ArrayList<>();
    for (int i = 0; i < dropped + kept; i++) {
      Snapshot snapshot =
          new Snapshot(
              SnapshotId.random(),
              SourceIdentity.parse("files:" + name + "@h"),
              Instant.EPOCH.plusSeconds(i),
              true,
              Instant.EPOCH,
              Map.of(),
              false,
              Statistics.NONE,
              0,
              "test");
      Verdict verdict = i < dropped ? Verdict.DROP : Verdict.KEEP;
      decisions.add(new Decision(snapshot, name, verdict, List.of("test")));
    }
    return decisions;
  }

  private static Set<SnapshotId> ids(List<Decision> decisions, Verdict verdict) {
    Set<SnapshotId> ids = new HashSet<>();
    for (Decision decision : decisions) {
      if (decision.verdict() == verdict) {
        ids.add(decision.snapshot().id());
      }
    }
    return ids;
  }
}
