package dev.varve.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedEntriesTest {

  @TempDir Path directory;

  @Property(tries = 100)
  void sorted_anyOrderAndAnyBound_isTheSortedList(
      @ForAll("entries") List<Entry> entries, @ForAll @IntRange(min = 1, max = 20_000) int bound)
      throws IOException {
    List<Entry> expected = new ArrayList<>(entries);
    expected.sort(Comparator.comparing(Entry::path));
    try (SortedEntries sorter = SortedEntries.within(bound)) {
      for (Entry entry : entries) {
        sorter.add(entry);
      }
      assertEquals(expected, all(sorter.sorted()));
    }
  }

  @Test
  void sorted_moreRunsThanAreMergedAtOnce_keepsAll() throws IOException {
    List<Entry> entries = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 1_500; i++) {
      entries.add(file(Integer.toHexString(random.nextInt()) + "-" + i));
    }
    try (SortedEntries sorter = SortedEntries.within(1, directory)) {
      for (Entry entry : entries) {
        sorter.add(entry);
      }
      entries.sort(Comparator.comparing(Entry::path));
      assertEquals(entries, all(sorter.sorted()));
    }
  }

  @Test
  void sorted_spilled_leavesNoFileBehindEvenWhileOpen() throws IOException {
    try (SortedEntries sorter = SortedEntries.within(1, directory)) {
      sorter.add(file("b"));
      sorter.add(file("a"));
      EntryCursor cursor = sorter.sorted();
      assertEquals("a", cursor.next().orElseThrow().path().toString());
      try (Stream<Path> files = Files.list(directory)) {
        assertEquals(0, files.count());
      }
    }
  }

  @Test
  void sorted_pathTwice_failsNamingIt() throws IOException {
    for (long bound : new long[] {1, 1 << 20}) {
      try (SortedEntries sorter = SortedEntries.within(bound, directory)) {
        sorter.add(file("x"));
        sorter.add(file("same/name"));
        sorter.add(file("same/name"));
        EntryCursor cursor = sorter.sorted();
        cursor.next();
        IOException failure = assertThrows(IOException.class, cursor::next);
        assertTrue(String.valueOf(failure.getMessage()).contains("same/name"), failure.toString());
      }
    }
  }

  @Test
  void add_afterShowing_isRefused() throws IOException {
    try (SortedEntries sorter = SortedEntries.create()) {
      assertFalse(sorter.sorted().next().isPresent());
      assertThrows(IllegalStateException.class, () -> sorter.add(file("late")));
    }
  }

  @Provide
  Arbitrary<List<Entry>> entries() {
    Arbitrary<byte[]> name = Arbitraries.bytes().filter(b -> b != 0).array(byte[].class);
    return name.filter(bytes -> bytes.length > 0)
        .map(EntryPath::ofBytes)
        .list()
        .uniqueElements()
        .ofMaxSize(60)
        .map(paths -> paths.stream().map(SortedEntriesTest::entry).toList());
  }

  /** An entry whose parts are present or not, depending on its path. */
  private static Entry entry(EntryPath path) {
    Random random = new Random(path.hashCode());
    EntryKind[] kinds = EntryKind.values();
    EntryKind kind = kinds[random.nextInt(kinds.length)];
    Entry.Builder entry = Entry.builder(path, kind);
    if (kind.hasContent()) {
      entry.size(random.nextInt(1 << 20));
    }
    if (kind == EntryKind.SYMBOLIC_LINK) {
      entry.linkTarget(path);
    }
    if (random.nextBoolean()) {
      entry.modified(Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)));
    }
    if (random.nextBoolean()) {
      entry.revision(Revision.of(path.bytes().length > 64 ? new byte[1] : path.bytes()));
    }
    if (random.nextBoolean()) {
      entry.hardLinkGroup(random.nextLong());
    }
    if (random.nextBoolean()) {
      entry.posix(
          new Posix(
              random.nextInt(010000),
              0xffff_ffffL,
              random.nextInt(70_000),
              random.nextBoolean() ? Optional.of("somebody") : Optional.empty(),
              random.nextBoolean() ? Optional.of("gruppe-ä") : Optional.empty(),
              random.nextBoolean() ? Optional.of(Instant.EPOCH) : Optional.empty()));
    }
    if (random.nextBoolean()) {
      entry.attributes(Attributes.none().with("xattr.user.a", path.bytes()).with("b", "c"));
    }
    return entry.build();
  }

  private static Entry file(String path) {
    return Entry.builder(EntryPath.of(path), EntryKind.FILE).build();
  }

  private static List<Entry> all(EntryCursor cursor) throws IOException {
    List<Entry> all = new ArrayList<>();
    for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
      all.add(next.get());
    }
    return all;
  }
}
