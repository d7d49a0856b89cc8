package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.BackupReport;
import dev.varve.RestoreReport;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many files, many in one directory and deep ones, backed up and restored by a JVM with a small
 * heap. What it took is printed: a million should take ten times as long as a hundred thousand.
 */
@EnabledOnOs(OS.LINUX)
class ScaleTest {

  private static final int FILES_A_DIRECTORY = 1_000;
  private static final int DEPTH = 1_000;

  @TempDir Path directory;

  @Test
  void thousands_inASmallHeap_areBackedUpAndRestored() throws Exception {
    assertScales("128m", 3_000, 3_000);
  }

  @Test
  @Tag("deep")
  void hundredThousand_inASmallHeap_areBackedUpAndRestored() throws Exception {
    assertScales("256m", 100_000, 10_000);
  }

  @Test
  @Tag("deep")
  void million_inASmallHeap_areBackedUpAndRestored() throws Exception {
    assertScales("256m", 1_000_000, 100_000);
  }

  private void assertScales(String heap, int many, int inOneDirectory) throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    int entries = grow(tree, many, inOneDirectory);
    try {
      String said =
          new ChildJvm(ScaleTest.class)
              .option("-Xmx" + heap)
              .with("LC_ALL", "C.UTF-8")
              .run(tree, directory.resolve("repository"), directory.resolve("restored"));
      System.out.print(said);
      List<String> lines = said.lines().toList();
      assertEquals("complete: " + entries, lines.get(lines.size() - 1), said);
      if (Tools.isInstalled("rsync")) {
        String difference =
            Tools.run("rsync", "-an", "--delete", "--itemize-changes", tree + "/", restored());
        assertEquals("", difference);
      }
    } finally {
      // JUnit takes minutes for what this does in seconds.
      Tools.run("rm", "-rf", tree.toString(), directory.resolve("restored").toString());
    }
  }

  private String restored() {
    return directory.resolve("restored") + "/";
  }

  /** Makes the tree and returns how many entries it has, itself included. */
  private static int grow(Path tree, int many, int inOneDirectory) throws IOException {
    int entries = 1;
    for (int i = 0; i < many; i++) {
      Path parent = tree.resolve("many" + i / FILES_A_DIRECTORY);
      if (i % FILES_A_DIRECTORY == 0) {
        Files.createDirectory(parent);
        entries++;
      }
      Files.writeString(parent.resolve("file" + i), "content " + i);
    }
    Path wide = Files.createDirectory(tree.resolve("wide"));
    for (int i = 0; i < inOneDirectory; i++) {
      Files.createFile(wide.resolve("file" + Integer.reverse(i)));
    }
    Path deep = tree;
    for (int i = 0; i < DEPTH; i++) {
      deep = Files.createDirectory(deep.resolve("d"));
    }
    Files.writeString(deep.resolve("deepest"), "deep");
    return entries + many + 1 + inOneDirectory + DEPTH + 1;
  }

  /** Backs the first argument up to the second, twice, and restores it to the third. */
  public static void main(String[] arguments) {
    Path tree = Path.of(arguments[0]);
    try (Repository repository = Repository.create(arguments[1], KeyFile.generate())) {
      long start = System.nanoTime();
      BackupReport first = repository.backup(FilesSource.of(tree));
      say("first backup", start);
      start = System.nanoTime();
      BackupReport second = repository.backup(FilesSource.of(tree));
      say("unchanged", start);
      start = System.nanoTime();
      FilesTarget target = FilesTarget.into(Path.of(arguments[2])).strip(tree.getNameCount());
      RestoreReport restored = repository.restore(second.snapshot(), target);
      say("restore", start);
      start = System.nanoTime();
      RestoreReport again = repository.restore(second.snapshot(), target);
      say("restore again", start);
      first.problems().forEach(System.out::println);
      second.problems().forEach(System.out::println);
      restored.problems().forEach(System.out::println);
      again.problems().forEach(System.out::println);
      System.out.println("complete: " + again.entries());
    }
    System.out.flush();
  }

  private static void say(String what, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    String line = String.format(Locale.ROOT, "%s: %.1f s%n", what, seconds);
    System.out.write(line.getBytes(StandardCharsets.UTF_8), 0, line.length());
  }
}
