package dev.varve;

import dev.varve.ForgetPlan.Decision;
import dev.varve.ForgetPlan.Verdict;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which snapshots are worth keeping: rules, each of which keeps some, e.g. {@code
 * Retention.keepLast(7).daily(14).weekly(8).monthly(12)}. Immutable: every method returns another
 * one.
 *
 * <p>A snapshot is kept if any rule keeps it, so that a further rule never drops more. Rules look
 * at each group by itself; a group is a source unless {@link #groupedBy} says otherwise. Days,
 * weeks and the like are those of one time zone, UTC unless {@link #in} says otherwise. Time is
 * that of the store's clock when a snapshot was committed, never what a client claims, and ages
 * count from the group's newest snapshot, not from now.
 *
 * <p>Whatever the rules say, these stay: pinned snapshots, those whose time is not known (they are
 * not counted either), and the newest of each group, or as many as {@link #minimum} says.
 */
public final class Retention {

  /** A longer step between two slots of the log makes the store's clock doubtful. */
  public static final int MAX_STEP_DAYS = 30;

  /** A part of what a snapshot is, by which snapshots can be grouped. */
  public enum Trait {
    /** The kind of its source. */
    KIND,
    /** The name of its source. */
    NAME,
    /** The host of its source. */
    HOST,
    /** All its tags. */
    TAGS
  }

  private static final Set<Trait> SOURCE = Set.of(Trait.KIND, Trait.NAME, Trait.HOST);
  private static final Retention NOTHING =
      new Retention(List.of(), 1, SOURCE, List.of(), ZoneOffset.UTC);

  private final List<RetentionRule> rules;
  private final int minimum;
  private final Set<Trait> traits;
  private final List<String> groupTags;
  private final ZoneId zone;

  private Retention(
      List<RetentionRule> rules,
      int minimum,
      Set<Trait> traits,
      List<String> groupTags,
      ZoneId zone) {
    this.rules = rules;
    this.minimum = minimum;
    this.traits = traits;
    this.groupTags = groupTags;
    this.zone = zone;
  }

  /** No rule yet; with none, {@link #decide} fails. */
  public static Retention keep() {
    return NOTHING;
  }

  /** Keeps the newest so many. */
  public static Retention keepLast(int count) {
    return NOTHING.last(count);
  }

  /** Also keeps the newest so many; 0 keeps none, here and below. */
  public Retention last(int count) {
    return counted(count, new RetentionRule.Last(count));
  }

  /** Also keeps the newest of each of the last so many hours that have any. */
  public Retention hourly(int count) {
    return counted("hourly", ChronoUnit.HOURS, count);
  }

  /** Also keeps the newest of each of the last so many days that have any. */
  public Retention daily(int count) {
    return counted("daily", ChronoUnit.DAYS, count);
  }

  /** Also keeps the newest of each of the last so many ISO weeks that have any. */
  public Retention weekly(int count) {
    return counted("weekly", ChronoUnit.WEEKS, count);
  }

  /** Also keeps the newest of each of the last so many months that have any. */
  public Retention monthly(int count) {
    return counted("monthly", ChronoUnit.MONTHS, count);
  }

  /** Also keeps the newest of each of the last so many years that have any. */
  public Retention yearly(int count) {
    return counted("yearly", ChronoUnit.YEARS, count);
  }

  /** Also keeps all that are not older than this, e.g. {@code Period.ofMonths(2)}. */
  public Retention within(TemporalAmount age) {
    return and(new RetentionRule.Held("within", Optional.empty(), age));
  }

  /** Also keeps the newest of each hour, of those that are not older than this. */
  public Retention withinHourly(TemporalAmount age) {
    return held("hourly", CalendarPeriod.one(ChronoUnit.HOURS), age);
  }

  /** Also keeps the newest of each day, of those that are not older than this. */
  public Retention withinDaily(TemporalAmount age) {
    return held("daily", CalendarPeriod.one(ChronoUnit.DAYS), age);
  }

  /** Also keeps the newest of each ISO week, of those that are not older than this. */
  public Retention withinWeekly(TemporalAmount age) {
    return held("weekly", CalendarPeriod.one(ChronoUnit.WEEKS), age);
  }

  /** Also keeps the newest of each month, of those that are not older than this. */
  public Retention withinMonthly(TemporalAmount age) {
    return held("monthly", CalendarPeriod.one(ChronoUnit.MONTHS), age);
  }

  /** Also keeps the newest of each year, of those that are not older than this. */
  public Retention withinYearly(TemporalAmount age) {
    return held("yearly", CalendarPeriod.one(ChronoUnit.YEARS), age);
  }

  /**
   * Also keeps the newest of each calendar period of any length and holds it for a time, as
   * grandfather-father-son schemes do: {@code every(6, HOURS, Period.ofDays(3)).every(3, MONTHS,
   * Period.ofYears(5))}.
   *
   * <p>Periods of several units begin where their number divides evenly: 6 hours at 0, 6, 12 and 18
   * o'clock, 3 months with quarters, 10 years with decades.
   *
   * @param length how many units, from 1 to 10 000
   * @param unit minutes, hours, days, weeks, months or years
   * @param hold for how long
   */
  public Retention every(int length, ChronoUnit unit, TemporalAmount hold) {
    CalendarPeriod period = new CalendarPeriod(length, unit);
    return held("every " + period, period, hold);
  }

  /** Also keeps those that have a tag of this name. */
  public Retention tagged(String name) {
    return and(new RetentionRule.Tagged(name, Optional.empty()));
  }

  /** Also keeps those that have this tag. */
  public Retention tagged(String name, String value) {
    return and(new RetentionRule.Tagged(name, Optional.of(value)));
  }

  /** Also keeps those named. */
  public Retention ids(Collection<SnapshotId> ids) {
    return and(new RetentionRule.Named(Collections.unmodifiableSortedSet(new TreeSet<>(ids))));
  }

  /**
   * Keeps the newest so many of each group, whatever the rules say; 1 unless set. It is no rule: on
   * its own it does not say what may go.
   */
  public Retention minimum(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("At least 1 snapshot of a group is kept, not " + count);
    }
    return new Retention(rules, count, traits, groupTags, zone);
  }

  /**
   * Groups snapshots that have these traits in common, instead of those of the same source; none:
   * all are one group.
   */
  public Retention groupedBy(Trait... common) {
    EnumSet<Trait> set = EnumSet.noneOf(Trait.class);
    set.addAll(Arrays.asList(common));
    return new Retention(rules, minimum, set, groupTags, zone);
  }

  /** Parts each group further by the values of these tags. */
  public Retention groupedByTags(String... names) {
    return new Retention(rules, minimum, traits, List.of(names), zone);
  }

  /** Takes days, weeks and the like to be those of this time zone. */
  public Retention in(ZoneId timeZone) {
    return new Retention(rules, minimum, traits, groupTags, timeZone);
  }

  /** The time zone. */
  public ZoneId zone() {
    return zone;
  }

  /** Whether a wrong clock could make it drop what it should keep. */
  public boolean goesByTime() {
    return rules.stream().anyMatch(RetentionRule::goesByTime);
  }

  /**
   * Says for each snapshot what becomes of it and why. A pure function: it asks no clock and no
   * repository.
   *
   * @return one decision for each, by group, oldest first
   * @throws ConfigurationException if there is no rule
   */
  public List<Decision> decide(Collection<Snapshot> snapshots) {
    if (rules.isEmpty()) {
      throw new ConfigurationException(
          "No rule says which snapshots to keep, so that all but the newest would go; give one,"
              + " such as the number of the last to keep");
    }
    Map<List<String>, List<Snapshot>> groups = new LinkedHashMap<>();
    for (Snapshot snapshot : snapshots) {
      groups.computeIfAbsent(group(snapshot), name -> new ArrayList<>()).add(snapshot);
    }
    List<Decision> decisions = new ArrayList<>();
    groups.entrySet().stream()
        .sorted(Comparator.comparing(group -> String.join(", ", group.getKey())))
        .forEach(
            group -> decisions.addAll(decide(String.join(", ", group.getKey()), group.getValue())));
    return decisions;
  }

  private List<Decision> decide(String group, List<Snapshot> members) {
    List<Snapshot> oldestFirst = new ArrayList<>(members);
    oldestFirst.sort(Comparator.comparing(Snapshot::time));
    List<Snapshot> newestFirst = new ArrayList<>(oldestFirst);
    newestFirst.removeIf(snapshot -> !snapshot.timeKnown());
    Collections.reverse(newestFirst);
    List<List<RetentionRule.Opinion>> opinions =
        rules.stream().map(rule -> rule.judge(newestFirst, zone)).toList();
    List<Decision> decisions = new ArrayList<>();
    int older = newestFirst.size();
    for (Snapshot snapshot : oldestFirst) {
      List<RetentionRule.Opinion> all = new ArrayList<>();
      if (snapshot.timeKnown()) {
        int place = --older;
        opinions.forEach(of -> all.add(of.get(place)));
        if (place < minimum && all.stream().noneMatch(RetentionRule.Opinion::keeps)) {
          String why = minimum == 1 ? "the newest of its group" : "minimum " + minimum;
          all.add(RetentionRule.Opinion.keep(why));
        }
      } else {
        all.add(RetentionRule.Opinion.keep("its time is not known"));
        rules.forEach(rule -> timeless(rule, snapshot).ifPresent(all::add));
      }
      if (snapshot.pinned()) {
        all.add(RetentionRule.Opinion.keep("pinned"));
      }
      decisions.add(decision(snapshot, group, all));
    }
    return decisions;
  }

  private static Decision decision(
      Snapshot snapshot, String group, List<RetentionRule.Opinion> opinions) {
    boolean kept = opinions.stream().anyMatch(RetentionRule.Opinion::keeps);
    List<String> reasons =
        opinions.stream()
            .filter(opinion -> opinion.keeps() == kept)
            .map(RetentionRule.Opinion::reason)
            .toList();
    return new Decision(snapshot, group, kept ? Verdict.KEEP : Verdict.DROP, reasons);
  }

  /** What rules that need no time say of a snapshot without one. */
  private Optional<RetentionRule.Opinion> timeless(RetentionRule rule, Snapshot snapshot) {
    boolean needsNone = rule instanceof RetentionRule.Tagged || rule instanceof RetentionRule.Named;
    return needsNone
        ? Optional.of(rule.judge(List.of(snapshot), zone).get(0))
            .filter(RetentionRule.Opinion::keeps)
        : Optional.empty();
  }

  /** What all of a group have in common. */
  private List<String> group(Snapshot snapshot) {
    SourceIdentity source = snapshot.source();
    List<String> common = new ArrayList<>();
    common.add(
        (traits.contains(Trait.KIND) ? source.kind() : "*")
            + (":" + (traits.contains(Trait.NAME) ? source.name() : "*"))
            + ("@" + (traits.contains(Trait.HOST) ? source.host() : "*")));
    Set<String> names = new TreeSet<>(groupTags);
    if (traits.contains(Trait.TAGS)) {
      names.addAll(snapshot.tags().keySet());
    }
    for (String name : names) {
      Optional<String> value = Optional.ofNullable(snapshot.tags().get(name));
      common.add(value.map(is -> name + "=" + is).orElse("no " + name));
    }
    return common;
  }

  private Retention counted(String name, ChronoUnit unit, int count) {
    return counted(count, new RetentionRule.Counted(name, CalendarPeriod.one(unit), count));
  }

  private Retention counted(int count, RetentionRule rule) {
    if (count < 0) {
      throw new IllegalArgumentException("A rule keeps 0 snapshots or more, not " + count);
    }
    return count == 0 ? this : and(rule);
  }

  private Retention held(String name, CalendarPeriod period, TemporalAmount hold) {
    return and(new RetentionRule.Held(name, Optional.of(period), hold));
  }

  private Retention and(RetentionRule rule) {
    List<RetentionRule> more = new ArrayList<>(rules);
    more.add(rule);
    return new Retention(List.copyOf(more), minimum, traits, groupTags, zone);
  }
}
