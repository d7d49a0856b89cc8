package dev.varve.internal.log;

import static dev.varve.internal.log.Samples.condemn;
import static dev.varve.internal.log.Samples.damaged;
import static dev.varve.internal.log.Samples.entry;
import static dev.varve.internal.log.Samples.forget;
import static dev.varve.internal.log.Samples.id;
import static dev.varve.internal.log.Samples.newRun;
import static dev.varve.internal.log.Samples.pack;
import static dev.varve.internal.log.Samples.resume;
import static dev.varve.internal.log.Samples.retire;
import static dev.varve.internal.log.Samples.run;
import static dev.varve.internal.log.Samples.snapshot;
import static dev.varve.internal.log.Samples.snapshots;
import static dev.varve.internal.log.Samples.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.SnapshotId;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What must hold where a record is computed; the exploration tries what follows from it. */
class ValidityTest {

  private static final ChunkId CHUNK = World.chunk(1);

  /** Every snapshot reaches one chunk, which lies where the test says. */
  private static final class Known implements Evidence {
    private final List<Copy> claimed;
    private final List<Copy> opened;
    private boolean listed = true;
    private List<PackName> leftOut = List.of();

    Known(List<Copy> claimed, List<Copy> opened) {
      this.claimed = claimed;
      this.opened = opened;
    }

    @Override
    public Stream<ChunkId> reached(SnapshotRecord snapshot) {
      return Stream.of(CHUNK);
    }

    @Override
    public Stream<Copy> claimed(ChunkId chunk) {
      return claimed.stream();
    }

    @Override
    public boolean isListed(PackName pack) {
      return listed;
    }

    @Override
    public Stream<ChunkId> liveIn(PackName pack) {
      return claimed.stream().anyMatch(copy -> copy.pack().equals(pack))
          ? Stream.of(CHUNK)
          : Stream.empty();
    }

    @Override
    public Stream<Copy> opened(ChunkId chunk) {
      return opened.stream();
    }

    @Override
    public Stream<PackName> leftOut(Index merge) {
      return leftOut.stream();
    }
  }

  private static final Known NOWHERE = known();

  private static Known known(int... packs) {
    List<Copy> copies = Arrays.stream(packs).mapToObj(p -> new Copy(pack(p), 0)).toList();
    return new Known(copies, copies);
  }

  @Test
  void snapshot_needsAGoodCopyOfEveryChunk() {
    LogState state = state(snapshots(0, 1));
    assertValid(state, unpacked(1, 7), known(1));
    assertInvalid("no copy", state, unpacked(1, 7), NOWHERE);
    assertInvalid("no copy", state, unpacked(1, 7), known(99));
    LogState damaged = state.fold(entry(2, damaged(1, 1, 0), 0));
    assertInvalid("no copy", damaged, unpacked(2, 7), known(1));
    LogState other = state.fold(entry(2, damaged(1, 1, 3), 0));
    assertValid(other, unpacked(2, 7), known(1));
  }

  @Test
  void retiredPack_mustBeNamed() {
    LogState retired = state(snapshots(0, 1), retire(1, 1));
    assertInvalid("no copy", retired, unpacked(2, 7), known(1));
    Snapshots drawing =
        new Snapshots(
            2, Samples.CALL, List.of(snapshot(7)), List.of(pack(1)), List.of(), List.of());
    assertValid(retired, drawing, known(1));
    LogState condemned = retired.fold(entry(3, condemn(2, 1, 2), 0));
    Snapshots late =
        new Snapshots(
            3, Samples.CALL, List.of(snapshot(7)), List.of(pack(1)), List.of(), List.of());
    assertInvalid("cannot be drawn on", condemned, late, known(1));
  }

  @Test
  void whatIsCondemned_isNotRegisteredAgain() {
    LogState state = state(retire(0, 1), condemn(1, 1, 1));
    assertInvalid("is condemned", state, snapshots(2, 1), known(1));
    assertInvalid("is condemned", state, Samples.partial(2, 1), NOWHERE);
    LogState run = state(new Condemn(0, List.of(), List.of(run(1)), List.of()));
    assertInvalid("is condemned", run, Samples.partial(1, 1), NOWHERE);
  }

  @Test
  void afterAVoid_nothingIsDrawnOn_norKeeps_untilResumed() {
    VoidSlots given = new VoidSlots(2, List.of(new VoidedSlot(2, SlotHash.NONE)));
    LogState state =
        new Folding(state(snapshots(0, 1)))
            .skip(2, SlotHash.NONE)
            .apply(entry(3, given, 0))
            .state();
    Snapshots drawing =
        new Snapshots(
            3, Samples.CALL, List.of(snapshot(7)), List.of(pack(1)), List.of(), List.of());
    assertInvalid("cannot be drawn on", state, drawing, known(1));
    Condemn keeping = new Condemn(3, List.of(), List.of(), List.of(pack(1)));
    assertInvalid("cannot keep", state, keeping, known(1));
    LogState resumed = state.fold(entry(4, resume(3, 1), 0));
    assertValid(resumed, unpacked(4, 7), known(1));
  }

  @Test
  void snapshotIds_areNotUsedTwice() {
    LogState state = state(snapshots(0, 1));
    assertInvalid("there is a snapshot", state, unpacked(1, 1), known(1));
  }

  @Test
  void forget_dropsWhatIsLiveAndNotPinned() {
    LogState state =
        state(
            snapshots(0, 1),
            snapshots(1, 2),
            new Attributes(2, List.of(id(2)), Attributes.Pin.SET, new TreeMap<>(), List.of()));
    assertValid(state, forget(3, 1), NOWHERE);
    assertInvalid("is pinned", state, forget(3, 2), NOWHERE);
    assertInvalid("there is no snapshot", state, forget(3, 9), NOWHERE);
    assertInvalid("there is no snapshot", state, new Forget(3, List.of(), List.of(id(9))), NOWHERE);
    assertInvalid(
        "both dropped and kept", state, new Forget(3, List.of(id(1)), List.of(id(1))), NOWHERE);
  }

  @Test
  void undelete_bringsBackWhatIsForgotten_andStillThere() {
    LogState state = state(snapshots(0, 1), forget(1, 1));
    Undelete undelete = new Undelete(2, snapshot(1), 1, Optional.empty(), List.of());
    assertValid(state, undelete, known(1));
    assertInvalid("no copy", state, undelete, NOWHERE);
    LogState live = state(snapshots(0, 1), forget(1, 3));
    assertInvalid("not forgotten", live, undelete, known(1));
    assertValid(
        state, new Undelete(2, snapshot(1), 2, Optional.empty(), List.of(pack(1))), known(1));
    assertInvalid(
        "never committed",
        state,
        new Undelete(2, snapshot(1), 3, Optional.empty(), List.of()),
        known(1));
    assertInvalid(
        "cannot be drawn on",
        state,
        new Undelete(2, snapshot(1), 1, Optional.empty(), List.of(pack(9))),
        known(1));
  }

  @Test
  void attributes_areOfSnapshotsThatAreThere() {
    LogState state = state(snapshots(0, 1));
    assertValid(state, pinned(1, 1), NOWHERE);
    assertInvalid("there is no snapshot", state, pinned(1, 2), NOWHERE);
  }

  private static Attributes pinned(long base, long number) {
    return new Attributes(
        base, List.of(id(number)), Attributes.Pin.SET, new TreeMap<>(), List.of());
  }

  @Test
  void unknownRecord_isNotJudgedGood() {
    assertInvalid("kind 44 is not known", state(), new UnknownRecord(0, "kind 44"), NOWHERE);
  }

  /** It was retired by name, as what nobody registers, and then its backup went on. */
  @Test
  void packThatASnapshotRegisters_isNamedByThat() {
    assertValid(state(retire(0, 1)), snapshots(1, 1), known(1));
    assertInvalid("no copy", state(retire(0, 1)), unpacked(1, 1), known(1));
  }

  @Test
  void index_registersNothingThatIsCondemnedOrOlderThanAVoid() {
    LogState gone = state(retire(0, 1), condemn(1, 1, 1));
    Index index = new Index(2, List.of(), List.of(), List.of(Samples.newPack(1)));
    assertInvalid("is condemned", gone, index, NOWHERE);
    assertValid(state(retire(0, 1), retire(1, 2)), index, NOWHERE);
    VoidSlots given = new VoidSlots(1, List.of(new VoidedSlot(1, SlotHash.NONE)));
    LogState suspended = state(retire(0, 1), given);
    assertInvalid("is older than a void", suspended, index, NOWHERE);
  }

  @Test
  void problems_ofARecordFullOfThem_areTheFirst() {
    List<SnapshotId> many = LongStream.range(0, 500).mapToObj(Samples::id).toList();
    int most = Validity.problems(state(), new Forget(0, many, List.of()), NOWHERE).size();
    assertEquals(Validity.MOST_PROBLEMS, most);
  }

  @Test
  void merge_leavesOutOnlyWhatIsCondemned() {
    LogState state = state(snapshots(0, 1), retire(1, 1));
    Index merge = new Index(2, List.of(run(1)), List.of(newRun(5)), List.of());
    assertValid(state, merge, NOWHERE);
    Known leaving = known();
    leaving.leftOut = List.of(pack(1));
    assertInvalid("not condemned", state, merge, leaving);
    LogState condemned = state.fold(entry(3, condemn(2, 1, 2), 0));
    assertValid(condemned, new Index(3, List.of(run(1)), List.of(newRun(5)), List.of()), leaving);
    assertInvalid(
        "is not live",
        state,
        new Index(2, List.of(run(8)), List.of(newRun(5)), List.of()),
        NOWHERE);
  }

  @Test
  void condemn_needsRetiredPacks_andOpenedKeepersThatTheIndexKnows() {
    LogState state = state(snapshots(0, 1), snapshots(1, 2), retire(2, 1));
    Condemn kept = kept(3, 3);
    assertValid(state, condemn(3, 1, 3), NOWHERE);
    assertInvalid("was not retired in slot 2", state, condemn(3, 1, 2), NOWHERE);
    assertInvalid("was not retired", state, condemn(3, 2, 0), NOWHERE);
    assertInvalid("opened nowhere else", state, condemn(3, 1, 3), known(1));
    assertValid(state, kept, known(1, 2));

    Copy good = new Copy(pack(2), 0);
    Copy bad = new Copy(pack(1), 0);
    assertInvalid("nowhere else", state, kept, new Known(List.of(bad, good), List.of(bad)));
    assertInvalid("nowhere else", state, kept, new Known(List.of(bad), List.of(good)));

    Known unreadable = known(2);
    unreadable.listed = false;
    assertInvalid("nobody knows", state, condemn(3, 1, 3), unreadable);
  }

  @Test
  void keeper_isNeitherCondemnedNorDamaged() {
    LogState state = state(snapshots(0, 1), snapshots(1, 2), retire(2, 1), damaged(3, 2, 0));
    assertInvalid("nowhere else", state, kept(4, 3), known(1, 2));
    LogState both = state(snapshots(0, 1), snapshots(1, 2), retire(2, 1), retire(3, 2));
    Condemn killing =
        new Condemn(
            4,
            List.of(new RetiredPack(pack(1), 3), new RetiredPack(pack(2), 4)),
            List.of(),
            List.of(pack(2)));
    assertInvalid("cannot keep", both, killing, known(1, 2));
  }

  @Test
  void condemnedRun_isNotLive() {
    LogState state = state(snapshots(0, 1));
    assertInvalid("is live", state, new Condemn(1, List.of(), List.of(run(1)), List.of()), NOWHERE);
    assertValid(state, new Condemn(1, List.of(), List.of(run(2)), List.of()), NOWHERE);
  }

  @Test
  void retire_resumesWhatIsThere() {
    LogState state = state(snapshots(0, 1), retire(1, 1));
    assertValid(state, resume(2, 1), NOWHERE);
    assertInvalid("cannot be resumed", state, resume(2, 9), NOWHERE);
    LogState gone = state.fold(entry(3, condemn(2, 1, 2), 0));
    assertInvalid("cannot be resumed", gone, resume(3, 1), NOWHERE);
  }

  @Test
  void void_givesUpWhatWasBefore_butNotTheSettings() {
    LogState state = state(snapshots(0, 1));
    assertValid(state, new VoidSlots(1, List.of(new VoidedSlot(1, SlotHash.NONE))), NOWHERE);
    for (long slot : List.of(0L, 2L)) {
      assertInvalid(
          "cannot be given up",
          state,
          new VoidSlots(1, List.of(new VoidedSlot(slot, SlotHash.NONE))),
          NOWHERE);
    }
  }

  @Test
  void settings_standInSlot0Only() {
    assertEquals(List.of(), Validity.problems(LogState.EMPTY, Samples.SETTINGS, NOWHERE));
    assertInvalid("slot 0", state(), Samples.SETTINGS, NOWHERE);
  }

  @Test
  void anotherBase_isNotJudged() {
    assertThrows(
        IllegalArgumentException.class, () -> Validity.problems(state(), forget(3, 1), NOWHERE));
  }

  private static Snapshots unpacked(long base, long number) {
    return new Snapshots(
        base, Samples.CALL, List.of(snapshot(number)), List.of(), List.of(), List.of());
  }

  /** Condemns pack 1, and pack 2 keeps what is in it. */
  private static Condemn kept(long base, long retiredAt) {
    return new Condemn(
        base, List.of(new RetiredPack(pack(1), retiredAt)), List.of(), List.of(pack(2)));
  }

  private static void assertValid(LogState base, LogRecord record, Evidence evidence) {
    assertEquals(List.of(), Validity.problems(base, record, evidence));
  }

  private static void assertInvalid(
      String problem, LogState base, LogRecord record, Evidence evidence) {
    List<String> problems = Validity.problems(base, record, evidence);
    assertTrue(
        problems.stream().anyMatch(each -> each.contains(problem)),
        () -> "expected '" + problem + "' among " + problems);
  }
}
