package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class PointInTimeTest {

  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  @Test
  void parse_instant_isTakenAsItIs() {
    assertEquals(Instant.parse("2026-11-19T03:00:00Z"), parse("2026-11-19T03:00:00Z"));
    assertEquals(Instant.parse("2026-11-19T01:00:00Z"), parse("2026-11-19T03:00+02:00"));
  }

  @Test
  void parse_localTime_isInTheZone() {
    assertEquals(Instant.parse("2026-11-19T02:00:00Z"), parse("2026-11-19T03:00"));
    assertEquals(Instant.parse("2026-11-19T02:00:05Z"), parse("2026-11-19 03:00:05"));
  }

  @Test
  void parse_day_isItsLastInstant() {
    assertEquals(Instant.parse("2026-11-19T22:59:59.999999999Z"), parse("2026-11-19"));
  }

  @Test
  void parse_anythingElse_showsWhatToType() {
    for (String typed : new String[] {"yesterday", "", "2026-13-01", "2026-11-19T"}) {
      UsageException e = assertThrows(UsageException.class, () -> parse(typed));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains("give one such as 2026-11-19"), message);
    }
  }

  private static Instant parse(String typed) {
    return PointInTime.parse(typed, ZONE);
  }
}
