package dev.varve.internal.prune;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.PruneOptions;
import dev.varve.PrunePlan.Amount;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.Condemn;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.RetiredPack;
import dev.varve.internal.prune.PruneRules.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What prune decides, worked out by hand. */
class PruneStepsTest {

  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  private static PackUse use(
      int name, long retiredAt, boolean suspended, boolean registering, long needed, boolean held) {
    PackStatus pack = new PackStatus(new PackName(name, 0), PackKind.DATA, 1000, 3, retiredAt, 0);
    return new PackUse(pack, suspended, registering, 2000, needed, held);
  }

  private static PruneRules rules(PruneOptions.Builder options) {
    return new PruneRules(options.build(), true);
  }

  @ParameterizedTest
  @CsvSource({
    // retired, suspended, registering, needed of 2000, held, with data keys, verdict
    "0, false, false,    0, false, true,  RETIRE",
    "0, false, false,    0, false, false, RETIRE",
    "0, false, false,    0, true,  true,  KEEP",
    "0, false, true,     0, false, true,  KEEP",
    "0, false, false, 1599, false, true,  REPACK",
    "0, false, false, 1599, false, false, KEEP",
    "0, false, false, 1599, true,  true,  KEEP",
    "0, false, true,  1599, false, true,  KEEP",
    "0, false, false, 1600, false, true,  KEEP",
    "0, false, false, 2000, false, true,  KEEP",
    "7, false, false,    0, false, true,  CONDEMN",
    "7, false, false,    0, false, false, CONDEMN",
    "7, true,  false,    0, false, true,  CONDEMN",
    "7, false, false,    0, true,  true,  KEEP",
    "7, false, true,     0, false, true,  KEEP",
    "7, false, false, 1599, false, true,  REPACK",
    "7, false, false, 1599, false, false, RESUME",
    "7, true,  false, 1599, false, true,  KEEP",
    "7, false, false, 2000, false, true,  RESUME",
    "7, true,  false, 2000, false, true,  KEEP",
  })
  void verdict_onePack_isAsByHand(
      long retired,
      boolean suspended,
      boolean registering,
      long needed,
      boolean held,
      boolean keys,
      Verdict expected) {
    PruneRules rules = new PruneRules(PruneOptions.defaults(), keys);
    PackUse use = use(1, retired, suspended, registering, needed, held);
    assertEquals(expected, rules.verdict(use));
  }

  @Test
  void verdict_packTheIndexSaysNothingOf_isRetired() {
    PackUse use =
        new PackUse(
            new PackStatus(new PackName(1, 0), PackKind.DATA, 1000, 3, 0, 0),
            false,
            false,
            0,
            0,
            false);
    assertEquals(Verdict.RETIRE, rules(PruneOptions.builder()).verdict(use));
  }

  @ParameterizedTest
  @CsvSource({"0, ''", "99, ''", "100, 3", "299, 3", "300, '3 1'", "800, '3 1 2'"})
  void plan_boundedRepacking_takesTheLeastUsedFirst(long bound, String expected) {
    List<PackUse> uses =
        List.of(
            use(1, 0, false, false, 400, false),
            use(2, 0, false, false, 1000, false),
            use(3, 0, false, false, 200, false));
    PruneSteps steps =
        PruneSteps.plan(uses, rules(PruneOptions.builder().mostRepackBytes(bound)), slot -> true);
    List<String> names =
        steps.repack().stream().map(use -> String.valueOf(use.pack().name().high())).toList();
    assertEquals(expected, String.join(" ", names));
    long copied = steps.repack().stream().mapToLong(PackUse::neededStoredBytes).sum();
    assertEquals(800, copied + steps.leftBytes());
  }

  @Test
  void plan_retiredPacks_areCondemnedWhenTheirGraceIsOver() {
    List<PackUse> uses =
        List.of(
            use(1, 7, false, false, 0, false),
            use(2, 8, false, false, 0, false),
            use(3, 8, false, false, 0, false),
            use(4, 0, false, false, 2000, false));
    PruneSteps steps = PruneSteps.plan(uses, rules(PruneOptions.builder()), slot -> slot == 7);
    assertEquals(List.of(uses.get(0).pack()), steps.condemn());
    assertEquals(2, requireNonNull(steps.waiting().get(8L)).items());
    assertEquals(1, steps.kept().items());
    assertEquals(1000, steps.usedBytes());
  }

  @Test
  void plan_keptPacks_areThoseSparedForARunningBackupAndTheRest() {
    List<PackUse> uses =
        List.of(
            use(1, 0, false, true, 0, false),
            use(2, 0, false, false, 2000, false),
            use(3, 0, false, true, 2000, false));
    PruneSteps steps = PruneSteps.plan(uses, rules(PruneOptions.builder()), slot -> true);
    assertEquals(new Amount(3, 3000), steps.kept());
    assertEquals(new Amount(2, 2000), steps.spared());
    assertEquals(new Amount(3, 3000), PruneSteps.amount(uses.stream().map(PackUse::pack).toList()));
  }

  /** Whoever prunes next goes on in the same order. */
  @Test
  void plan_equallyUsedPacks_areRepackedByName() {
    List<PackUse> uses =
        List.of(
            use(9, 0, false, false, 400, false),
            use(1, 0, false, false, 400, false),
            use(5, 0, false, false, 400, false));
    PruneSteps steps =
        PruneSteps.plan(uses, rules(PruneOptions.builder().mostRepackBytes(400)), slot -> true);
    assertEquals(List.of(uses.get(1), uses.get(2)), steps.repack());
    assertEquals(200, steps.leftBytes());
  }

  @Test
  void isOver_timeThatIsNotKnown_isNeverOverButForNow() {
    PruneRules waiting = rules(PruneOptions.builder());
    assertFalse(waiting.isOver(Optional.empty(), waiting.grace(), NOON));
    PruneRules now = rules(PruneOptions.builder().now());
    assertTrue(now.isOver(Optional.empty(), now.grace(), NOON));
  }

  @Test
  void isOver_exactlyWhenTheTimeIsReached() {
    PruneRules rules = rules(PruneOptions.builder().grace(Duration.ofHours(3)));
    Optional<Instant> since = Optional.of(NOON.minus(Duration.ofHours(3)));
    assertTrue(rules.isOver(since, rules.grace(), NOON));
    assertFalse(rules.isOver(since, rules.grace(), NOON.minusMillis(1)));
    Optional<Instant> future = Optional.of(NOON.plus(Duration.ofDays(3650)));
    assertFalse(rules.isOver(future, rules.grace(), NOON));
  }

  @Test
  void condemnRecords_manyPacksAndKeepers_stayWithinARecord() {
    List<Keepers.Kept> kept =
        Stream.iterate(0, i -> i + 1)
            .limit(7000)
            .map(
                i ->
                    new Keepers.Kept(
                        new RetiredPack(new PackName(i, 1), 9),
                        1,
                        Set.of(new PackName(i, 2), new PackName(i / 50, 3))))
            .toList();
    List<Condemn> records = Condemning.records(20, kept, List.of());
    assertTrue(records.size() > 4, () -> records.size() + " records");
    assertEquals(7000, records.stream().mapToInt(record -> record.packs().size()).sum());
    for (Condemn record : records) {
      Encoder out = new Encoder(64);
      record.write(out);
      assertTrue(out.length() < 63 << 10, () -> out.length() + " bytes");
      for (RetiredPack pack : record.packs()) {
        assertTrue(record.keepers().contains(new PackName(pack.name().high(), 2)));
        assertTrue(record.keepers().contains(new PackName(pack.name().high() / 50, 3)));
      }
    }
  }
}
