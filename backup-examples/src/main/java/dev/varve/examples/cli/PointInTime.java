package dev.varve.examples.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;

/** Reads a point in time as people type it. Stateless. */
final class PointInTime {

  private PointInTime() {}

  /**
   * The instant of {@code 2026-11-19T03:00:00Z} or with another offset, of {@code 2026-11-19T03:00}
   * in {@code zone}, or the last one of the day {@code 2026-11-19} there. A blank may stand for the
   * T.
   */
  static Instant parse(String typed, ZoneId zone) {
    String text = typed.strip().replace(' ', 'T');
    try {
      if (text.indexOf('T') < 0) {
        return LocalDate.parse(text).plusDays(1).atStartOfDay(zone).toInstant().minusNanos(1);
      }
      if (text.matches(".*T.*(Z|[+-][0-9:]+)")) {
        return OffsetDateTime.parse(text).toInstant();
      }
      return LocalDateTime.parse(text).atZone(zone).toInstant();
    } catch (DateTimeParseException e) {
      throw new UsageException(
          "--at: '"
              + typed
              + "' is no time; give one such as 2026-11-19, 2026-11-19T03:00 or"
              + " 2026-11-19T03:00:00Z");
    }
  }
}
