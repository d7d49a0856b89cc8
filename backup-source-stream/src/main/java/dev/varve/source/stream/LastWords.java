package dev.varve.source.stream;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Keeps the end of what a process writes to its standard error. Safe for use by many threads. */
final class LastWords {

  /** Enough for what a person reads. */
  static final int KEPT_BYTES = 4096;

  private final byte[] ring = new byte[KEPT_BYTES];
  private long written;
  private final Pump pump;

  private LastWords(InputStream from) {
    pump = Pump.start(from, this::keep);
  }

  /** Keeps what comes from {@code from}. */
  @SuppressWarnings("UnusedVariable")
  static LastWords of(InputStream from) {
    return new LastWords(from);
  }

  /**
   * What the process said last, each line behind a line break; empty if it said nothing. Waits a
   * little for what is on its way.
   */
  String text() {
    pump.ended()
        .copy()
        .exceptionally(unread -> false)
        .completeOnTimeout(false, 1, TimeUnit.SECONDS)
        .join();
    String text = new String(kept(), StandardCharsets.UTF_8).strip();
    StringBuilder lines = new StringBuilder();
    text.lines()
        .map(String::stripTrailing)
        .filter(line -> !line.isEmpty())
        .forEach(line -> lines.append("\n  ").append(plain(line)));
    return lines.toString();
  }

  private synchronized void keep(byte[] bytes, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      ring[(int) (written++ % KEPT_BYTES)] = bytes[i];
    }
  }

  private synchronized byte[] kept() {
    int count = (int) Math.min(written, KEPT_BYTES);
    byte[] kept = new byte[count];
    for (int i = 0; i < count; i++) {
      kept[i] = ring[(int) ((written - count + i) % KEPT_BYTES)];
    }
    return kept;
  }

  /** Without what would command a terminal. */
  private static String plain(String line) {
    return line.replaceAll("\\p{Cntrl}", " ");
  }
}
