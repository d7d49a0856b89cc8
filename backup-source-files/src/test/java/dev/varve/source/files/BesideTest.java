package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.source.EntryCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BesideTest {

  private static final int MANY = 5_000;

  /** Shows numbered entries, then fails or ends, and knows whether it was closed. */
  private static final class Numbers implements EntryCursor {

    private final int end;
    private final Optional<IOException> failure;
    private int shown;
    private boolean closed;

    Numbers(int end, Optional<IOException> failure) {
      this.end = end;
      this.failure = failure;
    }

    @Override
    public Optional<Entry> next() throws IOException {
      if (shown < end) {
        EntryPath path = EntryPath.of(String.format("%06d", shown++));
        return Optional.of(Entry.builder(path, EntryKind.FILE).build());
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

  @Test
  void next_showsAllInOrder_andThenNothing() throws IOException {
    List<String> shown = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    try (Beside beside = new Beside(new Numbers(MANY, Optional.empty()))) {
      for (int i = 0; i < MANY; i++) {
        shown.add(beside.next().orElseThrow().path().toString());
        expected.add(String.format("%06d", i));
      }
      assertTrue(beside.next().isEmpty());
      assertTrue(beside.next().isEmpty());
    }
    assertEquals(expected, shown);
  }

  @Test
  void next_failure_comesAfterWhatWasShownBefore_andAgain() throws IOException {
    IOException broken = new IOException("broken");
    try (Beside beside = new Beside(new Numbers(300, Optional.of(broken)))) {
      for (int i = 0; i < 300; i++) {
        assertTrue(beside.next().isPresent());
      }
      assertEquals(broken, assertThrows(IOException.class, beside::next));
      assertEquals(broken, assertThrows(IOException.class, beside::next));
    }
  }

  @Test
  void close_beforeTheEnd_standsStillAndClosesWhatIsBelow() throws IOException {
    Numbers numbers = new Numbers(Integer.MAX_VALUE, Optional.empty());
    try (Beside beside = new Beside(numbers)) {
      assertTrue(beside.next().isPresent());
      assertFalse(numbers.closed);
    }
    int shown = numbers.shown;
    assertTrue(numbers.closed);
    assertTrue(shown < MANY, () -> shown + " were taken for one");
    assertEquals(shown, numbers.shown);
  }

  @Test
  void close_withoutAnEntryAskedFor_closesWhatIsBelow() throws IOException {
    Numbers numbers = new Numbers(1, Optional.empty());
    new Beside(numbers).close();
    assertTrue(numbers.closed);
    assertEquals(0, numbers.shown);
  }
}
