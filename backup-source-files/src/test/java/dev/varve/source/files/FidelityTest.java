package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.BackupReport;
import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.RestoreReport;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.testkit.MemoryContents;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FidelityTest {

  @TempDir Path directory;

  @Property(tries = 15)
  void restore_treeOfHostileNames_isEqual(@ForAll Random random) throws IOException {
    Path top = Files.createTempDirectory("varve-fidelity");
    try {
      Path tree = Files.createDirectory(top.resolve("tree"));
      WalkTest.grow(tree, RawNames.withoutRoot(tree), random, 0, new TreeSet<EntryPath>());
      Path restored = top.resolve("restored");
      assertEquals("", backUpAndRestore(tree, restored, FilesTarget.into(restored)));
      assertEquals(List.of(), TreeDifferences.between(tree, restored));
    } finally {
      WalkTest.deleteTree(top);
    }
  }

  @Property(tries = 15)
  void restore_exactOverAnyOtherTree_isEqual(@ForAll Random random) throws IOException {
    Path top = Files.createTempDirectory("varve-fidelity");
    try {
      Path tree = Files.createDirectory(top.resolve("tree"));
      WalkTest.grow(tree, RawNames.withoutRoot(tree), random, 0, new TreeSet<EntryPath>());
      Path restored = Files.createDirectory(top.resolve("restored"));
      WalkTest.grow(restored, RawNames.withoutRoot(tree), random, 0, new TreeSet<EntryPath>());
      Overwrite overwrite = random.nextBoolean() ? Overwrite.ALWAYS : Overwrite.CHANGED;
      FilesTarget target = FilesTarget.into(restored).overwrite(overwrite).delete().verify();
      assertEquals("", backUpAndRestore(tree, restored, target));
      assertEquals(List.of(), TreeDifferences.between(tree, restored));
      assertEquals("", backUpAndRestore(tree, restored, target));
      assertEquals(List.of(), TreeDifferences.between(tree, restored));
    } finally {
      WalkTest.deleteTree(top);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void restore_nastyTree_isEqualForUsAndForOtherPrograms() throws Exception {
    Path tree = growNasty();
    Path restored = directory.resolve("restored");

    assertEquals("", backUpAndRestore(tree, restored, FilesTarget.into(restored).verify()));

    assertSame(tree, restored);
    for (String name : List.of("sparse", "sparse-in-front", "sparse-all", "zeros")) {
      assertSparse(restored.resolve("contents").resolve(name));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void restore_nastyTreeThroughARepository_isEqualThreeTimes() throws Exception {
    Path tree = growNasty();
    Path restored = directory.resolve("restored");
    FilesTarget target = FilesTarget.into(restored).strip(tree.getNameCount());
    String store = directory.resolve("repository").toString();
    try (Repository repository = Repository.create(store, KeyFile.generate())) {
      BackupReport report = repository.backup(FilesSource.of(tree));
      assertEquals(List.of(), report.problems());

      RestoreReport first = repository.restore(report.snapshot(), target.verify());
      assertEquals(List.of(), first.problems());
      assertSame(tree, restored);

      List<String> before = changes(restored);
      RestoreReport second = repository.restore(report.snapshot(), target.verify());
      assertEquals(List.of(), second.problems());
      assertSame(tree, restored);
      assertEquals(before, changes(restored), "something was written again");

      spoil(restored);
      FilesTarget exact = target.overwrite(Overwrite.CHANGED).delete().verify();
      RestoreReport third = repository.restore(report.snapshot(), exact);
      assertEquals(List.of(), third.problems());
      assertSame(tree, restored);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void restore_nastyTreeWithoutNativeCalls_restoresTheRestAndSaysSo() throws Exception {
    assumeTrue(SystemCalls.find().isPresent());
    Path tree = growNasty();
    Path restored = directory.resolve("restored");

    String problems =
        backUpAndRestore(tree, restored, FilesTarget.into(restored).withoutNativeCalls());

    assumeTrue(Tools.isInstalled("setfacl"));
    assertTrue(problems.contains("access control lists could not be restored"), problems);
    assertTrue(problems.contains("named pipe left out"), problems);
    assertTrue(problems.contains("a time before 1970"), problems);
    for (String same : List.of("names", "contents", "modes")) {
      List<String> differences =
          TreeDifferences.between(tree.resolve(same), restored.resolve(same));
      assertEquals(List.of(), differences.stream().filter(d -> !d.contains("[1969-12-")).toList());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void backup_withoutNativeCalls_saysOnceWhatIsNotKept() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.writeString(tree.resolve("a"), "a");
    Files.getFileAttributeView(tree.resolve("a"), UserDefinedFileAttributeView.class)
        .write("colour", ByteBuffer.wrap("red".getBytes(StandardCharsets.UTF_8)));
    RecordingContext context = new RecordingContext();
    List<Entry> entries = Sources.entries(FilesSource.of(tree).withoutNativeCalls(), context);
    assertEquals(1, context.problems().size());
    assertTrue(Sources.text(context).contains("Access control lists"), Sources.text(context));
    assertEquals(Optional.of("red"), entries.get(1).attributes().findText("xattr.user.colour"));

    RecordingContext quiet = new RecordingContext();
    Sources.entries(FilesSource.of(tree).withoutNativeCalls().withoutExtendedAttributes(), quiet);
    assertEquals("", Sources.text(quiet));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void restore_pipesWithoutNativeCalls_areNamedOnceAndLeftOut() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Tools.run("mkfifo", tree + "/pipe1", tree + "/pipe2");
    Path restored = directory.resolve("restored");
    String problems =
        backUpAndRestore(tree, restored, FilesTarget.into(restored).withoutNativeCalls());
    assertTrue(
        problems.contains("pipe1: named pipe left out: Java has no call that makes one"), problems);
    assertTrue(problems.endsWith("(and 1 more)"), problems);
  }

  private Path growNasty() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    List<String> missed = NastyTree.grow(tree);
    missed.forEach(what -> System.err.println("not tried here: " + what));
    return tree;
  }

  /** Changes a bit of everything, as somebody could who works in the restored tree. */
  private static void spoil(Path restored) throws Exception {
    Files.writeString(restored.resolve("contents/large"), "small");
    Files.writeString(restored.resolve("contents/extra"), "extra");
    Files.delete(restored.resolve("names/a"));
    Files.createDirectory(restored.resolve("names/a"));
    Files.delete(restored.resolve("links/uno"));
    Files.writeString(restored.resolve("links/uno"), "alone");
    Files.setAttribute(restored.resolve("modes/f384"), "unix:mode", 0777);
    Files.setLastModifiedTime(restored.resolve("modes"), FileTime.from(Instant.EPOCH));
    Tools.tried("setfacl", "-m", "u:4711:rwx", restored + "/attributes/user");
    Tools.tried("setfacl", "-b", restored + "/attributes/acl");
    Tools.tried("setfacl", "-k", restored + "/attributes/shared");
    Tools.tried("setfacl", "-d", "-m", "u:4711:rwx", restored + "/names");
    Tools.tried("setfattr", "-n", "user.extra", "-v", "x", restored + "/attributes/odd");
    Tools.tried("setcap", "-r", restored + "/attributes/capable");
    Tools.tried("setcap", "cap_chown=+ep", restored + "/attributes/user");
    if (Files.exists(restored.resolve("specials/null"))) {
      Files.setAttribute(restored.resolve("specials/null"), "unix:mode", 0666);
    }
  }

  /** Restores into {@code restored} so that its root is that of {@code tree}; returns problems. */
  static String backUpAndRestore(Path tree, Path restored, FilesTarget target) throws IOException {
    RecordingContext context = new RecordingContext();
    MemorySource backup = Sources.backedUp(FilesSource.of(tree), context);
    MemoryContents contents = MemoryContents.of(backup).pieceBytes(64 * 1024);
    target.strip(tree.getNameCount()).restore(contents, context);
    return Sources.text(context)
        + contents.problems().stream().map(Object::toString).reduce("", String::concat);
  }

  private static void assertSparse(Path file) throws Exception {
    String blocks = Tools.run("stat", "-c", "%b", file.toString());
    assertTrue(Long.parseLong(blocks.strip()) * 512 < 100_000, blocks);
  }

  /** Compares by ourselves and by all programs that are installed. */
  private static void assertSame(Path tree, Path restored) throws Exception {
    assertEquals(List.of(), TreeDifferences.between(tree, restored));
    if (Tools.isInstalled("rsync")) {
      String differences =
          Tools.run(
              "rsync",
              "-aHAXn",
              "--checksum",
              "--delete",
              "--itemize-changes",
              "--exclude=/specials/" + NastyTree.SOCKET,
              tree + "/",
              restored + "/");
      assertEquals("", differences);
    }
    assertSameSaid(tree, restored, "getfacl", "-R", "-n", "-P", ".");
    assertSameSaid(tree, restored, "getcap", "-r", ".");
    assertSameSaid(tree, restored, "getfattr", "-R", "-P", "-h", "-d", "-m", "-", "-e", "hex", ".");
    String format = "%n %f %u %g %h %t:%T %y";
    assertEquals(described(tree, format), described(restored, format));
  }

  private static void assertSameSaid(Path tree, Path restored, String... command) throws Exception {
    if (Tools.isInstalled(command[0])) {
      List<String> before = sorted(Tools.runIn(tree, command));
      assertEquals(before, sorted(Tools.runIn(restored, command)), command[0]);
    }
  }

  /** Paragraphs in a set order: directories are listed in any. */
  private static List<String> sorted(String said) {
    String separator = said.contains("\n\n") ? "\n\n" : "\n";
    return Stream.of(said.split(separator))
        .filter(one -> !one.contains(NastyTree.SOCKET))
        .sorted()
        .toList();
  }

  /**
   * Inode and ctime of what has one name; of what has more, a restore makes one more for a time.
   */
  private static List<String> changes(Path top) throws IOException {
    List<String> changes = new ArrayList<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.toList()) {
        Stat stat = Stat.of(path);
        if (stat.links() == 1) {
          changes.add(path + " " + stat.inode() + " " + stat.changed());
        }
      }
    }
    return changes;
  }

  /** What {@code stat} says of everything but the socket. */
  private static String described(Path top, String format) throws Exception {
    if (!Tools.isInstalled("stat") || !Tools.isInstalled("find")) {
      return "";
    }
    String all =
        Tools.runIn(
            top,
            "find",
            ".",
            "!",
            "-name",
            NastyTree.SOCKET,
            "-exec",
            "stat",
            "-c",
            format,
            "{}",
            "+");
    return Stream.of(all.split("\n")).sorted().collect(Collectors.joining("\n"));
  }
}
