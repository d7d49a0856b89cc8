package dev.varve.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.log.Scenario.Move;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The protocol's promise, over the very functions that run in production, in all small cases. */
class ExplorationTest {

  private static final boolean DEEP = Boolean.getBoolean("varve.deep");

  private static int deep(int normally, int deeply) {
    return DEEP ? deeply : normally;
  }

  static Stream<Scenario> scenarios() {
    Stream<Scenario> always =
        Stream.of(
            writersAndPruners(),
            earlyWriters(),
            undeletes(),
            retentions(),
            orphans(),
            merges(),
            repacks(),
            damages(),
            liars(),
            lostSlots(),
            lostRegistrations());
    return DEEP
        ? Stream.concat(always, Stream.of(twoChunks(), everything(), everythingAndTwoPruners()))
        : always;
  }

  static Scenario writersAndPruners() {
    return Scenario.of(
        "two writers, forget, two pruners",
        world -> world.committed(1, List.of(1)),
        3,
        Move.BACKUP,
        2,
        Move.FORGET,
        deep(1, 2),
        Move.RETIRE,
        2,
        Move.RESUME,
        1,
        Move.CONDEMN,
        2);
  }

  /** As real backups do: one base, from when they began; chunks looked for all the time since. */
  static Scenario earlyWriters() {
    return Scenario.of(
            "writers that began earlier, forget, damage, pruner",
            world -> world.committed(1, List.of(1)),
            2,
            Move.BACKUP,
            deep(1, 2),
            Move.FORGET,
            1,
            Move.DAMAGE,
            1,
            Move.RETIRE,
            2,
            Move.RESUME,
            1,
            Move.CONDEMN,
            1)
        .begunUpTo(3);
  }

  static Scenario undeletes() {
    return Scenario.of(
        "forget, undelete, writer, pruner",
        world -> world.committed(1, List.of(1)),
        3,
        Move.BACKUP,
        1,
        Move.FORGET,
        2,
        Move.UNDELETE,
        2,
        Move.RETIRE,
        deep(1, 2),
        Move.CONDEMN,
        2);
  }

  static Scenario retentions() {
    return Scenario.of(
        "keep-last twice, pins, undelete, writer",
        world -> {
          world.committed(1, List.of(1));
          world.committed(2, List.of(1));
        },
        3,
        Move.KEEP_LAST,
        deep(2, 3),
        Move.PIN,
        deep(1, 2),
        Move.UNDELETE,
        1,
        Move.BACKUP,
        1);
  }

  static Scenario orphans() {
    return Scenario.of(
        "partials, their orphans, two writers, two pruners",
        world -> world.committed(1, List.of(2)),
        3,
        Move.PARTIAL,
        1,
        Move.BACKUP,
        2,
        Move.RETIRE,
        2,
        Move.CONDEMN,
        1,
        Move.CONDEMN_RUN,
        2);
  }

  static Scenario merges() {
    return Scenario.of(
        "two merges, writer, forget, pruners",
        world -> {
          world.committed(1, List.of(1));
          world.committed(2, List.of(2));
        },
        deep(2, 3),
        Move.MERGE,
        2,
        Move.BACKUP,
        1,
        Move.FORGET,
        1,
        Move.RETIRE,
        1,
        Move.CONDEMN,
        1,
        Move.CONDEMN_RUN,
        deep(0, 1));
  }

  static Scenario repacks() {
    return Scenario.of(
        "repack, merge, writer, two pruners",
        world -> world.committed(1, List.of(1)),
        deep(2, 3),
        Move.REPACK,
        1,
        Move.MERGE,
        1,
        Move.BACKUP,
        1,
        Move.RETIRE,
        2,
        Move.CONDEMN,
        2);
  }

  static Scenario damages() {
    return Scenario.of(
        "wrong claims of damage, two copies, two pruners",
        world -> {
          world.committed(1, List.of(1));
          world.registered(2, List.of(1), List.of(1));
        },
        deep(2, 3),
        Move.DAMAGE,
        2,
        Move.BACKUP,
        1,
        Move.RETIRE,
        2,
        Move.CONDEMN,
        2);
  }

  static Scenario liars() {
    return Scenario.of(
        "an index that lies, writer, damage, two pruners",
        world -> {
          world.committed(1, List.of(1));
          world.registered(2, List.of(), List.of(1));
          world.registered(3, List.of(1), List.of());
        },
        deep(2, 3),
        Move.BACKUP,
        1,
        Move.DAMAGE,
        1,
        Move.RETIRE,
        2,
        Move.CONDEMN,
        2);
  }

  static Scenario lostSlots() {
    return Scenario.of(
        "a lost slot, void, two writers, pruners",
        world -> world.committed(1, List.of(1)),
        2,
        Move.LOSE,
        1,
        Move.VOID,
        1,
        Move.WAIT,
        1,
        Move.DELETE,
        1,
        Move.BACKUP,
        2,
        Move.FORGET,
        1,
        Move.RETIRE,
        1,
        Move.RESUME,
        1,
        Move.CONDEMN,
        deep(1, 2));
  }

  static Scenario lostRegistrations() {
    return Scenario.of(
            "a lost registration, void, writer, pruners",
            world -> world.committed(1, List.of(1)),
            2,
            Move.LOSE,
            1,
            Move.VOID,
            1,
            Move.WAIT,
            1,
            Move.PARTIAL,
            1,
            Move.BACKUP,
            deep(1, 2),
            Move.RETIRE,
            1,
            Move.RESUME,
            1,
            Move.CONDEMN,
            1,
            Move.CONDEMN_RUN,
            1)
        .reading(List.of(List.of(2)));
  }

  /** Two chunks in one pack and in two, backups of either and of both. */
  static Scenario twoChunks() {
    return Scenario.of(
            "two chunks, writers, forget, repack, pruners",
            world -> world.committed(1, List.of(1, 2)),
            2,
            Move.BACKUP,
            2,
            Move.FORGET,
            1,
            Move.REPACK,
            1,
            Move.RETIRE,
            1,
            Move.CONDEMN,
            1)
        .reading(List.of(List.of(1), List.of(1, 2)));
  }

  static Scenario everything() {
    return Scenario.of(
        "a little of everything",
        world -> world.committed(1, List.of(1)),
        3,
        Move.BACKUP,
        1,
        Move.PARTIAL,
        1,
        Move.FORGET,
        1,
        Move.UNDELETE,
        1,
        Move.RETIRE,
        1,
        Move.CONDEMN,
        1,
        Move.MERGE,
        1,
        Move.DAMAGE,
        1);
  }

  static Scenario everythingAndTwoPruners() {
    return Scenario.of(
        "a little of everything, two pruners",
        world -> world.committed(1, List.of(1)),
        2,
        Move.BACKUP,
        1,
        Move.PARTIAL,
        1,
        Move.FORGET,
        1,
        Move.UNDELETE,
        1,
        Move.RETIRE,
        2,
        Move.CONDEMN,
        2,
        Move.MERGE,
        1);
  }

  static Stream<Arguments> flaws() {
    return Stream.of(
        Arguments.of(Flaw.USES_MAY_BE_KILLED, writersAndPruners()),
        Arguments.of(Flaw.KILLS_MAY_BE_USED, writersAndPruners()),
        Arguments.of(Flaw.DRAWN_UNNAMED, writersAndPruners()),
        Arguments.of(Flaw.NEW_RUN_UNUSED, orphans()),
        Arguments.of(Flaw.DAMAGE_BELIEVED, damages()),
        Arguments.of(Flaw.KEEPER_UNOPENED, liars()),
        Arguments.of(Flaw.NO_VALIDATION_AFTER_REFUSAL, writersAndPruners()),
        Arguments.of(Flaw.APPEND_ACROSS_GAP, lostSlots()),
        Arguments.of(Flaw.VOID_WITHOUT_CONFLICTS, lostSlots()),
        Arguments.of(Flaw.VOID_WITHOUT_RETIRING, lostSlots()),
        Arguments.of(Flaw.VOID_SPARES_RETIRED, lostSlots()),
        Arguments.of(Flaw.RESUMED_WITHOUT_WAITING, lostSlots()),
        Arguments.of(Flaw.RETIRE_SLOT_IGNORED, writersAndPruners()),
        Arguments.of(Flaw.RETIRED_ENTRIES_DROPPED, merges()),
        Arguments.of(Flaw.KEPT_UNUSED, retentions()),
        Arguments.of(Flaw.KEEPER_UNFINDABLE, liars()),
        Arguments.of(Flaw.FOOTER_UNREAD, lostRegistrations()),
        Arguments.of(Flaw.CONDEMNED_UNRETIRED, writersAndPruners()));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void everyInterleaving_keepsWhatIsOwed(Scenario scenario) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    Explorer.Finding finding = Explorer.explore(scenario);
    System.out.printf(
        "explored %s: %,d states in %,d ms of CPU%n",
        scenario.name(), finding.states(), (threads.getCurrentThreadCpuTime() - start) / 1_000_000);
    assertEquals(Optional.empty(), finding.violation(), finding::toString);
    assertTrue(finding.states() > 100);
  }

  @ParameterizedTest
  @MethodSource("flaws")
  void flawedProtocol_losesSomethingAndIsCaught(Flaw flaw, Scenario scenario) {
    Explorer.Finding finding = Explorer.explore(scenario.with(flaw));
    System.out.printf(
        "caught %s after %,d states, %d steps%n", flaw, finding.states(), finding.trace().size());
    assertTrue(finding.violation().isPresent(), flaw + " is not caught");
  }
}
