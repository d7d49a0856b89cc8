package dev.varve.internal.log;

import static dev.varve.internal.log.Samples.condemn;
import static dev.varve.internal.log.Samples.damaged;
import static dev.varve.internal.log.Samples.entry;
import static dev.varve.internal.log.Samples.forget;
import static dev.varve.internal.log.Samples.id;
import static dev.varve.internal.log.Samples.intact;
import static dev.varve.internal.log.Samples.newPack;
import static dev.varve.internal.log.Samples.newRun;
import static dev.varve.internal.log.Samples.pack;
import static dev.varve.internal.log.Samples.partial;
import static dev.varve.internal.log.Samples.resume;
import static dev.varve.internal.log.Samples.retire;
import static dev.varve.internal.log.Samples.run;
import static dev.varve.internal.log.Samples.snapshot;
import static dev.varve.internal.log.Samples.snapshots;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which record may follow which: the table of the design, row by row. */
class ConflictsTest {

  private static final long BASE = 10;
  private static final long SLOT = 11;

  private static final VoidSlots VOID =
      new VoidSlots(BASE, List.of(new VoidedSlot(3, SlotHash.NONE)));
  private static final Attributes PIN =
      new Attributes(BASE, List.of(id(1)), Attributes.Pin.SET, new TreeMap<>(), List.of());
  private static final Undelete UNDELETE =
      new Undelete(BASE, snapshot(1), 2, Optional.empty(), List.of());
  private static final Condemn CONDEMN_RUN =
      new Condemn(BASE, List.of(), List.of(run(1)), List.of());

  static Stream<Arguments> pairs() {
    Snapshots named =
        new Snapshots(
            BASE, Samples.CALL, List.of(snapshot(5)), List.of(pack(1)), List.of(), List.of());
    Undelete undrawn = new Undelete(BASE, snapshot(9), 2, Optional.empty(), List.of(pack(1)));
    Condemn keeping = new Condemn(BASE, List.of(), List.of(), List.of(pack(1)));
    Index merge = new Index(BASE, List.of(run(1)), List.of(newRun(50)), List.of());
    Index repack = new Index(BASE, List.of(), List.of(newRun(1)), List.of(newPack(1)));
    Forget keepsOne = new Forget(BASE, List.of(id(2)), List.of(id(1)));
    return Stream.of(
        row("snapshots beside each other", snapshots(BASE, 1), snapshots(BASE, 2), false),
        row("snapshots beside a retire", snapshots(BASE, 2), retire(BASE, 1), false),
        row("retired before the base", snapshots(BASE, 2), condemn(BASE, 1, 10), false),
        row("retired after the base", snapshots(5, 2), condemn(BASE, 1, 6), true),
        row("drawn on by name", named, condemn(BASE, 1, 4), true),
        row("undeleted, retired after the base", UNDELETE, condemn(BASE, 1, 11), true),
        row("undeleted, drawn on by name", undrawn, condemn(BASE, 1, 4), true),
        row("undeleted, retired before", UNDELETE, condemn(BASE, 1, 4), false),
        row("registered while condemned", partial(BASE, 1), condemn(BASE, 1, 4), true),
        row("added while condemned", partial(BASE, 1), CONDEMN_RUN, true),
        row("repacked into what is condemned", repack, condemn(BASE, 1, 4), true),
        row("repacked run condemned", repack, CONDEMN_RUN, true),
        row("two merges of one run", merge, merge, true),
        row("a merge beside a writer", merge, snapshots(BASE, 2), false),
        row("a merge beside a condemned pack", merge, condemn(BASE, 1, 4), false),
        row("resumed while condemned", resume(BASE, 1), condemn(BASE, 1, 4), true),
        row("retired twice", retire(BASE, 1), retire(BASE, 1), false),
        row("retired while condemned", retire(BASE, 1), condemn(BASE, 1, 4), false),
        row("keeper condemned", keeping, condemn(BASE, 1, 4), true),
        row("condemned twice", condemn(BASE, 1, 4), condemn(BASE, 1, 4), false),
        row("both keep what the other drops", keepsOne, forget(BASE, 1), true),
        row("both drop the same", forget(BASE, 1), forget(BASE, 1), false),
        row("pinned while forgotten", PIN, forget(BASE, 1), true),
        row("pinned beside another forget", PIN, forget(BASE, 2), false),
        row("pinned twice", PIN, PIN, false),
        row("undeleted while forgotten again", UNDELETE, forget(BASE, 1), true),
        row("forget beside a backup", forget(BASE, 1), snapshots(BASE, 2), false),
        row("void meets a backup", VOID, snapshots(BASE, 2), true),
        row("void meets a retire", VOID, retire(BASE, 2), true),
        row("void meets a forget", VOID, forget(BASE, 2), true),
        row("void meets a void", VOID, VOID, true));
  }

  private static Arguments row(String name, LogRecord one, LogRecord other, boolean conflict) {
    return Arguments.of(name, one, other, conflict);
  }

  /** Whichever comes first: conflicts are symmetric among all but claims of damage. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void pairs_conflictInEitherOrder(String name, LogRecord one, LogRecord other, boolean conflict) {
    assertEquals(conflict, conflicts(one, other), name);
    assertEquals(conflict, conflicts(other, one), name);
  }

  @Test
  void damage_conflictsWithNothing_othersWithIt() {
    Damage damage = damaged(BASE, 1, 4);
    Condemn keeping = new Condemn(BASE, List.of(), List.of(), List.of(pack(1)));
    for (LogRecord other :
        List.of(snapshots(BASE, 2), UNDELETE, partial(BASE, 1), keeping, resume(BASE, 1), VOID)) {
      assertTrue(conflicts(damage, other), other::toString);
      assertFalse(conflicts(other, damage), other::toString);
    }
    for (LogRecord other :
        List.of(damage, condemn(BASE, 1, 4), retire(BASE, 1), forget(BASE, 1), partial(BASE, 2))) {
      assertFalse(conflicts(damage, other), other::toString);
    }
    assertFalse(conflicts(intact(BASE, 1, 4), snapshots(BASE, 2)));
  }

  @Test
  void recordsUpToTheBase_doNotCount() {
    List<LogEntry> log = List.of(entry(10, VOID, 0), entry(11, retire(10, 1), 0));
    assertEquals(List.of(), Conflicts.of(log, snapshots(10, 1)));
    assertEquals(1, Conflicts.of(log, snapshots(9, 1)).size());
  }

  @Test
  void heldOnly_canBeLeftOut() {
    Condemn both =
        new Condemn(
            BASE,
            List.of(new RetiredPack(pack(1), 4), new RetiredPack(pack(2), 4)),
            List.of(run(1)),
            List.of());
    Conflict conflict = Conflicts.of(List.of(entry(SLOT, partial(BASE, 1), 0)), both).get(0);
    assertTrue(conflict.onlyHeld());
    assertEquals(Set.of(pack(1)), conflict.held().packs());
    assertEquals(Set.of(run(1)), conflict.held().runs());
    Condemn rest = both.without(conflict.held().packs(), conflict.held().runs());
    assertEquals(List.of(new RetiredPack(pack(2), 4)), rest.packs());
    assertEquals(List.of(), Conflicts.of(List.of(entry(SLOT, partial(BASE, 1), 0)), rest));
    assertFalse(Conflicts.of(List.of(entry(SLOT, VOID, 0)), both).get(0).onlyHeld());
  }

  @Property
  void exceptForDamage_conflictsAreSymmetric(@ForAll long seed) {
    AnyRecords any = new AnyRecords(seed, 4);
    LogRecord one = any.record(BASE);
    LogRecord other = any.record(BASE);
    if (one.kind() != RecordKind.DAMAGE && other.kind() != RecordKind.DAMAGE) {
      assertEquals(conflicts(one, other), conflicts(other, one));
    }
  }

  /** Whether {@code later} is stopped by {@code earlier}, which was appended after its base. */
  private static boolean conflicts(LogRecord earlier, LogRecord later) {
    return !Conflicts.of(List.of(entry(SLOT, earlier, 0)), later).isEmpty();
  }
}
