package dev.varve.source.jdbc.internal.portable;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.temporal.Temporal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as text, in ISO 8601 form. Drivers show infinity as the last value a class has,
 * and the end of a day, 24:00, as the last time. Stateless.
 */
final class Temporals {

  static final String FUTURE = "infinity";
  static final String PAST = "-infinity";
  static final String END_OF_DAY = "24:00";

  private static final Set<Temporal> LAST =
      Set.of(LocalDate.MAX, LocalDateTime.MAX, OffsetDateTime.MAX);
  private static final Set<Temporal> FIRST =
      Set.of(LocalDate.MIN, LocalDateTime.MIN, OffsetDateTime.MIN);

  private Temporals() {}

  /** A time of microseconds, as text; finer ones do not mean 24:00 by their last value. */
  static @Nullable String printTime(@Nullable LocalTime value, int digits) {
    boolean fine = value != null && value.equals(LocalTime.MAX) && digits > 6;
    return fine ? String.valueOf(value) : print(value);
  }

  static @Nullable String print(@Nullable Temporal value) {
    if (value == null) {
      return null;
    }
    if (LAST.contains(value)) {
      return FUTURE;
    }
    if (value.equals(LocalTime.MAX)) {
      return END_OF_DAY;
    }
    return FIRST.contains(value) ? PAST : value.toString();
  }

  static LocalDate date(String text) {
    return switch (text) {
      case FUTURE -> LocalDate.MAX;
      case PAST -> LocalDate.MIN;
      default -> LocalDate.parse(text);
    };
  }

  static LocalTime time(String text) {
    return text.equals(END_OF_DAY) ? LocalTime.MAX : LocalTime.parse(text);
  }

  static LocalDateTime timestamp(String text) {
    return switch (text) {
      case FUTURE -> LocalDateTime.MAX;
      case PAST -> LocalDateTime.MIN;
      default -> LocalDateTime.parse(text);
    };
  }

  static OffsetDateTime timestampWithZone(String text) {
    return switch (text) {
      case FUTURE -> OffsetDateTime.MAX;
      case PAST -> OffsetDateTime.MIN;
      default -> OffsetDateTime.parse(text);
    };
  }
}
