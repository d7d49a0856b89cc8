package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalkTest {

  @TempDir Path directory;

  /** Names whose order goes wrong when a directory is sorted without its slash. */
  private static final List<String> TRAPS =
      List.of("a", "a.b", "a-b", "a b", "a0", "a!", "A", "aa", "a\u00e4", "\u00e4", "~", "a.");

  @Property(tries = 30)
  void entries_treeOfHostileNames_ascendAndMissNothing(@ForAll Random random) throws IOException {
    Path top = Files.createTempDirectory("varve-walk");
    try {
      Set<EntryPath> expected = new TreeSet<>();
      grow(top, RawNames.withoutRoot(top), random, 0, expected);
      expected.add(EntryPath.ofBytes(RawNames.withoutRoot(top)).asDirectory());

      List<Entry> entries = Sources.entries(FilesSource.of(top), new RecordingContext());

      assertEquals(List.copyOf(expected), entries.stream().map(Entry::path).toList());
    } finally {
      deleteTree(top);
    }
  }

  @Test
  void entries_severalRoots_areOneAscendingStream() throws IOException {
    for (String file : List.of("a/x", "a.b/x", "a-c", "z/deep/x")) {
      Files.createDirectories(directory.resolve(file).getParent());
      Files.writeString(directory.resolve(file), file);
    }
    FilesSource source =
        FilesSource.of(
            directory.resolve("z/deep"),
            directory.resolve("a"),
            directory.resolve("a.b/x"),
            directory.resolve("a"),
            directory.resolve("a/x"),
            directory.resolve("a-c"));
    assertEquals(
        List.of("a-c", "a.b/x", "a/", "a/x", "z/deep/", "z/deep/x"),
        Sources.names(Sources.entries(source, new RecordingContext()), directory));
  }

  @Test
  void entries_rootBelowAnExcludedDirectory_isStillThere() throws IOException {
    for (String file : List.of("a/b/c/x", "a/b/y", "a/z")) {
      Files.createDirectories(directory.resolve(file).getParent());
      Files.writeString(directory.resolve(file), file);
    }
    FilesSource source =
        FilesSource.of(directory.resolve("a"), directory.resolve("a/b/c")).exclude("b");
    assertEquals(
        List.of("a/", "a/b/c/", "a/b/c/x", "a/z"),
        Sources.names(Sources.entries(source, new RecordingContext()), directory));
  }

  @Test
  void entries_hugeDirectory_spillsAndAscends() throws Exception {
    assertManyAscend(5_000, 1 << 18);
  }

  @Test
  @Tag("deep")
  void entries_directoryOf100000_spillsAndAscends() throws Exception {
    assertManyAscend(100_000, 24 << 20);
  }

  private void assertManyAscend(int count, long memoryBytes) throws Exception {
    Path many = Files.createDirectory(directory.resolve("many"));
    for (int i = 0; i < count; i++) {
      Files.createFile(many.resolve("f" + Integer.reverse(i)));
    }
    FilesSource source = FilesSource.of(many).listingMemory(memoryBytes);
    List<EntryPath> paths =
        Sources.entries(source, new RecordingContext()).stream().map(Entry::path).toList();
    List<EntryPath> sorted = new ArrayList<>(paths);
    sorted.sort(Comparator.naturalOrder());
    assertEquals(count + 1, new HashSet<>(paths).size());
    assertEquals(sorted, paths);
    removeQuickly(many);
  }

  @Test
  void entries_include_showsMatchesAndWhatLeadsThere() throws IOException {
    for (String file : List.of("a/b/keep.txt", "a/c/no.bin", "docs/x.bin", "no.bin", "keep.txt")) {
      Files.createDirectories(directory.resolve(file).getParent());
      Files.writeString(directory.resolve(file), file);
    }
    FilesSource source =
        FilesSource.of(directory).include("*.txt").include("docs").exclude("/**/b/x");
    assertEquals(
        List.of("a/", "a/b/", "a/b/keep.txt", "docs/", "docs/x.bin", "keep.txt"),
        Sources.names(Sources.entries(source, new RecordingContext()), directory));
  }

  @Test
  void entries_exclude_prunesAndCounts() throws IOException {
    for (String file : List.of("a/x.tmp", "a/x", "cache/y", "b/cache")) {
      Files.createDirectories(directory.resolve(file).getParent());
      Files.writeString(directory.resolve(file), file);
    }
    RecordingContext context = new RecordingContext();
    FilesSource source = FilesSource.of(directory).exclude("*.tmp").exclude("cache/");
    assertEquals(
        List.of("a/", "a/x", "b/", "b/cache"),
        Sources.names(Sources.entries(source, context), directory));
    assertEquals(2, context.counts().get("excluded"));
  }

  @Test
  void entries_markedDirectory_keepsItAndTheMarkOnly() throws IOException {
    for (String file : List.of("c/x", "c/sub/y", "n/x", "n/.nobackup", "f/CACHEDIR.TAG", "f/x")) {
      Files.createDirectories(directory.resolve(file).getParent());
      Files.writeString(directory.resolve(file), file);
    }
    Files.writeString(
        directory.resolve("c/CACHEDIR.TAG"),
        "Signature: 8a477f597d28d172789f06886806bc55\nof a cache\n");
    FilesSource source = FilesSource.of(directory).skipCaches().skipMarked(".nobackup");
    assertEquals(
        List.of("c/", "c/CACHEDIR.TAG", "f/", "f/CACHEDIR.TAG", "f/x", "n/", "n/.nobackup"),
        Sources.names(Sources.entries(source, new RecordingContext()), directory));
  }

  @Test
  void entries_directoryVanishesAfterItWasShown_isReportedAndTheRestGoesOn() throws IOException {
    Files.createDirectory(directory.resolve("a"));
    Files.writeString(directory.resolve("b"), "b");
    RecordingContext context = new RecordingContext();
    // With attributes the walk runs ahead, and would have listed it before it vanishes.
    FilesSource source = FilesSource.of(directory).withoutExtendedAttributes();
    try (var run = source.begin(context);
        var cursor = run.entries()) {
      cursor.next();
      Files.delete(directory.resolve("a"));
      assertTrue(cursor.next().orElseThrow().path().endsWithSlash());
      assertTrue(cursor.next().orElseThrow().path().toString().endsWith("/b"));
      assertTrue(cursor.next().isEmpty());
    }
    assertTrue(
        Sources.text(context).contains("a/: cannot be listed: no such file"),
        Sources.text(context));
  }

  @Test
  void entries_deepTree_isWalked() throws Exception {
    Path at = directory;
    for (int i = 0; i < 1_000; i++) {
      at = Files.createDirectory(at.resolve("d"));
    }
    Files.writeString(at.resolve("f"), "deep");
    RecordingContext context = new RecordingContext();
    assertEquals(1_002, Sources.entries(FilesSource.of(directory), context).size());
    assertEquals("", Sources.text(context));
    removeQuickly(directory.resolve("d"));
  }

  static void grow(Path at, byte[] prefix, Random random, int depth, Set<EntryPath> expected)
      throws IOException {
    int count = random.nextInt(depth == 0 ? 12 : 6);
    for (int i = 0; i < count; i++) {
      byte[] name = name(random);
      Path path = at.resolve(RawNames.step(name));
      if (Files.exists(path)) {
        continue;
      }
      byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
      whole[prefix.length] = '/';
      System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
      if (depth < 3 && random.nextBoolean()) {
        Files.createDirectory(path);
        expected.add(EntryPath.ofBytes(whole).asDirectory());
        grow(path, whole, random, depth + 1, expected);
      } else {
        Files.write(path, name);
        expected.add(EntryPath.ofBytes(whole));
      }
    }
  }

  static byte[] name(Random random) {
    if (random.nextBoolean()) {
      return EntryPath.of(TRAPS.get(random.nextInt(TRAPS.size()))).bytes();
    }
    byte[] name = new byte[1 + random.nextInt(8)];
    for (int i = 0; i < name.length; i++) {
      do {
        name[i] = (byte) random.nextInt(256);
      } while (name[i] == 0 || name[i] == '/' || (name[i] == '.' && name.length <= 2));
    }
    return name;
  }

  /** JUnit takes half a minute for what this does at once. */
  private static void removeQuickly(Path top) throws Exception {
    assertEquals(0, new ProcessBuilder("rm", "-rf", top.toString()).start().waitFor());
  }

  static void deleteTree(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException failure) {
                  throw new UncheckedIOException(failure);
                }
              });
    }
  }
}
