package dev.varve.examples.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.time.temporal.TemporalUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time to go back, as people type it: {@code 30d}, {@code 1y6m}, {@code 12h}. Years, months,
 * weeks and days are those of the calendar. Immutable.
 */
record Age(String typed, Period period, Duration duration) implements TemporalAmount {

  private static final Pattern STEP = Pattern.compile("([0-9]{1,6})(min|y|m|w|d|h)");
  private static final String HOW =
      "give numbers with y, m, w, d, h or min (years, months, weeks, days, hours, minutes),"
          + " such as 30d, 1y6m or 12h";

  /** Reads what was typed for an option. */
  static Age parse(String option, String typed) {
    Period period = Period.ZERO;
    Duration duration = Duration.ZERO;
    Matcher step = STEP.matcher(typed);
    int end = 0;
    while (step.find() && step.start() == end) {
      end = step.end();
      int count = Integer.parseInt(step.group(1));
      switch (unit(step.group(2))) {
        case YEARS -> period = period.plusYears(count);
        case MONTHS -> period = period.plusMonths(count);
        case WEEKS -> period = period.plusDays(7L * count);
        case DAYS -> period = period.plusDays(count);
        case HOURS -> duration = duration.plusHours(count);
        default -> duration = duration.plusMinutes(count);
      }
    }
    if (end == 0 || end < typed.length()) {
      throw new UsageException(option + ": '" + typed + "' is no time; " + HOW);
    }
    return new Age(typed, period, duration);
  }

  /** How long it is; days have 24 hours, and months are those after January 1970. */
  Duration length() {
    return Duration.between(
        Instant.EPOCH, Instant.EPOCH.atOffset(ZoneOffset.UTC).plus(this).toInstant());
  }

  /** The unit these letters stand for. */
  static ChronoUnit unit(String letters) {
    return switch (letters) {
      case "y" -> ChronoUnit.YEARS;
      case "m" -> ChronoUnit.MONTHS;
      case "w" -> ChronoUnit.WEEKS;
      case "d" -> ChronoUnit.DAYS;
      case "h" -> ChronoUnit.HOURS;
      default -> ChronoUnit.MINUTES;
    };
  }

  @Override
  public Temporal subtractFrom(Temporal temporal) {
    return temporal.minus(period).minus(duration);
  }

  @Override
  public Temporal addTo(Temporal temporal) {
    return temporal.plus(period).plus(duration);
  }

  @Override
  public long get(TemporalUnit unit) {
    if (unit == ChronoUnit.SECONDS) {
      return duration.toSeconds();
    }
    if (period.getUnits().contains(unit)) {
      return period.get(unit);
    }
    throw new DateTimeException("An age is not counted in " + unit);
  }

  @Override
  public List<TemporalUnit> getUnits() {
    return List.of(ChronoUnit.YEARS, ChronoUnit.MONTHS, ChronoUnit.DAYS, ChronoUnit.SECONDS);
  }

  @Override
  public String toString() {
    return typed;
  }
}
