package dev.varve.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Listener;
import dev.varve.Problem;
import dev.varve.Progress;
import dev.varve.RestoreReport;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What a target says, and what came of it, is in the report: once, counted, and no more than fits.
 */
class RestoreContextTest {

  private static final Entry ENTRY = Entry.builder(EntryPath.of("f"), EntryKind.FILE).build();

  private final List<Progress> told = new ArrayList<>();
  private final Reporter reporter =
      new Reporter(
          new Listener() {
            @Override
            public void progress(Progress progress) {
              told.add(progress);
            }
          });
  private final Cancellation cancellation = new Cancellation();
  private final RestoreContext context = new RestoreContext(reporter, cancellation, false);

  private Progress told() {
    reporter.flush();
    return told.get(told.size() - 1);
  }

  @Test
  void report_whatWasDone_isCountedAndTold() {
    context.restored(ENTRY);
    context.restored(ENTRY);
    context.delivered(ENTRY, 10);
    context.handedOut(5);
    context.progress(7, "writing");
    context.count("rows", 3);
    context.count("rows", 4);
    RestoreReport report = context.report();
    assertEquals(2, report.entries());
    assertEquals(15, report.bytes());
    assertEquals(Map.of("rows", 7L), report.counts());
    assertTrue(report.complete());
    assertEquals(2, told().entries());
    assertEquals(17, told().bytes(), "who reads by itself tells its progress by itself");
  }

  @Test
  void warn_withAndWithoutAPath_isInTheReport() {
    context.warn(ENTRY.path(), "is there already");
    context.warn("half of it");
    assertEquals(
        List.of(
            new Problem(Optional.of(ENTRY.path()), "is there already"),
            new Problem(Optional.empty(), "half of it")),
        context.report().problems());
    assertEquals(2, context.report().problemCount());
  }

  @Test
  void hole_moreThanFit_areCounted() {
    for (int i = 0; i < 10_001; i++) {
      context.hole(new Hole(ENTRY.path(), i, 1, "lost"));
    }
    RestoreReport report = context.report();
    assertEquals(10_001, report.holeCount());
    assertEquals(10_000, report.holes().size());
    assertEquals(9_999, report.holes().get(9_999).offset());
    assertFalse(report.complete());
  }

  @Test
  void undecided_samePathAgain_isToldOnceAndSoIsNotEveryPathOfMillions() {
    context.undecided(ENTRY.path());
    context.undecided(ENTRY.path());
    assertEquals(
        List.of(
            new Problem(
                Optional.of(ENTRY.path()),
                "is restored: a regular expression to exclude by takes too long on it")),
        context.report().problems());
    for (int i = 0; i < 10_010; i++) {
      context.undecided(EntryPath.of("g" + i));
    }
    assertEquals(10_000, context.report().problemCount());
  }

  @Test
  void lost_sameStretchAgain_isToldOnce() {
    assertFalse(context.lostEntries());
    for (int twice = 0; twice < 2; twice++) {
      context.lost(EntryPath.of("a"), Optional.of(EntryPath.of("b")), "its pack is gone");
      context.lost(EntryPath.of("y"), Optional.empty(), "its pack is gone");
      assertTrue(context.lostEntries());
    }
    assertEquals(
        List.of(
            new Problem(
                Optional.of(EntryPath.of("a")),
                "Not restored: the list of entries is lost from here up to b: its pack is gone"),
            new Problem(
                Optional.of(EntryPath.of("y")),
                "Not restored: the list of entries is lost from here to its end: its pack is"
                    + " gone")),
        context.report().problems());
  }

  @Test
  void cancelled_andDryRun_areHandedOn() {
    assertFalse(context.dryRun());
    assertTrue(new RestoreContext(reporter, cancellation, true).dryRun());
    List<String> stopped = new ArrayList<>();
    context.onCancel(() -> stopped.add("stopped"));
    assertFalse(context.cancelled());
    cancellation.cancel();
    assertTrue(context.cancelled());
    assertEquals(List.of("stopped"), stopped);
  }
}
