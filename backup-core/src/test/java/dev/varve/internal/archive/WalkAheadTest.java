package dev.varve.internal.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.internal.task.Threads;
import dev.varve.source.EntryCursor;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WalkAheadTest {

  /** More than it goes ahead, so that it rests and goes on several times. */
  private static final int MANY = 20_000;

  @Test
  void next_manyEntries_showsAllInOrder() throws IOException {
    try (Threads threads = Threads.start(1)) {
      assertShowsAll(threads);
    }
  }

  @Test
  void next_withoutThreads_showsAllInOrder() throws IOException {
    try (Threads threads = Threads.inline()) {
      assertShowsAll(threads);
    }
  }

  private static void assertShowsAll(Threads threads) throws IOException {
    try (WalkAhead ahead = new WalkAhead(new Counting(MANY, Optional.empty()), threads)) {
      for (int i = 0; i < MANY; i++) {
        assertEquals(entry(i), ahead.next().orElseThrow());
      }
      assertTrue(ahead.next().isEmpty());
      assertTrue(ahead.next().isEmpty());
    }
  }

  @Test
  void next_cursorFails_showsWhatCameBeforeAndFailsFromThenOn() throws IOException {
    IOException failure = new IOException("the disk is gone");
    try (Threads threads = Threads.start(1);
        WalkAhead ahead = new WalkAhead(new Counting(1000, Optional.of(failure)), threads)) {
      for (int i = 0; i < 1000; i++) {
        assertEquals(entry(i), ahead.next().orElseThrow());
      }
      assertEquals(failure, assertThrows(IOException.class, ahead::next));
      assertEquals(failure, assertThrows(IOException.class, ahead::next));
    }
  }

  @Test
  void close_early_closesTheCursorWhenItStandsStill() throws IOException {
    Counting cursor = new Counting(Integer.MAX_VALUE, Optional.empty());
    try (Threads threads = Threads.start(1)) {
      WalkAhead ahead = new WalkAhead(cursor, threads);
      assertEquals(entry(0), ahead.next().orElseThrow());
      ahead.close();
    }
    assertTrue(cursor.closed);
    assertFalse(cursor.movedAfterClose);
  }

  private static Entry entry(int i) {
    return Entry.builder(EntryPath.of("e" + (100_000_000 + i)), EntryKind.DIRECTORY).build();
  }

  /** Shows some entries, then ends or fails. */
  private static final class Counting implements EntryCursor {

    private final int entries;
    private final Optional<IOException> failure;
    private final AtomicInteger shown = new AtomicInteger();
    private volatile boolean closed;
    private volatile boolean movedAfterClose;

    Counting(int entries, Optional<IOException> failure) {
      this.entries = entries;
      this.failure = failure;
    }

    @Override
    public Optional<Entry> next() throws IOException {
      if (closed) {
        movedAfterClose = true;
      }
      if (shown.get() < entries) {
        return Optional.of(entry(shown.getAndIncrement()));
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
      return Optional.empty();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
