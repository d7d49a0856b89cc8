package dev.varve.examples.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LegibleTest {

  @Test
  void bytes_ofAllSizes_haveThreeDigitsAtMost() {
    assertEquals("0 B", Legible.bytes(0));
    assertEquals("1023 B", Legible.bytes(1023));
    assertEquals("1.0 KiB", Legible.bytes(1024));
    assertEquals("99.9 KiB", Legible.bytes(102_300));
    assertEquals("100 KiB", Legible.bytes(102_400));
    assertEquals("1.0 MiB", Legible.bytes(1_048_575));
    assertEquals("7.5 GiB", Legible.bytes(15L << 29));
    assertEquals("8.0 EiB", Legible.bytes(Long.MAX_VALUE));
  }

  @Test
  void count_ofThousands_isGrouped() {
    assertEquals("0", Legible.count(0));
    assertEquals("999", Legible.count(999));
    assertEquals("1,000", Legible.count(1000));
    assertEquals("-1,234,567", Legible.count(-1_234_567));
    assertEquals("1 file", Legible.count(1, "file", "files"));
    assertEquals("2 files", Legible.count(2, "file", "files"));
  }

  @Test
  void duration_ofAllLengths_hasTwoPartsAtMost() {
    assertEquals("0.0 s", Legible.duration(Duration.ZERO));
    assertEquals("3.4 s", Legible.duration(Duration.ofMillis(3_420)));
    assertEquals("10 s", Legible.duration(Duration.ofMillis(9_990)));
    assertEquals("59 s", Legible.duration(Duration.ofMillis(59_900)));
    assertEquals("2 min 5 s", Legible.duration(Duration.ofSeconds(125)));
    assertEquals("26 h 3 min", Legible.duration(Duration.ofMinutes(26 * 60 + 3)));
  }

  @Test
  void time_isShownInItsZoneToTheSecond() {
    assertEquals(
        "2026-11-19 05:00:09",
        Legible.time(Instant.parse("2026-11-19T03:00:09.999Z"), ZoneOffset.ofHours(2)));
  }

  @Test
  void mode_withSpecialBits_looksLikeThatOfLs() {
    assertEquals("-rw-r--r--", mode(EntryKind.FILE, 0644));
    assertEquals("drwxrwxrwt", mode(EntryKind.DIRECTORY, 01777));
    assertEquals("-rwsr-Sr-T", mode(EntryKind.FILE, 07744));
    assertEquals("prw-------", mode(EntryKind.FIFO, 0600));
    assertEquals(
        "-?????????", Legible.mode(Entry.builder(EntryPath.of("orders"), EntryKind.FILE).build()));
  }

  private static String mode(EntryKind kind, int mode) {
    Posix posix = new Posix(mode, 0, 0, Optional.empty(), Optional.empty(), Optional.empty());
    return Legible.mode(Entry.builder(EntryPath.of("a"), kind).posix(posix).build());
  }
}
