package dev.varve.testkit;

import static dev.varve.testkit.SourceReading.files;
import static dev.varve.testkit.SourceReading.forEach;
import static dev.varve.testkit.SourceReading.list;
import static dev.varve.testkit.SourceReading.read;
import static dev.varve.testkit.SourceReading.readAll;
import static dev.varve.testkit.SourceReading.readFully;
import static dev.varve.testkit.SourceReading.readRevisions;
import static dev.varve.testkit.SourceReading.readSome;
import static dev.varve.testkit.SourceReading.readUntilItFails;
import static dev.varve.testkit.SourceReading.revisions;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Revision;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What {@link Source} and {@link SourceRun} promise, as tests: extend it, prepare a place with a
 * few contents before each test, say how your source is made, and run it.
 */
public abstract class SourceContractTest {

  private static final int READERS = 8;

  /** Makes a source of the place of the running test. */
  protected abstract Source source() throws Exception;

  /** All contents of the place now, by path: at least two, one of at least 100 000 bytes. */
  protected abstract SortedMap<EntryPath, byte[]> contents() throws Exception;

  /**
   * Changes the content of the largest entry of the place in the least visible way there is (same
   * size, right away), and answers its path; empty if the place cannot be changed.
   */
  protected abstract Optional<EntryPath> change() throws Exception;

  /** Takes one content out of the place and answers its path; empty if that cannot be. */
  protected abstract Optional<EntryPath> remove() throws Exception;

  @Test
  void identity_isAlwaysTheSame() throws Exception {
    Source source = source();
    readAll(source);

    assertEquals(source.identity(), source.identity());
    assertEquals(source.identity(), source().identity());
  }

  @Test
  void check_placeIsFine_passes() throws Exception {
    RecordingContext context = new RecordingContext();

    source().check(context);

    assertEquals(List.of(), context.problems());
  }

  @Test
  void entries_strictlyAscend() throws Exception {
    List<Entry> entries = list(source());

    for (int i = 1; i < entries.size(); i++) {
      EntryPath before = entries.get(i - 1).path();
      EntryPath after = entries.get(i).path();
      assertTrue(before.compareTo(after) < 0, before + " is followed by " + after);
    }
    assertTrue(entries.size() >= 2, "the place holds too little for this test: " + entries);
  }

  @Test
  void entries_afterTheEnd_stayAtTheEnd() throws Exception {
    try (SourceRun run = source().begin(new RecordingContext());
        EntryCursor cursor = run.entries()) {
      Optional<Entry> next = cursor.next();
      while (next.isPresent()) {
        next = cursor.next();
      }

      assertEquals(Optional.empty(), cursor.next());
      assertEquals(Optional.empty(), cursor.next());
    }
  }

  @Test
  void open_everyContent_isWhatThePlaceHolds() throws Exception {
    assertSame(contents(), readAll(source()));
  }

  @Test
  void open_severalRuns_readTheSame() throws Exception {
    Source source = source();

    assertSame(contents(), readAll(source));
    assertSame(contents(), readAll(source));
  }

  @Test
  void open_sameEntryTwice_readsTheSame() throws Exception {
    Map<EntryPath, byte[]> first = new TreeMap<>();
    Map<EntryPath, byte[]> second = new TreeMap<>();
    forEach(
        source(),
        (run, entry) -> {
          first.put(entry.path(), read(run, entry));
          second.put(entry.path(), read(run, entry));
        });

    assertSame(contents(), first);
    assertSame(contents(), second);
  }

  @Test
  void open_notReadToTheEnd_disturbsNothing() throws Exception {
    Map<EntryPath, byte[]> read = new TreeMap<>();
    forEach(
        source(),
        (run, entry) -> {
          run.open(entry).close();
          try (Content content = run.open(entry)) {
            content.read(ByteBuffer.allocate(1));
          }
          read.put(entry.path(), read(run, entry));
        });

    assertSame(contents(), read);
  }

  @Test
  void open_backwardsAfterTheCursorEnded_readsTheSame() throws Exception {
    Source source = source();
    Map<EntryPath, byte[]> read = new TreeMap<>();
    try (SourceRun run = source.begin(new RecordingContext())) {
      List<Entry> entries = run.parallelReads() > 1 ? files(run) : List.of();
      for (int i = entries.size() - 1; i >= 0; i--) {
        read.put(entries.get(i).path(), read(run, entries.get(i)));
      }
      if (run.parallelReads() > 1) {
        run.finish();
      }
    }

    assertSame(read.isEmpty() ? new TreeMap<>() : contents(), read);
  }

  @Test
  void open_asManyAtOnceAsAllowed_readTheSame() throws Exception {
    Map<EntryPath, byte[]> read = Collections.synchronizedMap(new TreeMap<>());
    try (SourceRun run = source().begin(new RecordingContext())) {
      int threads = Math.min(READERS, run.parallelReads());
      List<Entry> entries = threads > 1 ? files(run) : List.of();
      AtomicInteger next = new AtomicInteger();
      Callable<Boolean> reader =
          () -> {
            for (int i = next.getAndIncrement(); i < entries.size(); i = next.getAndIncrement()) {
              read.put(entries.get(i).path(), read(run, entries.get(i)));
            }
            return true;
          };
      ExecutorService readers = Executors.newFixedThreadPool(threads);
      try {
        for (Future<Boolean> done : readers.invokeAll(Collections.nCopies(threads, reader))) {
          assertTrue(done.get());
        }
      } finally {
        readers.shutdownNow();
      }
    }

    assertSame(read.isEmpty() ? new TreeMap<>() : contents(), read);
  }

  @Test
  void read_anyBuffer_isFilledBetweenPositionAndLimit() throws Exception {
    SortedMap<EntryPath, byte[]> expected = contents();
    List<ByteBuffer> buffers =
        List.of(
            ByteBuffer.allocate(1),
            ByteBuffer.allocate(777),
            ByteBuffer.allocateDirect(4096),
            ByteBuffer.allocate(1 << 20));
    for (ByteBuffer buffer : buffers) {
      for (int skipped : new int[] {0, buffer.capacity() - 1}) {
        forEach(
            source(),
            (run, entry) -> {
              int most = Math.min(expected.getOrDefault(entry.path(), new byte[0]).length, 5000);
              byte[] read = new byte[most];
              try (Content content = run.open(entry)) {
                int at = 0;
                while (at < most) {
                  buffer.clear().position(skipped);
                  int count = content.read(buffer);
                  assertTrue(count >= 1 && count <= buffer.capacity() - skipped, "read " + count);
                  assertEquals(skipped + count, buffer.position());
                  int wanted = Math.min(count, most - at);
                  buffer.get(skipped, read, at, wanted);
                  at += wanted;
                }
              }
              assertArrayEquals(Arrays.copyOf(expected.get(entry.path()), most), read);
            });
      }
    }
  }

  @Test
  void read_afterTheEnd_staysAtTheEnd() throws Exception {
    forEach(
        source(),
        (run, entry) -> {
          try (Content content = run.open(entry)) {
            readFully(content);
            assertEquals(-1, content.read(ByteBuffer.allocate(10)), entry.toString());
          }
        });
  }

  @Test
  void finished_nothingChanged_isTheEntryWithItsRevision() throws Exception {
    forEach(
        source(),
        (run, entry) -> {
          try (Content content = run.open(entry)) {
            readFully(content);
            Entry finished = content.finished();
            assertEquals(entry.path(), finished.path());
            assertEquals(entry.kind(), finished.kind());
            // Without one is always right: the entry is read again next time.
            assertTrue(
                finished.revision().isEmpty() || finished.revision().equals(entry.revision()),
                entry.toString());
          }
        });
  }

  @Test
  void close_ofAContent_mayBeRepeated() throws Exception {
    forEach(
        source(),
        (run, entry) -> {
          Content content = run.open(entry);
          content.read(ByteBuffer.allocate(10));
          content.close();
          content.close();
          assertThrows(IOException.class, () -> content.read(ByteBuffer.allocate(10)));
        });
  }

  @Test
  void close_ofAContentByAnotherThread_endsReadingByAFailure() throws Exception {
    EntryPath largest = largest();
    forEach(
        source(),
        (run, entry) -> {
          if (!entry.path().equals(largest)) {
            return;
          }
          long largestBytes = requireNonNull(contents().get(largest)).length;
          Content content = run.open(entry);
          CompletableFuture<Boolean> begun = new CompletableFuture<>();
          CompletableFuture<Integer> reading =
              CompletableFuture.supplyAsync(() -> readUntilItFails(content, begun));
          begun.get();
          content.close();
          // One that was faster than we could close has read everything: never a part.
          assertTrue(reading.get() == -1 || reading.get() == largestBytes);
        });
  }

  @Test
  void revision_nothingChanged_isStable() throws Exception {
    Map<EntryPath, Optional<Revision>> first = revisions(list(source()));
    Map<EntryPath, Optional<Revision>> second = revisions(list(source()));

    first.forEach(
        (path, revision) -> {
          if (revision.isPresent() && second.getOrDefault(path, revision).isPresent()) {
            assertEquals(revision, second.get(path), path.toString());
          }
        });
    assertEquals(first.keySet(), second.keySet());
  }

  @Test
  void revision_contentChanged_isDifferentOrAbsent() throws Exception {
    Map<EntryPath, Optional<Revision>> before = readRevisions(source());
    Optional<EntryPath> changed = change();
    Map<EntryPath, Optional<Revision>> after = revisions(list(source()));

    changed.ifPresent(
        path -> {
          if (requireNonNull(before.get(path)).isPresent()) {
            assertNotEquals(before.get(path), after.get(path), path.toString());
          }
        });
    assertEquals(before.keySet(), after.keySet());
  }

  /** An edit at any moment of a backup must not count as unchanged in the next one. */
  @Test
  void revision_changedAtAnyMomentOfReading_neverHidesTheChange() throws Exception {
    for (int moment = 0; moment < 4; moment++) {
      int when = moment;
      EntryPath largest = largest();
      Map<EntryPath, byte[]> read = new TreeMap<>();
      Map<EntryPath, Optional<Revision>> recorded = new TreeMap<>();
      forEach(
          source(),
          (run, entry) -> {
            boolean edited = entry.path().equals(largest);
            if (edited && when == 0) {
              change();
            }
            try (Content content = run.open(entry)) {
              if (edited && when == 1) {
                change();
              }
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              readSome(content, out);
              if (edited && when == 2) {
                change();
              }
              out.writeBytes(readFully(content));
              if (edited && when == 3) {
                change();
              }
              recorded.put(entry.path(), content.finished().revision());
              read.put(entry.path(), out.toByteArray());
            } catch (IOException tornByTheChange) {
              assertTrue(edited, "cannot read " + entry.path() + ": " + tornByTheChange);
            }
          });

      Map<EntryPath, Optional<Revision>> next = revisions(list(source()));
      Map<EntryPath, byte[]> now = contents();
      recorded.forEach(
          (path, revision) -> {
            if (revision.isPresent() && revision.equals(next.get(path))) {
              assertArrayEquals(now.get(path), read.get(path), path + ", moment " + when);
            }
          });
      assertFalse(next.isEmpty());
    }
  }

  @Test
  void open_vanishedMeanwhile_isANoSuchFileExceptionOrTheConsistentView() throws Exception {
    SortedMap<EntryPath, byte[]> before = contents();
    List<EntryPath> removed = new ArrayList<>();
    Map<EntryPath, byte[]> read = new TreeMap<>();
    forEach(
        source(),
        (run, entry) -> {
          if (removed.isEmpty()) {
            remove().ifPresentOrElse(removed::add, () -> removed.add(entry.path()));
          }
          try {
            read.put(entry.path(), read(run, entry));
          } catch (NoSuchFileException vanished) {
            assertTrue(removed.contains(entry.path()), "lost " + entry.path());
          }
        });

    read.forEach((path, bytes) -> assertArrayEquals(before.get(path), bytes, path.toString()));
    before.keySet().removeAll(removed);
    assertTrue(read.keySet().containsAll(before.keySet()), "read only " + read.keySet());
  }

  @Test
  void close_withoutFinish_isFineAndMayBeRepeated() throws Exception {
    Source source = source();
    SourceRun unused = source.begin(new RecordingContext());
    unused.close();
    unused.close();
    SourceRun begun = source.begin(new RecordingContext());
    try (EntryCursor cursor = begun.entries()) {
      assertTrue(cursor.next().isPresent());
    }
    begun.close();

    assertSame(contents(), readAll(source));
  }

  private EntryPath largest() throws Exception {
    Map.Entry<EntryPath, byte[]> largest =
        Collections.max(
            contents().entrySet(), Map.Entry.comparingByValue((a, b) -> a.length - b.length));
    assertTrue(largest.getValue().length >= 100_000, "the place holds too little for this test");
    return largest.getKey();
  }

  private static void assertSame(Map<EntryPath, byte[]> expected, Map<EntryPath, byte[]> actual) {
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.keySet()));
    expected.forEach((path, bytes) -> assertArrayEquals(bytes, actual.get(path), path.toString()));
  }
}
