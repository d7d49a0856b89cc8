package dev.varve.examples.cli.show;

import dev.varve.Entry;
import dev.varve.EntryKind;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/**
 * Numbers and times as people read them. Stateless. Does not use {@link java.util.Formatter}, which
 * would cost a short command a noticeable part of its time.
 */
public final class Legible {

  private static final String[] BINARY_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Legible() {}

  /** A size such as {@code 999 B}, {@code 1.5 MiB} or {@code 27 GiB}. */
  public static String bytes(long bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 1023.5 && unit < BINARY_UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String digits = unit == 0 || value >= 99.95 ? whole(value) : oneDecimal(value);
    return digits + " " + BINARY_UNITS[unit];
  }

  /** A count such as {@code 59,873}. */
  public static String count(long count) {
    StringBuilder out = new StringBuilder(Long.toString(count));
    for (int i = out.length() - 3; i > (count < 0 ? 1 : 0); i -= 3) {
      out.insert(i, ',');
    }
    return out.toString();
  }

  /** A count of something, e.g. {@code 1 file} or {@code 2,000 files}. */
  public static String count(long count, String one, String many) {
    return count(count) + " " + (count == 1 ? one : many);
  }

  /** A duration such as {@code 3.4 s}, {@code 2 min 5 s} or {@code 1 h 3 min}. */
  public static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 60) {
      double exact = duration.toMillis() / 1000.0;
      return (exact < 9.95 ? oneDecimal(exact) : whole(Math.min(59, exact))) + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }

  /** A time to the second, such as {@code 2026-11-19 03:00:12}. */
  public static String time(Instant time, ZoneId zone) {
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    StringBuilder out = new StringBuilder(19).append(local.toLocalDate()).append(' ');
    twoDigits(out, local.getHour()).append(':');
    twoDigits(out, local.getMinute()).append(':');
    return twoDigits(out, local.getSecond()).toString();
  }

  /** Kind and permissions as {@code ls -l} shows them, such as {@code drwxr-xr-t}. */
  public static String mode(Entry entry) {
    StringBuilder out = new StringBuilder(10).append(letter(entry.kind()));
    if (entry.posix().isEmpty()) {
      return out.append("?????????").toString();
    }
    int mode = entry.posix().get().mode();
    for (int shift = 6; shift >= 0; shift -= 3) {
      out.append((mode >> shift & 4) != 0 ? 'r' : '-');
      out.append((mode >> shift & 2) != 0 ? 'w' : '-');
      boolean special = (mode & (01000 << (shift / 3))) != 0;
      boolean execute = (mode >> shift & 1) != 0;
      char mark = shift == 0 ? 't' : 's';
      out.append(special ? execute ? mark : Character.toUpperCase(mark) : execute ? 'x' : '-');
    }
    return out.toString();
  }

  private static char letter(EntryKind kind) {
    return switch (kind) {
      case FILE -> '-';
      case DIRECTORY -> 'd';
      case SYMBOLIC_LINK -> 'l';
      case FIFO -> 'p';
      case SOCKET -> 's';
      case CHARACTER_DEVICE -> 'c';
      case BLOCK_DEVICE -> 'b';
    };
  }

  private static String whole(double value) {
    return Long.toString(Math.round(value));
  }

  private static String oneDecimal(double value) {
    long tenths = Math.round(value * 10);
    return tenths / 10 + "." + tenths % 10;
  }

  private static StringBuilder twoDigits(StringBuilder out, int number) {
    return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
