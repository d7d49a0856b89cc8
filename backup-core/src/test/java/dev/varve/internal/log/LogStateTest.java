package dev.varve.internal.log;

import static dev.varve.internal.log.Samples.condemn;
import static dev.varve.internal.log.Samples.damaged;
import static dev.varve.internal.log.Samples.entry;
import static dev.varve.internal.log.Samples.forget;
import static dev.varve.internal.log.Samples.id;
import static dev.varve.internal.log.Samples.intact;
import static dev.varve.internal.log.Samples.newRun;
import static dev.varve.internal.log.Samples.pack;
import static dev.varve.internal.log.Samples.partial;
import static dev.varve.internal.log.Samples.resume;
import static dev.varve.internal.log.Samples.retire;
import static dev.varve.internal.log.Samples.run;
import static dev.varve.internal.log.Samples.snapshot;
import static dev.varve.internal.log.Samples.snapshots;
import static dev.varve.internal.log.Samples.state;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.FormatException;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What each kind of record does to the state. */
class LogStateTest {

  @Test
  void snapshots_areLive_andRegisterTheirPacksAndRuns() {
    LogState state = state(snapshots(0, 1));
    assertEquals(List.of(id(1)), ids(state));
    assertTrue(state.isUsable(pack(1), 0));
    assertEquals(1, state.pack(pack(1)).registeredAt());
    assertEquals(List.of(run(1)), state.liveRuns().stream().map(RunStatus::name).toList());
    assertFalse(state.isUsable(pack(2), 0));
  }

  @Test
  void partial_isRunning_untilItsCallCommits() {
    LogState running = state(partial(0, 1), partial(1, 2));
    assertTrue(running.isUsable(pack(2), 0));
    RunningCall call = running.calls().iterator().next();
    assertEquals(List.of(1L, 2L), call.slots());
    assertEquals(List.of(Samples.SOURCE), call.sources());
    LogState later = running.fold(entry(3, retire(2, 9), 3000));
    assertEquals(
        Optional.of(Instant.ofEpochMilli(3000)), later.calls().iterator().next().lastSign());
    assertTrue(running.fold(entry(3, snapshots(2, 3), 3000)).calls().isEmpty());
  }

  @Test
  void deadCalls_areForgottenAfterMany() {
    LogState state = state();
    for (int i = 0; i < Folding.MAX_CALLS + 10; i++) {
      Partial partial = new Partial(0, new CallId(0, i), List.of(), List.of(), List.of());
      state = state.fold(entry(state.slot() + 1, partial, 0));
    }
    assertEquals(Folding.MAX_CALLS, state.calls().size());
    assertTrue(state.calls().stream().noneMatch(call -> call.call().low() < 10));
  }

  @Test
  void forget_drops_undelete_bringsBackWithSlotAndTime() {
    LogState forgotten = state(snapshots(0, 1), snapshots(1, 2), forget(2, 1));
    assertEquals(List.of(id(2)), ids(forgotten));
    Instant time = Instant.ofEpochMilli(1500);
    Undelete undelete = new Undelete(3, snapshot(1), 1, Optional.of(time), List.of());
    LogState back = forgotten.fold(entry(4, undelete, 3000));
    assertEquals(List.of(id(1), id(2)), ids(back));
    assertEquals(Optional.of(time), back.timeOf(back.findSnapshot(id(1)).orElseThrow()));
  }

  @Test
  void attributes_sayWhatChanges_soThatTwoAtOnceBothCount() {
    LogState state =
        state(
            snapshots(0, 1),
            new Attributes(1, List.of(id(1)), Attributes.Pin.SET, tags("a", "1"), List.of()),
            new Attributes(1, List.of(id(1)), Attributes.Pin.KEPT, tags("b", "2"), List.of()),
            new Attributes(1, List.of(id(1)), Attributes.Pin.KEPT, tags(), List.of("a", "x")));
    LiveSnapshot snapshot = state.findSnapshot(id(1)).orElseThrow();
    assertTrue(snapshot.isPinned());
    assertEquals(Map.of("b", "2"), snapshot.record().tags());
    LogState cleared =
        state.fold(
            entry(
                5,
                new Attributes(4, List.of(id(1)), Attributes.Pin.CLEARED, tags(), List.of()),
                0));
    assertFalse(cleared.snapshots().get(0).isPinned());
  }

  @Test
  void index_replacesRunsForEver() {
    LogState state =
        state(
            snapshots(0, 1),
            new Index(1, List.of(run(1)), List.of(newRun(2)), List.of()),
            new Index(2, List.of(), List.of(newRun(1)), List.of()));
    assertEquals(List.of(run(2)), state.liveRuns().stream().map(RunStatus::name).toList());
    assertTrue(state.run(run(1)).isCondemned());
  }

  @Test
  void retired_staysAtItsFirstSlot_untilResumed() {
    LogState state = state(snapshots(0, 1), retire(1, 1), retire(2, 1));
    assertEquals(2, state.pack(pack(1)).retiredAt());
    assertFalse(state.isUsable(pack(1), 0));
    LogState resumed = state.fold(entry(4, resume(3, 1), 0));
    assertTrue(resumed.isUsable(pack(1), 0));
  }

  @Test
  void retiredByName_isActiveOnceRegistered() {
    LogState state = state(retire(0, 1), snapshots(0, 1));
    assertTrue(state.isUsable(pack(1), 0));
  }

  @Test
  void condemned_isForEver_whateverRegistersItLater() {
    LogState state = state(retire(0, 1), condemn(1, 1, 1), snapshots(0, 1), resume(3, 1));
    assertTrue(state.pack(pack(1)).isCondemned());
    assertFalse(state.isUsable(pack(1), 0));
  }

  @Test
  void damage_isByBlock_andCanBeWithdrawn() {
    LogState state = state(snapshots(0, 1), damaged(1, 1, 2, 5));
    assertTrue(state.isUsable(pack(1), 3));
    assertFalse(state.isUsable(pack(1), 5));
    LogState better = state.fold(entry(3, intact(2, 1, 5), 0));
    assertTrue(better.isUsable(pack(1), 5));
    assertFalse(better.isUsable(pack(1), 2));
    LogState good = better.fold(entry(4, intact(3, 1, 2), 0));
    assertTrue(good.damage().isEmpty());
  }

  @Test
  void damagedAsAWhole_isWithdrawnAsAWholeOnly() {
    LogState state = state(snapshots(0, 1), damaged(1, 1), damaged(2, 1, 3));
    assertTrue(state.isDamaged(pack(1), 77));
    LogState same = state.fold(entry(4, intact(3, 1, 3), 0));
    assertTrue(same.isDamaged(pack(1), 3));
    assertTrue(same.fold(entry(5, intact(4, 1), 0)).damage().isEmpty());
  }

  @Test
  void void_suspendsAllPacksNamedSoFar_untilResumed() {
    VoidSlots voided = new VoidSlots(4, List.of(new VoidedSlot(3, SlotHash.NONE)));
    LogState before = state(snapshots(0, 1), snapshots(1, 2), retire(2, 2));
    LogState state = new Folding(before).skip(4, SlotHash.NONE).apply(entry(5, voided, 0)).state();
    assertTrue(state.isSuspended(state.pack(pack(1))));
    assertTrue(state.isSuspended(state.pack(pack(2))));
    assertTrue(state.voided().contains(3L));
    LogState resumed = state.fold(entry(6, resume(5, 1), 0));
    assertTrue(resumed.isUsable(pack(1), 0));
    assertFalse(resumed.isUsable(pack(2), 0));
  }

  @Test
  void unknownRecord_forbidsWritingFromThenOn() {
    LogState state = state(snapshots(0, 1), new UnknownRecord(1, "a record of kind 44"));
    assertEquals(Optional.of("Slot 2 holds a record of kind 44"), state.unknown());
    assertEquals(List.of(id(1)), ids(state));
    LogState later = state.fold(entry(3, snapshots(2, 2), 0));
    assertEquals(2, later.snapshots().size());
    assertTrue(later.unknown().isPresent());
  }

  @Test
  void unknownFeatures_forbidWriting() {
    Settings settings =
        new Settings(
            Samples.REPOSITORY, Samples.SETTINGS.chunker(), 3, List.of("parity", "signatures"));
    LogState state = LogState.EMPTY.fold(entry(0, settings, 0));
    assertTrue(state.unknown().orElseThrow().contains("[parity, signatures]"));
    assertTrue(state(Samples.SETTINGS).unknown().isPresent());
  }

  @Test
  void slots_followEachOther() {
    LogEntry entry = entry(5, forget(0, 1), 0);
    assertThrows(IllegalArgumentException.class, () -> state().fold(entry));
  }

  @Test
  void time_isWhatTheNextSlotTells_untilThenWhatTheStoreShows() {
    LogState state = state(snapshots(0, 1));
    LiveSnapshot snapshot = state.snapshots().get(0);
    assertEquals(Optional.empty(), state.timeOf(snapshot));
    Instant shown = Instant.ofEpochMilli(1200);
    assertEquals(Optional.of(shown), state.seenAt(shown).timeOf(snapshot));
    LogState next = state.fold(entry(2, retire(1, 1), 1300));
    assertEquals(Optional.of(Instant.ofEpochMilli(1300)), next.timeOf(next.snapshots().get(0)));
  }

  @Test
  void time_beforeItsNeighbour_isUnknown() {
    LogState state = times(1000, 2000, 500, 3000);
    assertEquals(Optional.empty(), known(state, 3));
    assertEquals(at(3000), known(state, 4));
  }

  @Test
  void time_afterThatOfALaterSlot_isUnknown() {
    LogState state = times(1000, 9_000_000, 2000, 3000);
    assertEquals(at(1000), known(state, 1));
    assertEquals(Optional.empty(), known(state, 2));
    assertEquals(Optional.empty(), known(state, 3));
    assertEquals(at(3000), known(state, 4));
  }

  @Test
  void clockSetBackForGood_makesAllBeforeUnknown() {
    LogState state = times(9000, 9500, 100, 200);
    assertEquals(Optional.empty(), known(state, 1));
    assertEquals(Optional.empty(), known(state, 2));
    assertEquals(Optional.empty(), known(state, 3));
    assertEquals(at(200), known(state, 4));
  }

  @Test
  void headTimeBeforeOthers_makesThemUnknown() {
    LogState state = times(1000, 2000).fold(entry(4, snapshots(0, 9), 3000));
    LogState seen = state.seenAt(Instant.ofEpochMilli(1500));
    assertEquals(at(1000), known(seen, 1));
    assertEquals(Optional.empty(), known(seen, 2));
    assertEquals(Optional.empty(), seen.timeOf(seen.snapshots().get(2)));
  }

  /** Snapshots 1… in slots 1…, stored at these times, and one more slot. */
  private static LogState times(long... millis) {
    LogState state = LogState.EMPTY.fold(entry(0, Samples.SETTINGS, 0));
    long before = 0;
    for (int i = 0; i < millis.length; i++) {
      state = state.fold(entry(i + 1, snapshots(0, i + 1), before));
      before = millis[i];
    }
    return state.fold(entry(millis.length + 1, retire(0, 99), before));
  }

  private static Optional<Instant> at(long millis) {
    return Optional.of(Instant.ofEpochMilli(millis));
  }

  private static Optional<Instant> known(LogState state, long number) {
    return state.timeOf(state.findSnapshot(id(number)).orElseThrow());
  }

  /** A checkpoint says all that the state says: whatever follows, both fold alike. */
  @Property(tries = 300)
  void checkpointed_foldsOnAsTheOriginal(@ForAll long seed) throws FormatException {
    AnyRecords any = new AnyRecords(seed, 6);
    LogState state = state();
    for (int i = 1; i < 30; i++) {
      state = state.fold(entry(i, any.record(i - 1), 500L * i - (seed + i) % 7 * 300L));
    }
    LogState restored = restored(state);
    assertArrayEquals(bytes(state), bytes(restored));
    for (int i = 30; i < 45; i++) {
      LogEntry entry = entry(i, any.record(i - 1), 500L * i - (seed + i) % 7 * 300L);
      state = state.fold(entry);
      restored = restored.fold(entry);
    }
    assertArrayEquals(bytes(state), bytes(restored));
  }

  /** Folding many at once is folding one after the other. */
  @Property(tries = 200)
  void foldedAtOnce_isFoldedOneByOne(@ForAll long seed) {
    AnyRecords any = new AnyRecords(seed, 5);
    LogState state = state();
    Folding folding = new Folding(state);
    for (int i = 1; i < 40; i++) {
      LogEntry entry = entry(i, any.record(i - 1), 500L * i - (seed + i) % 5 * 400L);
      state = state.fold(entry);
      folding.apply(entry);
    }
    assertArrayEquals(bytes(state), bytes(folding.state()));
  }

  private static LogState restored(LogState state) throws FormatException {
    StateCodec.Reader reader = new StateCodec.Reader();
    List<byte[]> pieces = new ArrayList<>();
    StateCodec.write(state, pieces::add);
    for (byte[] piece : pieces) {
      reader.piece(piece);
    }
    return reader.state();
  }

  private static byte[] bytes(LogState state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StateCodec.write(state, bytes::writeBytes);
    return bytes.toByteArray();
  }

  private static SortedMap<String, String> tags(String... namesAndValues) {
    TreeMap<String, String> tags = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      tags.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return tags;
  }

  private static List<dev.varve.SnapshotId> ids(LogState state) {
    return state.snapshots().stream().map(LiveSnapshot::id).toList();
  }
}
