package dev.varve;

import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.HOURS;
import static java.time.temporal.ChronoUnit.MINUTES;
import static java.time.temporal.ChronoUnit.MONTHS;
import static java.time.temporal.ChronoUnit.WEEKS;
import static java.time.temporal.ChronoUnit.YEARS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ForgetPlan.Decision;
import dev.varve.ForgetPlan.Verdict;
import dev.varve.Retention.Trait;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What is kept of which history: tables worked out by hand, and what holds of any rules. */
class RetentionTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  @Test
  void last_keepsTheNewest() {
    assertKept(
        Retention.keepLast(2),
        "2026-11-17T03:00:00Z",
        "2026-11-18T03:00:00Z +",
        "2026-11-19T03:00:00Z +");
  }

  @Test
  void daily_keepsTheNewestOfEachDayThatHasAny_andTheOldestWhileThereIsRoom() {
    String[] history = {
      "2026-11-10T03:00:00Z",
      "2026-11-10T15:00:00Z",
      "2026-11-14T03:00:00Z",
      "2026-11-19T03:00:00Z",
      "2026-11-19T15:00:00Z"
    };
    assertKept(Retention.keep().daily(1), marked(history, 4));
    assertKept(Retention.keep().daily(2), marked(history, 2, 4));
    assertKept(Retention.keep().daily(3), marked(history, 1, 2, 4));
    assertKept(Retention.keep().daily(4), marked(history, 0, 1, 2, 4));
  }

  @Test
  void daily_goesByTheDaysOfItsTimeZone() {
    String[] history = {"2026-11-18T22:30:00Z", "2026-11-18T23:30:00Z", "2026-11-19T22:30:00Z"};
    assertKept(Retention.keep().daily(2), marked(history, 1, 2));
    // In Berlin the last two are of the 19th.
    assertKept(Retention.keep().daily(2).in(BERLIN), marked(history, 0, 2));
    assertKept(Retention.keep().daily(1).in(BERLIN), marked(history, 2));
  }

  @Test
  void hourly_clocksGoBack_theHourThatComesTwiceIsTwo() {
    // 2026-10-25 in Paris: at 01:00Z it is 02:00 a second time.
    String[] history = {
      "2026-10-24T23:50:00Z",
      "2026-10-25T00:10:00Z",
      "2026-10-25T00:50:00Z",
      "2026-10-25T01:10:00Z",
      "2026-10-25T02:10:00Z"
    };
    assertKept(Retention.keep().hourly(2).in(PARIS), marked(history, 3, 4));
    assertKept(Retention.keep().hourly(3).in(PARIS), marked(history, 2, 3, 4));
    assertEquals(
        List.of("hourly 2026-10-25T02+01:00"),
        reasons(Retention.keep().hourly(2).in(PARIS), history).get(3));
    assertEquals(
        List.of("hourly 2026-10-25T02+02:00"),
        reasons(Retention.keep().hourly(3).in(PARIS), history).get(2));
  }

  @Test
  void daily_clocksGoForward_theShortDayIsOne() {
    // 2026-03-29 in Berlin has 23 hours, from 23:00Z to 22:00Z.
    String[] history = {
      "2026-03-28T22:59:00Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:00Z", "2026-03-29T22:00:00Z"
    };
    assertKept(Retention.keep().daily(3).in(BERLIN), marked(history, 0, 2, 3));
    assertKept(Retention.keep().daily(2).in(BERLIN), marked(history, 2, 3));
  }

  @Test
  void within_periodCountsDaysOfTheCalendar_durationHours() {
    // From the 28th, 12:00 to the 29th, 12:00 the clocks go forward: 23 hours.
    String[] history = {
      "2026-03-28T10:30:00Z", "2026-03-28T11:00:00Z", "2026-03-28T12:00:00Z", "2026-03-29T10:00:00Z"
    };
    assertKept(Retention.keep().within(Period.ofDays(1)).in(BERLIN), marked(history, 1, 2, 3));
    assertKept(
        Retention.keep().within(Duration.ofHours(24)).in(BERLIN), marked(history, 0, 1, 2, 3));
    assertKept(Retention.keep().within(Duration.ofHours(23)).in(BERLIN), marked(history, 1, 2, 3));
  }

  @Test
  void weekly_isoWeek53_belongsToTheYearItBeganIn() {
    // 2026 has 53 weeks: W53 is from Monday 2026-12-28 to Sunday 2027-01-03.
    String[] history = {
      "2026-12-27T12:00:00Z",
      "2026-12-28T00:00:00Z",
      "2026-12-31T12:00:00Z",
      "2027-01-03T23:59:59Z",
      "2027-01-04T00:00:00Z"
    };
    Retention weekly = Retention.keep().weekly(3);
    assertKept(weekly, marked(history, 0, 3, 4));
    assertEquals(List.of("weekly 2026-W52"), reasons(weekly, history).get(0));
    assertEquals(List.of("weekly 2026-W53"), reasons(weekly, history).get(3));
    assertEquals(List.of("weekly 2027-W01"), reasons(weekly, history).get(4));
    assertEquals(List.of("weekly: 2026-W53 has a newer one"), reasons(weekly, history).get(1));
  }

  @Test
  void weekly_firstDaysOfJanuary_mayBelongToTheYearBefore() {
    // 2021-01-03 is a Sunday of 2020-W53, 2024-12-30 a Monday of 2025-W01.
    String[] history = {"2020-12-28T12:00:00Z", "2021-01-03T12:00:00Z", "2024-12-30T12:00:00Z"};
    List<List<String>> reasons = reasons(Retention.keep().weekly(2), history);
    assertEquals(List.of("weekly: 2020-W53 has a newer one"), reasons.get(0));
    assertEquals(List.of("weekly 2020-W53"), reasons.get(1));
    assertEquals(List.of("weekly 2025-W01"), reasons.get(2));
  }

  @Test
  void leapDay_isADayOfItsOwn_andAMonthBeforeMarch31IsIt() {
    String[] history = {
      "2028-02-28T12:00:00Z", "2028-02-29T11:00:00Z", "2028-02-29T12:00:00Z", "2028-03-31T12:00:00Z"
    };
    assertKept(Retention.keep().daily(3), marked(history, 0, 2, 3));
    assertKept(Retention.keep().monthly(2), marked(history, 2, 3));
    assertKept(Retention.keep().within(Period.ofMonths(1)), marked(history, 2, 3));
    // A year before 2029-02-28 is 2028-02-28, a year before 2028-02-29 is 2027-02-28.
    assertKept(
        Retention.keep().within(Period.ofYears(1)),
        "2027-02-27T12:00:00Z",
        "2027-02-28T12:00:00Z +",
        "2028-02-29T12:00:00Z +");
  }

  @Test
  void monthlyAndYearly_keepTheLastOfEach() {
    String[] history = {
      "2024-12-31T23:00:00Z", "2025-06-01T00:00:00Z", "2025-12-31T23:59:59Z",
      "2026-01-01T00:00:00Z", "2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z"
    };
    assertKept(Retention.keep().monthly(3), marked(history, 2, 4, 5));
    assertKept(Retention.keep().yearly(2), marked(history, 2, 5));
    assertKept(Retention.keep().yearly(3), marked(history, 0, 2, 5));
    // In Berlin 2024-12-31T23:00Z is of 2025, and 2025-12-31T23:59:59Z of 2026.
    assertKept(Retention.keep().yearly(2).in(BERLIN), marked(history, 1, 5));
  }

  @Test
  void withinDaily_keepsOneADayForSoLong() {
    String[] history = {
      "2026-11-16T12:00:00Z", "2026-11-17T10:00:00Z", "2026-11-17T12:00:00Z",
      "2026-11-18T01:00:00Z", "2026-11-18T02:00:00Z", "2026-11-19T10:00:00Z"
    };
    Retention rules = Retention.keep().withinDaily(Period.ofDays(2));
    assertKept(rules, marked(history, 2, 4, 5));
    assertEquals(List.of("daily P2D: older"), reasons(rules, history).get(0));
    assertEquals(List.of("daily 2026-11-18, within P2D"), reasons(rules, history).get(4));
    assertKept(Retention.keep().withinHourly(Duration.ofHours(33)), marked(history, 3, 4, 5));
    assertKept(Retention.keep().withinWeekly(Period.ofDays(2)), marked(history, 5));
    assertKept(Retention.keep().withinMonthly(Period.ofWeeks(1)), marked(history, 5));
    assertKept(Retention.keep().withinYearly(Period.ofWeeks(1)), marked(history, 5));
  }

  /** Sons a day for 3 days, fathers a week for a month, grandfathers a quarter for two years. */
  @Test
  void every_grandfatherFatherSon() {
    String[] history = {
      "2024-06-30T12:00:00Z", "2024-12-31T12:00:00Z", "2025-11-02T12:00:00Z",
      "2026-09-30T12:00:00Z", "2026-10-12T12:00:00Z", "2026-10-25T12:00:00Z",
      "2026-11-15T12:00:00Z", "2026-11-16T12:00:00Z", "2026-11-17T12:00:00Z",
      "2026-11-19T06:00:00Z", "2026-11-19T12:00:00Z"
    };
    Retention rules =
        Retention.keep()
            .every(1, DAYS, Period.ofDays(3))
            .every(1, WEEKS, Period.ofMonths(1))
            .every(3, MONTHS, Period.ofYears(2));
    assertKept(rules, marked(history, 1, 2, 3, 5, 6, 7, 8, 10));
    assertEquals(List.of("every 3 months 2026-07, within P2Y"), reasons(rules, history).get(3));
    assertEquals(List.of("every week 2026-W43, within P1M"), reasons(rules, history).get(5));
  }

  @Test
  void every_lengthsBeginWhereTheyDivideEvenly() {
    assertEquals("2026-11-19T06", name(6, HOURS, "2026-11-19T11:59:59Z"));
    assertEquals("2026-11-19T12", name(6, HOURS, "2026-11-19T12:00:00Z"));
    assertEquals("2026-11-19T12:15Z", name(15, MINUTES, "2026-11-19T12:29:59Z"));
    assertEquals("2026-10", name(3, MONTHS, "2026-12-31T00:00:00Z"));
    assertEquals("2026-07", name(6, MONTHS, "2026-12-31T00:00:00Z"));
    assertEquals("2020", name(10, YEARS, "2029-12-31T00:00:00Z"));
    assertEquals("1970-01-03", name(2, DAYS, "1970-01-04T23:00:00Z"));
    assertEquals("1969-12-30", name(2, DAYS, "1969-12-31T23:00:00Z"));
    assertEquals("1970-W01", name(2, WEEKS, "1970-01-11T23:00:00Z"));
    assertEquals("1970-W03", name(2, WEEKS, "1970-01-12T00:00:00Z"));
  }

  @Test
  void tagsAndIds_keepWhatTheyName() {
    Snapshot release = at("2026-01-01T00:00:00Z", Map.of("release", "4.2"));
    Snapshot other = at("2026-01-02T00:00:00Z", Map.of("release", "4.3"));
    Snapshot none = at("2026-01-03T00:00:00Z", Map.of());
    Snapshot newest = at("2026-01-04T00:00:00Z", Map.of());
    List<Snapshot> all = List.of(release, other, none, newest);
    assertEquals(List.of(release, other, newest), kept(Retention.keep().tagged("release"), all));
    assertEquals(List.of(release, newest), kept(Retention.keep().tagged("release", "4.2"), all));
    assertEquals(List.of(none, newest), kept(Retention.keep().ids(List.of(none.id())), all));
  }

  @Test
  void minimum_isNotUndercut() {
    String[] history = {
      "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", "2020-01-03T00:00:00Z", "2026-01-01T00:00:00Z"
    };
    Retention young = Retention.keep().within(Period.ofDays(7));
    assertKept(young, marked(history, 3));
    assertKept(young.minimum(3), marked(history, 1, 2, 3));
    assertKept(young.minimum(9), marked(history, 0, 1, 2, 3));
    assertEquals(List.of("minimum 3"), reasons(young.minimum(3), history).get(2));
  }

  @Test
  void pinned_stays() {
    Snapshot pinned = snapshot("2020-01-01T00:00:00Z", true, "files:a@h", Map.of(), true);
    Snapshot newest = at("2026-01-01T00:00:00Z", Map.of());
    List<Decision> decisions = Retention.keepLast(1).decide(List.of(newest, pinned));
    assertEquals(Verdict.KEEP, decisions.get(0).verdict());
    assertEquals(List.of("pinned"), decisions.get(0).reasons());
  }

  /** It counts like any other: a pin does not make room for one more. */
  @Test
  void pinned_takesItsPlaceAmongTheNewest() {
    Snapshot old = at("2026-01-01T00:00:00Z", Map.of());
    Snapshot pinned = snapshot("2026-01-02T00:00:00Z", true, "files:a@h", Map.of(), true);
    Snapshot newest = at("2026-01-03T00:00:00Z", Map.of());
    List<Snapshot> all = List.of(old, pinned, newest);
    assertEquals(List.of(pinned, newest), kept(Retention.keepLast(2), all));
    assertEquals(List.of("last 2", "pinned"), Retention.keepLast(2).decide(all).get(1).reasons());
    assertEquals(all, kept(Retention.keepLast(3), all));
  }

  /** One clock said 2036 and was set right: what it dated is not known, kept, and not counted. */
  @Test
  void unknownTimes_areKeptAndNotCounted() {
    Snapshot old = at("2026-01-01T00:00:00Z", Map.of());
    Snapshot wild = snapshot("2036-01-01T00:00:00Z", false, "files:a@h", Map.of(), false);
    Snapshot newest = at("2026-01-02T00:00:00Z", Map.of());
    List<Snapshot> all = List.of(old, wild, newest);
    assertEquals(
        Set.of(newest.id(), wild.id()), new HashSet<>(ids(kept(Retention.keepLast(1), all))));
    assertEquals(
        Set.of(old.id(), newest.id(), wild.id()),
        new HashSet<>(ids(kept(Retention.keep().within(Period.ofDays(1)), all))));
  }

  @Test
  void groups_areJudgedByThemselves() {
    Snapshot web = snapshot("2026-01-01T00:00:00Z", true, "files:a@web", Map.of("e", "1"), false);
    Snapshot db = snapshot("2026-01-02T00:00:00Z", true, "files:a@db", Map.of("e", "1"), false);
    Snapshot sql = snapshot("2026-01-03T00:00:00Z", true, "jdbc:b@db", Map.of("e", "2"), false);
    List<Snapshot> all = List.of(web, db, sql);
    Retention one = Retention.keepLast(1);
    assertEquals(Set.of(web, db, sql), new HashSet<>(kept(one, all)));
    assertEquals(Set.of(web, sql), new HashSet<>(kept(one.groupedBy(Trait.HOST), all)));
    assertEquals(Set.of(db, sql), new HashSet<>(kept(one.groupedBy(Trait.KIND, Trait.NAME), all)));
    assertEquals(List.of(sql), kept(one.groupedBy(), all));
    assertEquals(Set.of(db, sql), new HashSet<>(kept(one.groupedBy(Trait.TAGS), all)));
    assertEquals(Set.of(db, sql), new HashSet<>(kept(one.groupedBy().groupedByTags("e"), all)));
    assertEquals("*:*@*, e=1", one.groupedBy().groupedByTags("e").decide(all).get(0).group());
    assertEquals("*:*@*, no x", one.groupedBy().groupedByTags("x").decide(all).get(0).group());
  }

  /** A rule counts in each group anew, and its reasons name the group's own periods. */
  @Test
  void groups_eachHasItsOwnNewestFromWhichAgesCount() {
    Snapshot retired = snapshot("2020-05-01T00:00:00Z", true, "files:a@old", Map.of(), false);
    Snapshot before = snapshot("2020-04-30T00:00:00Z", true, "files:a@old", Map.of(), false);
    Snapshot older = snapshot("2020-04-01T00:00:00Z", true, "files:a@old", Map.of(), false);
    Snapshot today = snapshot("2026-05-01T00:00:00Z", true, "files:a@new", Map.of(), false);
    List<Snapshot> all = List.of(older, before, retired, today);
    Retention week = Retention.keep().within(Period.ofDays(7));
    assertEquals(List.of(today, before, retired), kept(week, all));
    assertEquals(List.of(today), kept(week.groupedBy(), all));
    assertEquals(Set.of(retired, today), new HashSet<>(kept(Retention.keep().daily(1), all)));
  }

  @Test
  void groups_ofTagsThatLookAlike_areNotMixed() {
    Snapshot one =
        snapshot("2026-01-01T00:00:00Z", true, "files:a@h", Map.of("a", "1, b=2", "b", "3"), false);
    Snapshot two =
        snapshot("2026-01-02T00:00:00Z", true, "files:a@h", Map.of("a", "1", "b", "2, b=3"), false);
    assertEquals(
        Set.of(one, two),
        new HashSet<>(kept(Retention.keepLast(1).groupedByTags("a", "b"), List.of(one, two))));
  }

  @Test
  void decide_withoutARule_isRefused() {
    for (Retention none :
        List.of(Retention.keep(), Retention.keepLast(0), Retention.keep().minimum(3))) {
      assertThrows(ConfigurationException.class, () -> none.decide(List.of()));
    }
  }

  @Test
  void rules_thatCannotBe_areRefused() {
    Retention keep = Retention.keep();
    assertThrows(IllegalArgumentException.class, () -> keep.last(-1));
    assertThrows(IllegalArgumentException.class, () -> keep.minimum(0));
    assertThrows(IllegalArgumentException.class, () -> keep.within(Period.ZERO));
    assertThrows(IllegalArgumentException.class, () -> keep.within(Duration.ofHours(-1)));
    assertThrows(IllegalArgumentException.class, () -> keep.within(Period.ofYears(1_000_000)));
    assertThrows(
        IllegalArgumentException.class, () -> keep.within(Duration.ofSeconds(Long.MAX_VALUE)));
    assertThrows(IllegalArgumentException.class, () -> keep.every(0, DAYS, Period.ofDays(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> keep.every(1, java.time.temporal.ChronoUnit.DECADES, Period.ofDays(1)));
  }

  @Test
  void goesByTime_onlyWherePeriodsAndAgesDecide() {
    assertTrue(Retention.keepLast(3).daily(1).goesByTime());
    assertTrue(Retention.keep().within(Period.ofDays(1)).goesByTime());
    assertEquals(false, Retention.keepLast(3).tagged("a").minimum(2).goesByTime());
  }

  @Property(tries = 300)
  void anyRules_keepTheMinimumOfEachGroup(
      @ForAll("histories") List<Snapshot> history, @ForAll("rules") Retention rules) {
    for (int minimum = 1; minimum <= 4; minimum++) {
      int wanted = minimum;
      Map<String, Integer> kept = new TreeMap<>();
      Map<String, Integer> all = new TreeMap<>();
      for (Decision decision : rules.minimum(minimum).decide(history)) {
        all.merge(decision.group(), 1, Integer::sum);
        kept.merge(decision.group(), decision.verdict() == Verdict.KEEP ? 1 : 0, Integer::sum);
        assertTrue(!decision.reasons().isEmpty(), "Every decision has a reason");
      }
      all.forEach(
          (group, size) ->
              assertTrue(kept.getOrDefault(group, 0) >= Math.min(size, wanted), group));
    }
  }

  @Property(tries = 300)
  void oneMoreRule_neverDropsMore(
      @ForAll("histories") List<Snapshot> history,
      @ForAll("rules") Retention rules,
      @ForAll("additions") Addition addition) {
    Set<SnapshotId> before = new HashSet<>(ids(kept(rules, history)));
    Set<SnapshotId> after = new HashSet<>(ids(kept(addition.to(rules), history)));
    assertTrue(after.containsAll(before));
  }

  @Property(tries = 300)
  void oneMoreKeptById_isKeptAndNothingElseIsDropped(
      @ForAll("histories") List<Snapshot> history, @ForAll("rules") Retention rules) {
    Set<SnapshotId> before = new HashSet<>(ids(kept(rules, history)));
    for (Snapshot snapshot : history) {
      Set<SnapshotId> wanted = new HashSet<>(before);
      wanted.add(snapshot.id());
      Retention named = rules.ids(List.of(snapshot.id()));
      assertEquals(wanted, new HashSet<>(ids(kept(named, history))));
    }
  }

  @Property(tries = 300)
  void higherMinimum_neverDropsMore(
      @ForAll("histories") List<Snapshot> history, @ForAll("rules") Retention rules) {
    Set<SnapshotId> before = Set.of();
    for (int minimum = 1; minimum <= 5; minimum++) {
      Set<SnapshotId> after = new HashSet<>(ids(kept(rules.minimum(minimum), history)));
      assertTrue(after.containsAll(before));
      before = after;
    }
  }

  @Property(tries = 300)
  void forgettingTwice_dropsNothingMore(
      @ForAll("histories") List<Snapshot> history, @ForAll("rules") Retention rules) {
    List<Snapshot> kept = kept(rules, history);
    assertEquals(kept, kept(rules, kept));
  }

  @Property(tries = 300)
  void orderOfTheSnapshotsGiven_doesNotMatter(
      @ForAll("histories") List<Snapshot> history, @ForAll("rules") Retention rules) {
    List<Snapshot> backwards = new ArrayList<>(history);
    java.util.Collections.reverse(backwards);
    assertEquals(
        new HashSet<>(ids(kept(rules, history))), new HashSet<>(ids(kept(rules, backwards))));
  }

  /** Adds a rule. */
  interface Addition {
    Retention to(Retention rules);
  }

  @Provide
  Arbitrary<Addition> additions() {
    return addition();
  }

  @Provide
  Arbitrary<Retention> rules() {
    Arbitrary<ZoneId> zones =
        Arbitraries.of("UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia").map(ZoneId::of);
    Arbitrary<Retention> grouped =
        Arbitraries.of(
            Retention.keep(),
            Retention.keep().groupedBy(),
            Retention.keep().groupedBy(Trait.HOST),
            Retention.keep().groupedByTags("t"));
    return Combinators.combine(grouped, zones, addition().list().ofMinSize(1).ofMaxSize(4))
        .as(
            (start, zone, additions) -> {
              Retention rules = start.in(zone);
              for (Addition each : additions) {
                rules = each.to(rules);
              }
              return rules;
            });
  }

  private static Arbitrary<Addition> addition() {
    Arbitrary<Integer> counts = Arbitraries.integers().between(1, 6);
    Arbitrary<Integer> days = Arbitraries.integers().between(1, 500);
    return Arbitraries.oneOf(
        counts.map(n -> rules -> rules.last(n)),
        counts.map(n -> rules -> rules.hourly(n)),
        counts.map(n -> rules -> rules.daily(n)),
        counts.map(n -> rules -> rules.weekly(n)),
        counts.map(n -> rules -> rules.monthly(n)),
        counts.map(n -> rules -> rules.yearly(n)),
        days.map(n -> rules -> rules.within(Period.ofDays(n))),
        days.map(n -> rules -> rules.withinHourly(Duration.ofHours(n))),
        days.map(n -> rules -> rules.withinDaily(Period.ofDays(n))),
        days.map(n -> rules -> rules.withinWeekly(Duration.ofHours(5L * n))),
        counts.map(n -> rules -> rules.withinMonthly(Period.ofMonths(n))),
        counts.map(n -> rules -> rules.withinYearly(Period.ofYears(n))),
        Combinators.combine(
                counts, Arbitraries.of(MINUTES, HOURS, DAYS, WEEKS, MONTHS, YEARS), days)
            .as((n, unit, hold) -> rules -> rules.every(n, unit, Period.ofDays(hold))),
        Arbitraries.just(rules -> rules.tagged("t")),
        Arbitraries.just(rules -> rules.tagged("t", "1")));
  }

  @Provide
  Arbitrary<List<Snapshot>> histories() {
    Arbitrary<Instant> times =
        Arbitraries.longs()
            .between(0, 90_000)
            .map(n -> Instant.parse("2025-03-01T00:00:00Z").plusSeconds(n * 600));
    return Combinators.combine(
            times,
            Arbitraries.of("files:a@h", "files:a@i", "jdbc:b@h"),
            Arbitraries.of(Map.<String, String>of(), Map.of("t", "1"), Map.of("t", "2")),
            Arbitraries.integers().between(0, 9))
        .as(
            (time, source, tags, chance) ->
                snapshot(time.toString(), chance != 0, source, tags, chance == 1))
        .list()
        .ofMaxSize(25)
        .uniqueElements(Snapshot::time);
  }

  private static String name(int length, java.time.temporal.ChronoUnit unit, String time) {
    return new CalendarPeriod(length, unit).of(Instant.parse(time).atZone(ZoneId.of("UTC")));
  }

  /** Times of one source, those to be kept marked by a plus. */
  static void assertKept(Retention rules, String... marked) {
    Map<String, Snapshot> history = new LinkedHashMap<>();
    for (String each : marked) {
      String time = each.replace(" +", "");
      history.put(time, at(time, Map.of()));
    }
    List<String> kept =
        kept(rules, List.copyOf(history.values())).stream().map(s -> s.time().toString()).toList();
    List<String> wanted =
        Arrays.stream(marked).filter(m -> m.endsWith("+")).map(m -> m.replace(" +", "")).toList();
    assertEquals(wanted, kept);
  }

  static String[] marked(String[] history, int... kept) {
    return IntStream.range(0, history.length)
        .mapToObj(i -> history[i] + (IntStream.of(kept).anyMatch(k -> k == i) ? " +" : ""))
        .toArray(String[]::new);
  }

  static List<List<String>> reasons(Retention rules, String... times) {
    List<Snapshot> history = Arrays.stream(times).map(time -> at(time, Map.of())).toList();
    return rules.decide(history).stream().map(Decision::reasons).toList();
  }

  private static List<Snapshot> kept(Retention rules, List<Snapshot> history) {
    return rules.decide(history).stream()
        .filter(decision -> decision.verdict() == Verdict.KEEP)
        .map(Decision::snapshot)
        .toList();
  }

  private static List<SnapshotId> ids(List<Snapshot> snapshots) {
    return snapshots.stream().map(Snapshot::id).toList();
  }

  private static Snapshot at(String time, Map<String, String> tags) {
    return snapshot(time, true, "files:a@h", tags, false);
  }

  private static Snapshot snapshot(
      String time, boolean known, String source, Map<String, String> tags, boolean pinned) {
    return new Snapshot(
        SnapshotId.random(),
        SourceIdentity.parse(source),
        Instant.parse(time),
        known,
        Instant.EPOCH,
        tags,
        pinned,
        Statistics.NONE,
        0,
        "test");
  }
}
