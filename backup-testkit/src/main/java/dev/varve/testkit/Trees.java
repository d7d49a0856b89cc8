package dev.varve.testkit;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.Entry;
import dev.varve.EntryPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/** Compares what was backed up with what was restored. */
final class Trees {

  private Trees() {}

  static void assertEqual(MemorySource source, SortedMap<EntryPath, CollectedEntry> restored) {
    SortedMap<EntryPath, Entry> expected = source.entries();
    assertEquals(
        new ArrayList<>(expected.keySet()), new ArrayList<>(restored.keySet()), "restored paths");
    expected.forEach(
        (path, entry) -> {
          CollectedEntry there = requireNonNull(restored.get(path));
          assertEquals(List.of(), there.holes(), "holes in " + path);
          assertSameBytes(source.content(path), there.bytes(), path);
          assertSame(entry, there.entry());
        });
  }

  /** The JDK compares many times as fast as JUnit, which can say where the difference is. */
  private static void assertSameBytes(byte[] expected, byte[] actual, EntryPath path) {
    if (!Arrays.equals(expected, actual)) {
      assertArrayEquals(expected, actual, "content of " + path);
    }
  }

  /** Everything but the revision, which a restored thing need not keep. */
  private static void assertSame(Entry expected, Entry actual) {
    assertEquals(expected.kind(), actual.kind(), "kind of " + expected.path());
    assertEquals(expected.size(), actual.size(), "size of " + expected.path());
    assertEquals(expected.modified(), actual.modified(), "time of " + expected.path());
    assertEquals(expected.linkTarget(), actual.linkTarget(), "target of " + expected.path());
    assertEquals(expected.hardLinkGroup(), actual.hardLinkGroup(), "links of " + expected.path());
    assertEquals(expected.posix(), actual.posix(), "owners of " + expected.path());
    assertEquals(expected.attributes(), actual.attributes(), "attributes of " + expected.path());
  }
}
