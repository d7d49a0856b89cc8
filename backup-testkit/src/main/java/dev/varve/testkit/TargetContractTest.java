package dev.varve.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Problem;
import dev.varve.target.Target;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What {@link Target} promises, as tests: extend it, say how your target is made, and run it. Each
 * test begins with an empty place.
 */
public abstract class TargetContractTest {

  /** Makes a target that writes to the place of the running test and overwrites nothing. */
  protected abstract Target target() throws Exception;

  /** All contents of the place now, by the path they had in the snapshot. */
  protected abstract SortedMap<EntryPath, byte[]> written() throws Exception;

  /** Makes the place unable to take this entry, others still. */
  protected abstract void obstruct(EntryPath path) throws Exception;

  /**
   * What is restored: anything the target can hold whole, at least three entries with content, the
   * last of at least 10 000 bytes. By default a tree of files.
   */
  protected MemorySource tree() {
    return new MemorySource()
        .directory("docs/")
        .file("docs/a.txt", "first")
        .file("docs/empty", "")
        .directory("docs/more/")
        .file("docs/more/b", 300_001, 1)
        .directory("pictures/")
        .file("pictures/one", 70_000, 2)
        .file("readme", "read me")
        .file("z", 10_000, 3);
  }

  @Test
  void restore_everything_isThereAndReported() throws Exception {
    MemorySource tree = tree();
    RecordingContext context = new RecordingContext();
    MemoryContents contents = MemoryContents.of(tree);

    target().restore(contents, context);

    assertEquals(List.of(), context.problems());
    assertEquals(List.of(), contents.problems());
    assertWritten(contentsOf(tree));
    assertEquals(Set.copyOf(paths(context.restored())), tree.entries().keySet());
    assertEquals(tree.entries().size(), context.restored().size(), "one reported twice");
  }

  @Test
  void restore_piecesInAnyOrderFromAnyThread_isTheSame() throws Exception {
    MemorySource tree = tree();
    MemoryContents contents = MemoryContents.of(tree).pieceBytes(97).threads(8).seed(seed());

    target().restore(contents, new RecordingContext());

    assertWritten(contentsOf(tree));
  }

  @Test
  void restore_wholeContentsByOneThread_isTheSame() throws Exception {
    MemorySource tree = tree();

    target()
        .restore(
            MemoryContents.of(tree).pieceBytes(Integer.MAX_VALUE).threads(1),
            new RecordingContext());

    assertWritten(contentsOf(tree));
  }

  @Test
  void restore_dryRun_reportsTheSameAndWritesNothing() throws Exception {
    MemorySource tree = tree();
    RecordingContext context = RecordingContext.forDryRun();

    target().restore(MemoryContents.of(tree), context);

    assertWritten(new TreeMap<>());
    assertEquals(Set.copyOf(paths(context.restored())), tree.entries().keySet());
  }

  @Test
  void restore_selection_isAllThatIsWritten() throws Exception {
    MemorySource tree = tree();
    EntryPath chosen = lastContent(tree);

    target().restore(MemoryContents.of(tree).select(chosen), new RecordingContext());

    assertWritten(new TreeMap<>(Map.of(chosen, tree.content(chosen))));
  }

  @Test
  void restore_overWhatIsThere_changesNothingAndSaysSo() throws Exception {
    MemorySource tree = tree();
    target().restore(MemoryContents.of(tree), new RecordingContext());
    EntryPath last = lastContent(tree);
    MemorySource other = tree();
    // Another version has another time: what is there and has both size and time may count as it.
    Entry changed = other.entry(last).toBuilder().modified(Instant.EPOCH).build();
    other.put(changed, new byte[(int) changed.size()]);
    RecordingContext context = new RecordingContext();
    MemoryContents contents = MemoryContents.of(other);

    boolean refused = false;
    try {
      target().restore(contents, context);
    } catch (IOException asAWhole) {
      refused = true;
    }

    assertWritten(contentsOf(tree));
    assertTrue(
        refused || named(context, contents).contains(last), "nobody said that " + last + " stays");
    assertFalse(paths(context.restored()).contains(last));
  }

  @Test
  void restore_oneEntryCannotBeWritten_othersAre() throws Exception {
    MemorySource tree = tree();
    EntryPath last = lastContent(tree);
    obstruct(last);
    RecordingContext context = new RecordingContext();
    MemoryContents contents = MemoryContents.of(tree);

    target().restore(contents, context);

    SortedMap<EntryPath, byte[]> expected = contentsOf(tree);
    expected.remove(last);
    SortedMap<EntryPath, byte[]> there = new TreeMap<>(written());
    there.remove(last);
    assertSame(expected, there);
    assertTrue(named(context, contents).contains(last), "nobody said that " + last + " failed");
    assertFalse(paths(context.restored()).contains(last));
  }

  @Test
  void restore_piecesMissing_areNotMadeUpAndOthersAreRestored() throws Exception {
    MemorySource tree = tree();
    EntryPath last = lastContent(tree);
    MemoryContents contents =
        MemoryContents.of(tree).missing(last, 2000, 3000).missing(last, 6000, 1);
    RecordingContext context = new RecordingContext();

    target().restore(contents, context);

    SortedMap<EntryPath, byte[]> expected = contentsOf(tree);
    byte[] whole = expected.remove(last);
    SortedMap<EntryPath, byte[]> there = new TreeMap<>(written());
    byte[] partial = there.getOrDefault(last, new byte[0]);
    there.remove(last);
    assertSame(expected, there);
    assertFalse(Arrays.equals(whole, partial));
    assertFalse(paths(context.restored()).contains(last), "a part was reported as restored");
  }

  /** Where the shuffling of pieces comes from; override to repeat one. */
  protected long seed() {
    long seed = System.nanoTime();
    System.out.println(getClass().getName() + " shuffles pieces by seed " + seed);
    return seed;
  }

  private static EntryPath lastContent(MemorySource tree) {
    return contentsOf(tree).lastKey();
  }

  private static SortedMap<EntryPath, byte[]> contentsOf(MemorySource tree) {
    TreeMap<EntryPath, byte[]> contents = new TreeMap<>();
    for (Entry entry : tree.entries().values()) {
      if (entry.kind().hasContent()) {
        contents.put(entry.path(), tree.content(entry.path()));
      }
    }
    return contents;
  }

  private static List<EntryPath> paths(List<Entry> entries) {
    return entries.stream().map(Entry::path).toList();
  }

  private static Set<EntryPath> named(RecordingContext context, MemoryContents contents) {
    Set<EntryPath> named = new HashSet<>();
    Stream.concat(context.problems().stream(), contents.problems().stream())
        .map(Problem::path)
        .forEach(path -> path.ifPresent(named::add));
    return named;
  }

  private void assertWritten(SortedMap<EntryPath, byte[]> expected) throws Exception {
    assertSame(expected, written());
  }

  private static void assertSame(
      SortedMap<EntryPath, byte[]> expected, SortedMap<EntryPath, byte[]> actual) {
    assertEquals(new ArrayList<>(expected.keySet()), new ArrayList<>(actual.keySet()));
    expected.forEach((path, bytes) -> assertArrayEquals(bytes, actual.get(path), path.toString()));
  }
}
