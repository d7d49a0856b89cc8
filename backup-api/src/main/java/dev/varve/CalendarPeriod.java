package dev.varve;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.Set;

/**
 * Divides time as calendars do: into days, pairs of weeks, quarters. Immutable.
 *
 * <p>Several of a unit begin where their number divides evenly, counted from 1970-01-01 00:00 local
 * time for minutes, hours and days, from the Monday before it for weeks, from the year 0 for months
 * and years: 3 months are quarters, 6 hours begin at 0, 6, 12 and 18 o'clock. Weeks are ISO weeks:
 * they begin on Monday. Where clocks go back, the hour that comes twice is two hours.
 *
 * @param length how many units, from 1 to 10 000
 * @param unit minutes, hours, days, weeks, months or years
 */
record CalendarPeriod(int length, ChronoUnit unit) {

  private static final int MAX_LENGTH = 10_000;
  private static final Set<ChronoUnit> UNITS =
      Set.of(
          ChronoUnit.MINUTES,
          ChronoUnit.HOURS,
          ChronoUnit.DAYS,
          ChronoUnit.WEEKS,
          ChronoUnit.MONTHS,
          ChronoUnit.YEARS);

  /** 1970-01-01 was a Thursday. */
  private static final int DAYS_FROM_MONDAY = 3;

  private static final int SECONDS_PER_MINUTE = 60;
  private static final int SECONDS_PER_HOUR = 3600;
  private static final DateTimeFormatter MINUTE = format("uuuu-MM-dd'T'HH:mm");
  private static final DateTimeFormatter HOUR = format("uuuu-MM-dd'T'HH");

  CalendarPeriod {
    if (length < 1 || length > MAX_LENGTH || !UNITS.contains(unit)) {
      throw new IllegalArgumentException(
          "A period is 1 to 10000 minutes, hours, days, weeks, months or years, not "
              + length
              + " "
              + name(unit));
    }
  }

  static CalendarPeriod one(ChronoUnit unit) {
    return new CalendarPeriod(1, unit);
  }

  /** The period that holds a time, named by its beginning; equal names are the same period. */
  String of(ZonedDateTime time) {
    return switch (unit) {
      case MINUTES -> MINUTE.format(begin(time, SECONDS_PER_MINUTE)) + time.getOffset();
      case HOURS ->
          HOUR.format(begin(time, SECONDS_PER_HOUR)) + (length == 1 ? time.getOffset() : "");
      case DAYS -> LocalDate.ofEpochDay(floor(time.toLocalDate().toEpochDay())).toString();
      case WEEKS -> week(time.toLocalDate().toEpochDay());
      case MONTHS -> month(floor(time.getLong(ChronoField.PROLEPTIC_MONTH)));
      default -> Long.toString(floor(time.getYear()));
    };
  }

  /** Such as {@code 6 hours}. */
  @Override
  public String toString() {
    String units = name(unit);
    return length == 1 ? units.substring(0, units.length() - 1) : length + " " + units;
  }

  private long floor(long units) {
    return Math.floorDiv(units, length) * length;
  }

  private LocalDateTime begin(ZonedDateTime time, int unitSeconds) {
    long units = Math.floorDiv(time.toLocalDateTime().toEpochSecond(ZoneOffset.UTC), unitSeconds);
    return LocalDateTime.ofEpochSecond(floor(units) * unitSeconds, 0, ZoneOffset.UTC);
  }

  private String week(long day) {
    long weeks = floor(Math.floorDiv(day + DAYS_FROM_MONDAY, 7));
    LocalDate monday = LocalDate.ofEpochDay(weeks * 7 - DAYS_FROM_MONDAY);
    int week = monday.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    return monday.get(IsoFields.WEEK_BASED_YEAR) + "-W" + (week < 10 ? "0" : "") + week;
  }

  private static String month(long months) {
    int year = Math.toIntExact(Math.floorDiv(months, 12));
    return YearMonth.of(year, (int) Math.floorMod(months, 12L) + 1).toString();
  }

  private static String name(ChronoUnit unit) {
    return unit.toString().toLowerCase(Locale.ROOT);
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
  }
}
