package dev.varve.internal.log;

import static dev.varve.internal.log.Samples.damaged;
import static dev.varve.internal.log.Samples.entry;
import static dev.varve.internal.log.Samples.forget;
import static dev.varve.internal.log.Samples.id;
import static dev.varve.internal.log.Samples.newRun;
import static dev.varve.internal.log.Samples.pack;
import static dev.varve.internal.log.Samples.partial;
import static dev.varve.internal.log.Samples.retire;
import static dev.varve.internal.log.Samples.run;
import static dev.varve.internal.log.Samples.snapshot;
import static dev.varve.internal.log.Samples.snapshots;
import static dev.varve.internal.log.Samples.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a fold remembers, to the last bit, and where its rules about times begin and end. */
class FoldEdgesTest {

  /** Everything a state tells, in words of its own: what two encodings leave out shows here. */
  private static List<Object> told(LogState state) {
    List<Object> told = new ArrayList<>();
    told.add(state.settings());
    told.add(state.slot());
    told.add(state.hash());
    told.add(state.storedBytes);
    told.add(state.previousTime());
    state.forEachPack(told::add);
    state.forEachRun(told::add);
    told.addAll(state.damage());
    state.snapshots().forEach(s -> told.add(List.of(s.record(), s.slot(), s.isPinned())));
    state.snapshots().forEach(s -> told.add(s.time()));
    told.addAll(state.calls());
    told.add(List.copyOf(state.voided()));
    told.add(List.copyOf(state.voids()));
    told.add(state.unknown());
    return told;
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

  @Test
  void checkpoint_saysAllThatTheStateSays() throws FormatException {
    Random random = new Random(3);
    for (int round = 0; round < 40; round++) {
      AnyRecords any = new AnyRecords(random.nextLong(), 8);
      LogState state = state();
      for (int i = 1; i < 40; i++) {
        state = state.fold(entry(i, any.record(i - 1), 500L * i - random.nextInt(900)));
      }
      assertEquals(told(state), told(restored(state)));
      assertTrue(state.sameAs(restored(state)));
    }
  }

  @Test
  void checkpoint_emptyOrOutOfOrder_isRefused() throws FormatException {
    assertThrows(FormatException.class, () -> new StateCodec.Reader().state());
    List<byte[]> pieces = new ArrayList<>();
    StateCodec.write(state(snapshots(0, 1)), pieces::add);
    assertEquals(4, pieces.size(), "head, packs, runs, snapshots");
    StateCodec.Reader reader = new StateCodec.Reader();
    assertThrows(FormatException.class, () -> reader.piece(pieces.get(1)), "the head comes first");
    reader.piece(pieces.get(0));
    assertThrows(FormatException.class, () -> reader.piece(pieces.get(0)), "and once");
    byte[] longer = java.util.Arrays.copyOf(pieces.get(1), pieces.get(1).length + 1);
    assertThrows(FormatException.class, () -> reader.piece(longer));
  }

  /** 32 bytes a pack: pieces of a mebibyte hold 32,768. */
  @Test
  void checkpoint_ofManyPacks_isCutIntoPieces() throws FormatException {
    for (int packs : new int[] {32_767, 32_768, 32_769}) {
      NameTable.Editor table = NameTable.EMPTY.edit();
      for (int i = 0; i < packs; i++) {
        table.put((long) i << 40, i, 1L << 32, 2000);
      }
      LogState state = World.withPacks(state(), table.table());
      List<Integer> lengths = new ArrayList<>();
      StateCodec.write(state, piece -> lengths.add(piece.length));
      assertEquals(packs > 32_768 ? 3 : 2, lengths.size());
      assertEquals(Math.min(packs, 32_768) * 32, lengths.get(1) - 4, "section and count before it");
      assertTrue(restored(state).sameAs(state));
    }
  }

  @Test
  void sameAs_anythingDifferent_isNot() {
    LogState state = state(snapshots(0, 1));
    assertTrue(state.sameAs(state(snapshots(0, 1))));
    assertFalse(state.sameAs(state(snapshots(0, 2))));
    assertFalse(state.sameAs(state(snapshots(0, 1), retire(1, 9))));
  }

  @Test
  void fold_knowsWhereItIs() {
    Folding folding = new Folding(state()).apply(entry(1, retire(0, 1), 7));
    assertEquals(100, folding.storedBytes());
    assertEquals(1, folding.state().slot());
    assertEquals(0, folding.skip(2, SlotHash.NONE).storedBytes());
  }

  @Test
  void previousTime_isThatOfTheSlotBefore() {
    assertEquals(Optional.empty(), state().previousTime(), "nothing comes before slot 0");
    LogState one = state().fold(entry(1, retire(0, 1), 0));
    assertEquals(Optional.of(Instant.EPOCH), one.previousTime());
  }

  @Test
  void settings_beforeSlot0_areNotThere() {
    assertThrows(IllegalStateException.class, LogState.EMPTY::settings);
  }

  @Test
  void time_equalToThatOfTheNeighbour_isInOrder() {
    LogState state = LogState.EMPTY.fold(entry(0, Samples.SETTINGS, 0));
    state = state.fold(entry(1, snapshots(0, 1), 1000));
    Instant same = Instant.ofEpochMilli(1000);
    assertEquals(Optional.of(same), timeOf(state.seenAt(same), 1), "as the store shows it");
    assertEquals(Optional.empty(), timeOf(state.seenAt(same.minusMillis(1)), 1));
    state = state.fold(entry(2, retire(0, 1), 1000));
    assertEquals(Optional.of(same), timeOf(state, 1), "as the next slot tells it");
  }

  @Test
  void time_laterThanThatOfTheNextSlot_isUnknownAtOnce() {
    LogState state = LogState.EMPTY.fold(entry(0, Samples.SETTINGS, 0));
    state = state.fold(entry(1, snapshots(0, 1), 0));
    state = state.fold(entry(2, retire(0, 1), 9000));
    assertEquals(Optional.of(Instant.ofEpochMilli(9000)), timeOf(state, 1));
    state = state.fold(entry(3, retire(0, 2), 100));
    assertEquals(Optional.empty(), timeOf(state, 1));
  }

  @Test
  void time_ofASlotWhoseSuccessorWasGivenUp_isUnknown() {
    LogState before = state(snapshots(0, 1));
    LogState state =
        new Folding(before).skip(2, SlotHash.NONE).apply(entry(3, retire(0, 2), 777_000)).state();
    assertEquals(Optional.empty(), timeOf(state, 1), "that was the time of slot 2");
  }

  private static Optional<Instant> timeOf(LogState state, long number) {
    return state.timeOf(state.findSnapshot(id(number)).orElseThrow());
  }

  @Test
  void undelete_atAPlaceOrTimeThatCannotHaveBeen_isCutToThePast() {
    LogState forgotten = state(snapshots(0, 1), forget(1, 1));
    Instant latest = Instant.ofEpochMilli(5000);
    for (long late : new long[] {0, 1}) {
      Undelete undelete =
          new Undelete(2, snapshot(1), 99, Optional.of(latest.plusMillis(late)), List.of());
      LiveSnapshot back =
          forgotten.fold(entry(3, undelete, 5000)).findSnapshot(id(1)).orElseThrow();
      assertEquals(2, back.slot(), "before the slot that brings it back");
      assertEquals(late == 0 ? Optional.of(latest) : Optional.empty(), back.time());
    }
  }

  @Test
  void damage_ofBlocksAndOfAll_addUp() {
    LogState blocks = state(snapshots(0, 1), damaged(1, 1, 2), damaged(2, 1, 5));
    assertEquals(List.of(new PackBlocks(pack(1), List.of(2, 5))), List.copyOf(blocks.damage()));
    LogState whole = blocks.fold(entry(4, damaged(3, 1), 0));
    assertEquals(List.of(PackBlocks.all(pack(1))), List.copyOf(whole.damage()));
    assertTrue(whole.isDamaged(pack(1), 77));
  }

  @Test
  void pack_ofEitherKindAndAnyLength_isRememberedAsItIs() {
    for (PackKind kind : PackKind.values()) {
      for (int bytes : new int[] {1, 1000, Integer.MAX_VALUE}) {
        NewPack made = new NewPack(pack(1), kind, bytes);
        LogState state =
            state(
                new Index(0, List.of(), List.of(), List.of(made)),
                retire(1, 1),
                Samples.condemn(2, 1, 2));
        assertEquals(new PackStatus(pack(1), kind, bytes, 1, 2, 3), state.pack(pack(1)));
        List<PackStatus> all = new ArrayList<>();
        state.forEachPack(all::add);
        assertEquals(List.of(state.pack(pack(1))), all);
      }
    }
  }

  @Test
  void voids_areThoseThatGaveUp_voidedWhatTheyGave() {
    VoidSlots given = new VoidSlots(1, List.of(new VoidedSlot(1, SlotHash.NONE)));
    LogState state = state().fold(entry(1, retire(0, 1), 0)).fold(entry(2, given, 0));
    assertEquals(Set.of(2L), state.voids());
    assertEquals(Set.of(1L), state.voided());
  }

  /** Whoever does away with something must not go by a checkpoint that somebody may have forged. */
  @Test
  void needsVerifiedState_whatDoesAwayWithSomething() {
    assertTrue(forget(1, 1).needsVerifiedState());
    assertTrue(Samples.condemn(1, 1, 1).needsVerifiedState());
    assertTrue(new VoidSlots(1, List.of()).needsVerifiedState());
    assertTrue(new Index(1, List.of(run(1)), List.of(newRun(2)), List.of()).needsVerifiedState());
    assertFalse(new Index(1, List.of(), List.of(newRun(2)), List.of()).needsVerifiedState());
    for (LogRecord adding : List.of(snapshots(1, 1), partial(1, 1), retire(1, 1))) {
      assertFalse(adding.needsVerifiedState());
    }
  }
}
