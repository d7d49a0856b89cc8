package dev.varve.source.files;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.PathFilter;
import dev.varve.RestoreOptions;
import dev.varve.Snapshot;
import dev.varve.TargetException;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.testkit.MemoryStore;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a tree belongs to a backup, and what of a snapshot to a restore. */
class FilesFilterTest {

  @TempDir Path directory;

  @Test
  void skipMarked_withAHeader_countsOnlyWithIt() throws IOException {
    make("a/mark", "b/mark", "c/mark", "d/mark/x");
    Files.writeString(directory.resolve("b/mark"), "skip this, please");
    Files.writeString(directory.resolve("c/mark"), "ski");
    for (String parent : List.of("a", "b", "c")) {
      make(parent + "/x");
    }

    FilesSource source = FilesSource.of(directory).skipMarked("mark", "skip");

    assertEquals(
        List.of(
            "a/",
            "a/mark",
            "a/x",
            "b/",
            "b/mark",
            "c/",
            "c/mark",
            "c/x",
            "d/",
            "d/mark/",
            "d/mark/x"),
        names(source));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "a/b", "/a"})
  void skipMarked_noName_isRefused(String marker) {
    FilesSource source = FilesSource.of(directory);

    assertThrows(ConfigurationException.class, () -> source.skipMarked(marker));
  }

  @Test
  void sizes_boundsBelong_directoriesAndLinksAlways() throws IOException {
    for (int size : new int[] {0, 1, 2, 3, 4}) {
      Files.writeString(directory.resolve("f" + size), "x".repeat(size));
    }
    Files.createSymbolicLink(directory.resolve("link"), Path.of("a-long-target"));
    make("empty/f9");
    RecordingContext context = new RecordingContext();

    FilesSource source = FilesSource.of(directory).largestFile(3).smallestFile(2);

    assertEquals(
        List.of("empty/", "f2", "f3", "link"),
        Sources.names(Sources.entries(source, context), directory));
    assertEquals(Map.of("large files left out", 2L, "small files left out", 2L), context.counts());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1000, 1000",
    "2k, 2048",
    "500K, 512000",
    "20M, 20971520",
    "1G, 1073741824",
    "2t, 2199023255552",
  })
  void sizes_areReadAsPeopleTypeThem(String typed, long bytes) {
    assertEquals(bytes, Sizes.parse(typed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "M", "-1", "+1", "1.5G", "1KB", "99999999T", "99999999999999999999", " 1"})
  void sizes_unusable_areRefused(String typed) {
    ConfigurationException failure =
        assertThrows(ConfigurationException.class, () -> Sizes.parse(typed));
    assertTrue(failure.toString().contains("'" + typed + "'"), failure.toString());
  }

  @Test
  void oneFileSystem_whatIsMountedBelow_isAnEmptyDirectory() throws IOException {
    Path mounted = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(mounted), "there is no other file system to write to");
    assumeTrue(
        !Files.getFileStore(mounted)
            .equals(Files.getFileStore(requireNonNull(mounted.getParent()))));
    Path made = Files.createTempFile(mounted, "varve", "");
    try {
      String name = made.toString().substring(1);
      FilesSource source = FilesSource.of(requireNonNull(mounted.getParent())).include("/dev/shm");

      List<String> all = paths(source);
      List<String> one = paths(source.oneFileSystem());

      assertTrue(all.contains("dev/shm/") && all.contains(name), all.toString());
      assertTrue(one.contains("dev/shm/") && !one.contains(name), one.toString());
    } finally {
      Files.delete(made);
    }
  }

  @Test
  void regex_takesTooLong_keepsTheFileAndSaysSo() throws IOException {
    String name = "a".repeat(200);
    make(name, "aax");
    RecordingContext context = new RecordingContext();
    PathFilter filter = PathFilter.builder().excludeRegex("/(.*a){10}x$").build();

    List<String> names =
        Sources.names(
            Sources.entries(FilesSource.of(directory).filter(filter), context), directory);

    assertEquals(List.of(name, "aax"), names);
    assertEquals(1, context.problems().size());
    assertTrue(Sources.text(context).contains(name), Sources.text(context));
  }

  @Test
  void provider_allOptions_areUnderstood() throws IOException {
    make("A.TMP", "keep.md", "x.log", "secret-1", "cache/mark", "cache/x", "large", "e");
    Files.writeString(directory.resolve("large"), "x".repeat(3000));
    Path patterns = Files.writeString(directory.resolve("patterns"), "*.log\npatterns\n");
    Options options =
        Options.of(
            "file",
            Map.ofEntries(
                Map.entry("iexclude", List.of("*.tmp")),
                Map.entry("exclude-file", List.of(patterns.toString())),
                Map.entry("exclude-regex", List.of("/secret-[0-9]$")),
                Map.entry("exclude-if-present", List.of("mark:cache/ma", "other")),
                Map.entry("exclude-caches", List.of("true")),
                Map.entry("one-file-system", List.of("true")),
                Map.entry("read-special", List.of("true")),
                Map.entry("extended-attributes", List.of("false")),
                Map.entry("exclude-larger-than", List.of("2K")),
                Map.entry("exclude-smaller-than", List.of("2"))));

    FilesSource source =
        (FilesSource)
            new FilesSourceProvider()
                .create(List.of(new Location("file", directory.toString())), options);

    assertEquals(List.of("cache/", "cache/mark", "keep.md"), names(source));
  }

  @Test
  void restore_deleteWithAFilter_isRefusedAndDeletesNothing() throws IOException {
    make("tree/a", "tree/b.log");
    Path back = directory.resolve("back");
    try (Repository repository = Repository.create(new MemoryStore(), KeyFile.generate())) {
      Snapshot snapshot = repository.backup(FilesSource.of(directory.resolve("tree"))).snapshot();
      repository.restore(snapshot, FilesTarget.into(back));
      RestoreOptions filtered =
          RestoreOptions.builder().filter(PathFilter.builder().exclude("*.log").build()).build();
      FilesTarget exact = FilesTarget.into(back).overwrite(Overwrite.CHANGED).delete();

      assertThrows(TargetException.class, () -> repository.restore(snapshot, exact, filtered));
    }
    Path restored = back.resolve(directory.toString().substring(1)).resolve("tree");
    assertTrue(Files.exists(restored.resolve("b.log")));
  }

  private void make(String... files) throws IOException {
    for (String file : files) {
      Path path = directory.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file);
    }
  }

  private List<String> names(FilesSource source) throws IOException {
    return Sources.names(Sources.entries(source, new RecordingContext()), directory);
  }

  private static List<String> paths(FilesSource source) throws IOException {
    return Sources.entries(source, new RecordingContext()).stream()
        .map(entry -> entry.path().toString())
        .toList();
  }
}
