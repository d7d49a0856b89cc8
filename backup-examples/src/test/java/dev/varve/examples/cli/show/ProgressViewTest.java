package dev.varve.examples.cli.show;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.Problem;
import dev.varve.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressViewTest {

  private static final Problem PROBLEM =
      new Problem(Optional.of(EntryPath.of("etc/shadow")), "permission denied");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long now;

  @Test
  void plain_shortWork_saysNothing() {
    try (ProgressView view = new PlainProgress(err, () -> now)) {
      now += Duration.ofSeconds(9).toNanos();
      view.progress(progress("reading", 5));
    }

    assertEquals("", written());
  }

  @Test
  void plain_longWork_saysALineEveryTenSeconds() {
    try (ProgressView view = new PlainProgress(err, () -> now)) {
      for (int second = 1; second <= 25; second++) {
        now += Duration.ofSeconds(1).toNanos();
        view.progress(progress("reading", second));
      }
    }

    assertEquals(
        """
        reading: 10 entries of 40, 10.0 KiB of 40.0 KiB
        reading: 20 entries of 40, 20.0 KiB of 40.0 KiB
        """,
        written());
  }

  @Test
  void plainAndQuiet_problem_isNamedAtOnce() {
    new PlainProgress(err).problem(PROBLEM);
    new QuietProgress(err).problem(PROBLEM);

    assertEquals("varve: etc/shadow: permission denied\n".repeat(2), written());
  }

  @Test
  void quiet_progress_saysNothing() {
    new QuietProgress(err).progress(progress("reading", 1));

    assertEquals("", written());
  }

  @Test
  void json_events_areALineEach() throws IOException {
    try (Json json = new Json(bytes);
        ProgressView view = new JsonProgress(json, false)) {
      view.progress(progress("reading", 1));
      view.problem(PROBLEM);
    }

    assertEquals(
        "{\"event\":\"progress\",\"phase\":\"reading\",\"entries\":1,\"bytes\":1024,"
            + "\"totalEntries\":40,\"totalBytes\":40960}\n"
            + "{\"event\":\"problem\",\"path\":\"etc/shadow\",\"message\":\"permission denied\"}\n",
        written());
  }

  @Test
  void json_readerHasGone_closeSaysSo() throws IOException {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    JsonProgress view = new JsonProgress(new Json(gone), false);
    view.problem(PROBLEM);
    view.problem(PROBLEM);

    assertEquals(
        "Broken pipe",
        requireNonNull(assertThrows(UncheckedIOException.class, view::close).getCause())
            .getMessage());
  }

  @Test
  void bar_drawn_fitsTheTerminalAndIsWipedAway() {
    try (ProgressView view = new BarProgress(err, 60)) {
      view.progress(progress("reading", 10));
      view.problem(PROBLEM);
      view.progress(progress("writing", 40));
    }

    assertTrue(written().contains("reading"), written());
    assertTrue(written().contains("writing"), written());
    assertTrue(written().contains("\u001b[Kvarve: etc/shadow: permission denied\n"), written());
    assertTrue(written().endsWith("\r\u001b[K"), written());
    for (String line : written().split("\r\u001b\\[K|\n", -1)) {
      assertFalse(line.length() > 59, line);
    }
  }

  private static Progress progress(String phase, int entries) {
    return new Progress(
        phase,
        entries,
        entries * 1024L,
        OptionalLong.of(40),
        OptionalLong.of(40 * 1024L),
        Optional.empty());
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
