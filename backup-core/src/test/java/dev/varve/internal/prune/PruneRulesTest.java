package dev.varve.internal.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.PruneOptions;
import dev.varve.SourceIdentity;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.internal.log.CallId;
import dev.varve.internal.log.Condemn;
import dev.varve.internal.log.Damage;
import dev.varve.internal.log.Forget;
import dev.varve.internal.log.Index;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.NewRun;
import dev.varve.internal.log.Partial;
import dev.varve.internal.log.Retire;
import dev.varve.internal.log.RetiredPack;
import dev.varve.internal.log.RunningCall;
import dev.varve.internal.log.SlotHash;
import dev.varve.internal.log.VoidSlots;
import dev.varve.internal.log.VoidedSlot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Who counts as dead, what may be given up, and when: each rule at its edges. */
class PruneRulesTest {

  private static final Instant NOON = States.BEGIN;
  private static final Duration STALE = Duration.ofHours(6);
  private static final CallId CALL = new CallId(1, 2);
  private static final CallId OTHER = new CallId(3, 4);
  private static final SourceIdentity SOURCE = new SourceIdentity("files", "home", "here");

  private final PruneRules rules = rules(PruneOptions.builder().staleAfter(STALE));
  private final PruneRules now = rules(PruneOptions.builder().staleAfter(STALE).now());

  private static PruneRules rules(PruneOptions.Builder options) {
    return new PruneRules(options.build(), true);
  }

  private static AtWork since(Instant begun) {
    return new AtWork(Set.of(OTHER), Optional.of(begun));
  }

  private static RunningCall call(Optional<Instant> lastSign) {
    return new RunningCall(CALL, List.of(SOURCE), List.of(3L), lastSign);
  }

  @Test
  void isOrphan_nobodyAtWork_onceItIsStale() {
    assertTrue(rules.isOrphan(NOON.minus(STALE), AtWork.NOBODY, NOON));
    assertFalse(rules.isOrphan(NOON.minus(STALE).plusMillis(1), AtWork.NOBODY, NOON));
    assertTrue(now.isOrphan(NOON.plusSeconds(9), AtWork.NOBODY, NOON), "who waits for nothing");
  }

  @Test
  void isOrphan_somebodyAtWork_onlyWhatIsOlderThanThat() {
    Instant begun = NOON.minus(Duration.ofHours(7));
    for (PruneRules each : List.of(rules, now)) {
      assertFalse(each.isOrphan(begun, since(begun), NOON), "it may be theirs");
      assertFalse(each.isOrphan(NOON.minus(STALE), since(begun), NOON), "stale or not");
      assertTrue(each.isOrphan(begun.minusMillis(1), since(begun), NOON));
    }
    // Before they began, but somebody without a lock may have stored it.
    Instant young = NOON.minus(STALE).plusMillis(1);
    assertFalse(rules.isOrphan(young, since(NOON), NOON));
    assertFalse(now.isOrphan(young, since(NOON), NOON));
  }

  @Test
  void isGoing_seenAtWorkOrNotSilentForLong() {
    AtWork itself = new AtWork(Set.of(CALL), Optional.of(NOON));
    Optional<Instant> silent = Optional.of(NOON.minus(STALE));
    Optional<Instant> heard = Optional.of(NOON.minus(STALE).plusMillis(1));
    for (PruneRules each : List.of(rules, now)) {
      assertTrue(each.isGoing(call(silent), itself, NOON), "it is seen");
      assertFalse(each.isGoing(call(silent), since(NOON), NOON));
      assertTrue(each.isGoing(call(heard), since(NOON), NOON));
      assertTrue(each.isGoing(call(Optional.empty()), since(NOON), NOON), "its sign is the last");
    }
    assertTrue(rules.isGoing(call(heard), AtWork.NOBODY, NOON));
    assertFalse(rules.isGoing(call(silent), AtWork.NOBODY, NOON));
    assertFalse(now.isGoing(call(heard), AtWork.NOBODY, NOON), "nobody is at work");
  }

  @Test
  void times_areThoseAskedFor_andNoneForWhoWaitsForNothing() {
    PruneOptions.Builder options =
        PruneOptions.builder().grace(Duration.ofHours(5)).readerDelay(Duration.ofHours(2));
    assertEquals(Duration.ofHours(5), rules(options).grace());
    assertEquals(Duration.ofHours(2), rules(options).readerDelay());
    assertEquals(Duration.ZERO, rules(options.now()).grace());
    assertEquals(Duration.ZERO, rules(options.now()).readerDelay());
    assertEquals(NOON.plus(STALE), rules.staleAt(NOON));
  }

  @Test
  void settings_differWhereGarbageDoes() {
    String said = rules.settings();
    assertEquals(said, now.settings());
    assertNotEquals(said, rules(PruneOptions.builder().repackBelow(0.5)).settings());
    assertNotEquals(said, new PruneRules(PruneOptions.defaults(), false).settings());
    assertFalse(said.contains(" "), "it is one word");
  }

  /** Without the keys of contents no copy counts; with them, each is opened before it does. */
  @Test
  void copies_countOnlyWhereTheyAreOpened() {
    assertTrue(rules.isOpening());
    assertFalse(new PruneRules(PruneOptions.defaults(), false).isOpening());
    assertTrue(rules.opensKeepers());
  }

  @Test
  void leavesGarbage_whatTakesSomethingFromSnapshots() {
    assertTrue(rules.leavesGarbage(new Forget(1, List.of(), List.of())));
    assertTrue(rules.leavesGarbage(new VoidSlots(1, List.of())));
    assertTrue(rules.leavesGarbage(new Damage(1, List.of(), List.of())));
    assertFalse(rules.leavesGarbage(new Retire(1, List.of(), List.of())));
    assertFalse(rules.leavesGarbage(new Index(1, List.of(), List.of(), List.of())));
  }

  @Test
  void packs_inEveryState_areNamedAndCondemnedAndKeepAsTheLogSays() {
    PackName active = States.pack(1);
    PackName retired = States.pack(2);
    PackName condemned = States.pack(3);
    PackName byName = States.pack(4);
    LogState state =
        States.of(
            new Index(
                0,
                List.of(),
                List.of(),
                List.of(
                    States.registered(active),
                    States.registered(retired),
                    States.registered(condemned))),
            new Retire(1, List.of(retired, condemned, byName), List.of()),
            new Condemn(2, List.of(new RetiredPack(condemned, 2)), List.of(), List.of()));
    assertTrue(rules.isUnnamed(state.pack(States.pack(9))));
    for (PackName named : List.of(active, retired, condemned, byName)) {
      assertFalse(rules.isUnnamed(state.pack(named)));
    }
    assertFalse(rules.mayCondemn(state.pack(active)));
    assertTrue(rules.mayCondemn(state.pack(retired)));
    assertTrue(rules.mayCondemn(state.pack(byName)));
    assertFalse(rules.mayCondemn(state.pack(condemned)), "once is enough");
    assertEquals(OptionalLong.of(3), rules.condemnedAt(state.pack(condemned)));
    assertEquals(OptionalLong.empty(), rules.condemnedAt(state.pack(retired)));
    assertTrue(rules.mayKeep(state, active, false));
    assertTrue(rules.mayKeep(state, retired, false));
    assertFalse(rules.mayKeep(state, retired, true), "it is to go as well");
    assertFalse(rules.mayKeep(state, condemned, false));
    assertFalse(rules.mayKeep(state, byName, false), "nobody says what it holds");
  }

  @Test
  void isUnnamed_condemnedWithoutEverBeingRetired_isNamed() {
    PackName pack = States.pack(1);
    LogState state =
        States.of(new Condemn(0, List.of(new RetiredPack(pack, 1)), List.of(), List.of()));
    assertFalse(rules.isUnnamed(state.pack(pack)));
  }

  @Test
  void mayKeep_whatAVoidRetired_isNot() {
    PackName pack = States.pack(1);
    LogState state =
        States.of(
            new Index(0, List.of(), List.of(), List.of(States.registered(pack))),
            new Retire(1, List.of(), List.of()),
            new VoidSlots(2, List.of(new VoidedSlot(2, SlotHash.NONE))));
    assertFalse(rules.mayKeep(state, pack, false));
  }

  @Test
  void runs_inEveryState_areNamedAndCondemnedAsTheLogSays() {
    RunName live = new RunName(1, 1);
    RunName replaced = new RunName(2, 2);
    RunName unadded = new RunName(3, 3);
    LogState state =
        States.of(
            new Index(
                0, List.of(), List.of(new NewRun(live, 10), new NewRun(replaced, 10)), List.of()),
            new Index(1, List.of(replaced), List.of(), List.of()),
            new Condemn(2, List.of(), List.of(unadded), List.of()));
    assertTrue(rules.isUnnamed(state.run(new RunName(9, 9))));
    for (RunName named : List.of(live, replaced, unadded)) {
      assertFalse(rules.isUnnamed(state.run(named)));
    }
    assertEquals(OptionalLong.empty(), rules.condemnedAt(state.run(live)));
    assertEquals(OptionalLong.of(2), rules.condemnedAt(state.run(replaced)));
    assertEquals(OptionalLong.of(3), rules.condemnedAt(state.run(unadded)));
  }

  @Test
  void condemnedBy_onlyWhatTheRecordNames() {
    PackName pack = States.pack(1);
    RunName run = new RunName(1, 1);
    RunName replaced = new RunName(2, 2);
    Condemn condemn =
        new Condemn(1, List.of(new RetiredPack(pack, 1)), List.of(run), List.of(States.pack(2)));
    Index merge = new Index(1, List.of(replaced), List.of(new NewRun(run, 1)), List.of());
    Predicate<String> first = rules.condemnedBy(List.of(States.entry(5, condemn)));
    assertTrue(first.test(pack.key()));
    assertTrue(first.test(run.key()));
    assertFalse(first.test(States.pack(2).key()), "it is the keeper");
    assertFalse(first.test(replaced.key()));
    Predicate<String> second = rules.condemnedBy(List.of(States.entry(6, merge)));
    assertTrue(second.test(replaced.key()));
    assertFalse(second.test(run.key()), "it is the new one");
    Retire retire = new Retire(1, List.of(pack), List.of());
    assertFalse(rules.condemnedBy(List.of(States.entry(7, retire))).test(pack.key()));
    assertFalse(rules.condemnedBy(List.of()).test(pack.key()), "the slot was given up");
  }

  @Test
  void dead_callsThatAreSilent_areOneWordThatChangesWithThem() {
    PackName pack = States.pack(1);
    LogState state =
        States.of(
            new Partial(0, CALL, List.of(SOURCE), List.of(States.registered(pack)), List.of()),
            new Partial(1, OTHER, List.of(SOURCE), List.of(), List.of()),
            new Retire(2, List.of(), List.of()));
    String none = LastPrune.dead(state, rules, AtWork.NOBODY, NOON);
    assertEquals(LastPrune.dead(LogState.EMPTY, rules, AtWork.NOBODY, NOON), none);
    Instant later = NOON.plus(Duration.ofDays(1));
    String both = LastPrune.dead(state, rules, AtWork.NOBODY, later);
    String one = LastPrune.dead(state, rules, since(NOON), later);
    assertEquals(3, Set.of(none, both, one).size());
    assertEquals(16, none.length());
  }

  @Test
  void lastPrune_lines_areReadBack_andNothingElseIs() {
    LastPrune last = new LastPrune(7, "abc", 5, "dead", "0.8-true");
    assertEquals(Optional.of(last), LastPrune.parse(last.line()));
    assertEquals(Optional.of(last), LastPrune.parse(last.line() + "\n"));
    for (String other :
        List.of("", "7 abc 5 dead", "7 abc 5 dead 0.8-true more", "x abc 5 d s", "7 abc x d s")) {
      assertEquals(Optional.empty(), LastPrune.parse(other), other);
    }
  }
}
