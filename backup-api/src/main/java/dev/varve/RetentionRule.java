package dev.varve;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * One reason to keep snapshots. Immutable; a pure function of one group. What a rule keeps depends
 * on no other rule, so that adding one never drops more.
 */
sealed interface RetentionRule {

  /** What a rule says of a snapshot, and why. */
  record Opinion(boolean keeps, String reason) {
    static Opinion keep(String reason) {
      return new Opinion(true, reason);
    }

    static Opinion drop(String reason) {
      return new Opinion(false, reason);
    }
  }

  /** One opinion for each snapshot of a group, whose times are all known, newest first. */
  List<Opinion> judge(List<Snapshot> newestFirst, ZoneId zone);

  /** The newest so many. */
  record Last(int count) implements RetentionRule {

    @Override
    public List<Opinion> judge(List<Snapshot> newestFirst, ZoneId zone) {
      List<Opinion> opinions = new ArrayList<>();
      for (int i = 0; i < newestFirst.size(); i++) {
        opinions.add(
            i < count
                ? Opinion.keep("last " + count)
                : Opinion.drop("not among the last " + count));
      }
      return opinions;
    }
  }

  /**
   * The newest of each of the newest so many periods that have any; while there are fewer periods,
   * also the oldest of all, so that history grows as long as the rule allows.
   */
  record Counted(String name, CalendarPeriod period, int count) implements RetentionRule {

    @Override
    public List<Opinion> judge(List<Snapshot> newestFirst, ZoneId zone) {
      List<Opinion> opinions = new ArrayList<>();
      Set<String> seen = new HashSet<>();
      for (Snapshot snapshot : newestFirst) {
        String its = period.of(snapshot.time().atZone(zone));
        if (seen.contains(its)) {
          opinions.add(Opinion.drop(name + ": " + its + " has a newer one"));
        } else if (seen.size() >= count) {
          opinions.add(Opinion.drop(name + ": " + its + " is not among the last " + count));
        } else {
          seen.add(its);
          opinions.add(Opinion.keep(name + " " + its));
        }
      }
      int oldest = opinions.size() - 1;
      if (oldest >= 0 && seen.size() < count && !opinions.get(oldest).keeps()) {
        opinions.set(oldest, Opinion.keep(name + ": the oldest, as there is room"));
      }
      return opinions;
    }
  }

  /**
   * What is not older than a time before the newest; of each period, if there is one, only the
   * newest.
   */
  record Held(String name, Optional<CalendarPeriod> period, TemporalAmount hold)
      implements RetentionRule {

    private static final LocalDateTime SOME_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);
    private static final int MAX_YEARS = 100_000;

    public Held {
      boolean good;
      try {
        LocalDateTime begin = LocalDateTime.from(hold.subtractFrom(SOME_TIME));
        good = begin.isBefore(SOME_TIME) && begin.getYear() > SOME_TIME.getYear() - MAX_YEARS;
      } catch (DateTimeException | ArithmeticException e) {
        good = false;
      }
      if (!good) {
        throw new IllegalArgumentException(
            "Snapshots are held for a time longer than none and shorter than 100000 years, not "
                + hold);
      }
    }

    @Override
    public List<Opinion> judge(List<Snapshot> newestFirst, ZoneId zone) {
      List<Opinion> opinions = new ArrayList<>();
      Set<String> seen = new HashSet<>();
      Instant begin = newestFirst.isEmpty() ? Instant.MIN : begin(newestFirst.get(0), zone);
      for (Snapshot snapshot : newestFirst) {
        if (snapshot.time().isBefore(begin)) {
          opinions.add(Opinion.drop(name + " " + hold + ": older"));
        } else if (period.isEmpty()) {
          opinions.add(Opinion.keep(name + " " + hold));
        } else {
          String its = period.get().of(snapshot.time().atZone(zone));
          opinions.add(
              seen.add(its)
                  ? Opinion.keep(name + " " + its + ", within " + hold)
                  : Opinion.drop(name + ": " + its + " has a newer one"));
        }
      }
      return opinions;
    }

    private Instant begin(Snapshot newest, ZoneId zone) {
      return newest.time().atZone(zone).minus(hold).toInstant();
    }
  }

  /** Those with a tag, of any value if none is given. */
  record Tagged(String name, Optional<String> value) implements RetentionRule {

    @Override
    public List<Opinion> judge(List<Snapshot> newestFirst, ZoneId zone) {
      return newestFirst.stream().map(this::judge).toList();
    }

    Opinion judge(Snapshot snapshot) {
      Optional<String> its = Optional.ofNullable(snapshot.tags().get(name));
      String tag = "tag " + name + value.map(wanted -> "=" + wanted).orElse("");
      boolean keeps = its.isPresent() && (value.isEmpty() || its.equals(value));
      return keeps ? Opinion.keep(tag) : Opinion.drop("no " + tag);
    }
  }

  /** Those named. */
  record Named(SortedSet<SnapshotId> ids) implements RetentionRule {

    @Override
    public List<Opinion> judge(List<Snapshot> newestFirst, ZoneId zone) {
      return newestFirst.stream()
          .map(s -> ids.contains(s.id()) ? Opinion.keep("by id") : Opinion.drop("not named"))
          .toList();
    }
  }

  /** Whether what it says depends on times, rather than on which came later. */
  default boolean goesByTime() {
    return this instanceof Counted || this instanceof Held;
  }
}
