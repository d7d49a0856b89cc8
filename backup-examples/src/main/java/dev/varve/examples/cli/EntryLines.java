package dev.varve.examples.cli;

import dev.varve.Entry;
import dev.varve.Posix;
import dev.varve.examples.cli.show.Legible;
import java.time.ZoneId;

/** Shows entries in one line each. Stateless. */
final class EntryLines {

  private EntryLines() {}

  /** Mode, owners, size, time and path, as {@code ls -l} does. */
  static String detailed(Entry entry, ZoneId zone) {
    return Legible.mode(entry)
        + " "
        + padded(entry.posix().map(EntryLines::owner).orElse("-"), 8)
        + " "
        + padded(entry.posix().map(EntryLines::group).orElse("-"), 8)
        + " "
        + flushRight(Long.toString(entry.size()), 12)
        + " "
        + padded(entry.modified().map(time -> Legible.time(time, zone)).orElse("-"), 19)
        + " "
        + entry.path()
        + entry.linkTarget().map(target -> " -> " + target).orElse("");
  }

  private static String owner(Posix posix) {
    return posix.user().orElseGet(() -> Long.toString(posix.uid()));
  }

  private static String group(Posix posix) {
    return posix.group().orElseGet(() -> Long.toString(posix.gid()));
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String flushRight(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
