package dev.varve.repository;

import dev.varve.Statistics;
import dev.varve.internal.store.StoreMeter;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Tells Micrometer's global registry how verbs went, where Micrometer is on the class path; the one
 * class that knows it. Safe for use by many threads.
 *
 * <p>{@code varve.verb} is a timer with the tags {@code verb} (backup, restore, copy, check,
 * repair, prune) and {@code outcome} (done, failed); {@code varve.backup.read}, {@code
 * varve.backup.added} and {@code varve.backup.stored} count bytes, {@code varve.backup.problems}
 * entries.
 *
 * <p>{@code varve.store} is a timer of the store's calls, attempt by attempt, with the tags {@code
 * operation} (create, read, list, delete, delete-all, protect) and {@code outcome} (done, absent,
 * exists, failed); {@code varve.store.bytes} counts contents, with the tag {@code direction} (sent,
 * fetched).
 */
final class Meters {

  private static final boolean PRESENT = present();

  private Meters() {}

  static void verb(String verb, boolean done, Duration time) {
    if (PRESENT) {
      Global.verb(verb, done, time);
    }
  }

  static void backup(Statistics statistics, long problems) {
    if (PRESENT) {
      Global.backup(statistics, problems);
    }
  }

  /** Hears of the store's calls, where anybody is interested. */
  static Optional<StoreMeter> ofStore() {
    return PRESENT ? Optional.of(Global::store) : Optional.empty();
  }

  private static boolean present() {
    try {
      Class.forName("io.micrometer.core.instrument.Metrics", false, Meters.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Is loaded only where Micrometer is. */
  private static final class Global {

    static void verb(String verb, boolean done, Duration time) {
      Metrics.timer("varve.verb", "verb", verb, "outcome", done ? "done" : "failed").record(time);
    }

    static void store(String operation, StoreMeter.Outcome outcome, long nanos, long bytes) {
      String word = outcome.name().toLowerCase(Locale.ROOT);
      Metrics.timer("varve.store", "operation", operation, "outcome", word)
          .record(nanos, TimeUnit.NANOSECONDS);
      if (bytes > 0) {
        String direction = operation.equals("create") ? "sent" : "fetched";
        Metrics.counter("varve.store.bytes", "direction", direction).increment((double) bytes);
      }
    }

    static void backup(Statistics statistics, long problems) {
      Metrics.counter("varve.backup.read").increment((double) statistics.readBytes());
      Metrics.counter("varve.backup.added").increment((double) statistics.addedBytes());
      Metrics.counter("varve.backup.stored").increment((double) statistics.storedBytes());
      Metrics.counter("varve.backup.problems").increment((double) problems);
    }
  }
}
