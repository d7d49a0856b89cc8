package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.testkit.MemoryContents;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Snapshots of any paths and kinds, restored over each other in any way. */
class AnyPathsTest {

  private static final List<String> PIECES =
      List.of("/", "/", "/", ".", "..", "../", "a", "b", "A", "\\", " ", "\u00e4", "a/", "link");

  private static final List<EntryKind> KINDS =
      List.of(EntryKind.FILE, EntryKind.DIRECTORY, EntryKind.SYMBOLIC_LINK);

  @Property(tries = 60)
  void restore_anyPaths_stayInsideAndAreAllAccountedFor(
      @ForAll("snapshots") List<Entry> first,
      @ForAll("snapshots") List<Entry> second,
      @ForAll Overwrite overwrite,
      @ForAll boolean exact)
      throws IOException {
    Path top = Files.createTempDirectory("varve-any");
    try {
      Path target = Files.createDirectories(top.resolve("x/y/target"));
      Files.writeString(top.resolve("a"), "untouched");
      Files.createDirectory(top.resolve("b"));
      Set<String> around = around(top, target);
      for (List<Entry> entries : List.of(first, second)) {
        MemorySource snapshot = new MemorySource();
        for (Entry entry : entries) {
          byte[] content = entry.kind().hasContent() ? new byte[] {1, 2, 3} : new byte[0];
          snapshot.put(entry.toBuilder().size(content.length).build(), content);
        }
        FilesTarget to = FilesTarget.into(target).overwrite(overwrite);
        RecordingContext context = new RecordingContext();
        MemoryContents contents = MemoryContents.of(snapshot);
        (exact ? to.delete() : to).restore(contents, context);

        Set<EntryPath> accounted = new TreeSet<>(context.problemPaths());
        contents.problems().forEach(problem -> accounted.add(problem.path().orElseThrow()));
        context.restored().forEach(entry -> accounted.add(entry.path()));
        assertEquals(snapshot.entries().keySet(), accounted);
        assertEquals(around, around(top, target));
      }
    } finally {
      WalkTest.deleteTree(top);
    }
  }

  @Provide
  Arbitrary<List<Entry>> snapshots() {
    Arbitrary<EntryPath> path =
        Arbitraries.of(PIECES)
            .list()
            .ofMinSize(1)
            .ofMaxSize(7)
            .map(pieces -> EntryPath.of(String.join("", pieces)));
    return Combinators.combine(path, Arbitraries.of(KINDS), path)
        .as(AnyPathsTest::entry)
        .list()
        .ofMaxSize(25);
  }

  private static Entry entry(EntryPath path, EntryKind kind, EntryPath link) {
    Entry.Builder entry = Entry.builder(path, kind);
    if (kind == EntryKind.SYMBOLIC_LINK) {
      entry.linkTarget(link);
    }
    return entry.build();
  }

  /** All that is not in the target, files with their content. */
  private static Set<String> around(Path top, Path target) throws IOException {
    Set<String> all = new TreeSet<>();
    try (Stream<Path> walk = Files.walk(top)) {
      for (Path path : walk.filter(p -> !p.startsWith(target)).toList()) {
        boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        all.add(path + (file ? Files.readString(path, StandardCharsets.UTF_8) : ""));
      }
    }
    return all;
  }
}
