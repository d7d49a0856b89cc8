package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.EntryPath;
import dev.varve.testkit.MemoryContents;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
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
  void restore_nastyTree_isEqual() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    growNasty(tree);
    Path restored = directory.resolve("restored");

    assertEquals("", backUpAndRestore(tree, restored, FilesTarget.into(restored).verify()));

    assertEquals(List.of(), TreeDifferences.between(tree, restored));
    assertSparse(restored.resolve("sparse"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void restore_nastyTree_isEqualForRsync() throws Exception {
    assumeTrue(isInstalled("rsync"));
    Path tree = Files.createDirectory(directory.resolve("tree"));
    growNasty(tree);
    Path restored = directory.resolve("restored");

    assertEquals("", backUpAndRestore(tree, restored, FilesTarget.into(restored)));

    assertRsyncFindsNoDifference(tree, restored);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void restore_pipesWithoutNativeCalls_areNamedOnceAndLeftOut() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    run("mkfifo", tree + "/pipe1", tree + "/pipe2");
    Path restored = directory.resolve("restored");
    String problems =
        backUpAndRestore(tree, restored, FilesTarget.into(restored).withoutNativeCalls());
    assertTrue(
        problems.contains("pipe1: named pipe left out: Java has no call that makes one"), problems);
    assertTrue(problems.endsWith("(and 1 more)"), problems);
  }

  /** What a file system allows, short of what needs a kernel's help. */
  private static void growNasty(Path tree) throws IOException {
    Files.createFile(tree.resolve("empty"));
    Files.writeString(tree.resolve("a.b"), "1");
    Files.writeString(tree.resolve("a-b"), "2");
    Path a = Files.createDirectory(tree.resolve("a"));
    Files.write(a.resolve(RawNames.step(new byte[] {(byte) 0xff, (byte) 0xc3, '\n'})), new byte[9]);
    Files.writeString(a.resolve("back\\slash"), "3");
    Files.writeString(a.resolve(" "), "4");
    Files.writeString(a.resolve("-rf"), "5");
    Files.writeString(a.resolve("n".repeat(255)), "6");
    byte[] large = new byte[1_000_003];
    new Random(3).nextBytes(large);
    Files.write(a.resolve("large"), large);
    try (var file =
        FileChannel.open(
            tree.resolve("sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap("middle".getBytes(StandardCharsets.UTF_8)), 5_000_000);
      file.write(ByteBuffer.wrap(new byte[1]), 10_000_000);
    }
    Files.createLink(tree.resolve("hard1"), a.resolve("large"));
    Files.createLink(a.resolve("hard2"), a.resolve("large"));
    Files.createSymbolicLink(tree.resolve("dangling"), Path.of("no/where"));
    Files.createSymbolicLink(tree.resolve("absolute"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(tree.resolve("up"), Path.of("../../.."));
    Files.createSymbolicLink(
        tree.resolve("raw"), RawNames.linkPath(new byte[] {'.', '/', (byte) 0xfe}));
    Path narrow = Files.createDirectory(tree.resolve("narrow"));
    Files.writeString(narrow.resolve("x"), "7");
    Files.getFileAttributeView(a.resolve("large"), UserDefinedFileAttributeView.class)
        .write("colour", ByteBuffer.wrap("red".getBytes(StandardCharsets.UTF_8)));
    Files.getFileAttributeView(narrow, UserDefinedFileAttributeView.class)
        .write("empty", ByteBuffer.allocate(0));
    Path sticky = Files.createDirectory(tree.resolve("sticky"));
    Files.setAttribute(sticky, "unix:mode", 03777);
    Files.setAttribute(tree.resolve("a.b"), "unix:mode", 0);
    Files.setAttribute(tree.resolve("a-b"), "unix:mode", 06755);
    if (Stat.of(tree).uid() == 0) {
      Files.setAttribute(tree.resolve("a-b"), "unix:uid", 12_345);
      Files.setAttribute(tree.resolve("a-b"), "unix:gid", 54_321);
      Files.setAttribute(tree.resolve("a-b"), "unix:mode", 06755);
      Files.setAttribute(sticky, "unix:gid", 54_321);
      Files.setAttribute(sticky, "unix:mode", 03777);
      Files.setAttribute(tree.resolve("dangling"), "unix:uid", 12_345, LinkOption.NOFOLLOW_LINKS);
    }
    FileTime old = FileTime.from(Instant.ofEpochSecond(-1_000_000, 123_456_789));
    Files.setLastModifiedTime(a.resolve("large"), old);
    FileTime whole = FileTime.from(Instant.ofEpochSecond(1_234_567_890, 123_456_000));
    for (String link : List.of("dangling", "absolute", "up", "raw")) {
      Files.getFileAttributeView(
              tree.resolve(link), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setTimes(whole, whole, null);
    }
    Files.setAttribute(narrow, "unix:mode", 0555);
    Files.setLastModifiedTime(narrow, old);
    Files.setLastModifiedTime(tree, old);
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
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(Long.parseLong(blocks.strip()) * 512 < 100_000, blocks);
  }

  private static void assertRsyncFindsNoDifference(Path tree, Path restored) throws Exception {
    Process rsync =
        new ProcessBuilder(
                "rsync",
                "-aHAXn",
                "--checksum",
                "--delete",
                "--itemize-changes",
                tree + "/",
                restored + "/")
            .redirectErrorStream(true)
            .start();
    String differences = new String(rsync.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("", differences);
    assertEquals(0, rsync.waitFor());
  }

  private static void run(String... command) throws Exception {
    Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, started.waitFor(), said);
  }

  private static boolean isInstalled(String tool) throws Exception {
    return new ProcessBuilder("sh", "-c", "command -v " + tool).start().waitFor() == 0;
  }
}
