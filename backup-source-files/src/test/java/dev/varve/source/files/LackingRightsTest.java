package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.testkit.MemoryContents;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is lacking is said once, and everything else is kept: in a JVM that may or can less. */
@EnabledOnOs(OS.LINUX)
class LackingRightsTest {

  @TempDir Path directory;

  @Test
  void restore_withoutTheRightsOfRoot_sumsUpWhatIsLacking() throws Exception {
    Path tree = growForRoot();
    Path restored = directory.resolve("restored");

    String said =
        new ChildJvm(LackingRightsTest.class)
            .by("setpriv", "--bounding-set", "-chown,-mknod,-setfcap,-sys_admin,-fsetid")
            .with("LC_ALL", "C.UTF-8")
            .run(tree, restored);

    List<String> lines = said.lines().toList();
    assertEquals(1, count(lines, "owner and group could not be set"), said);
    assertEquals(1, count(lines, "devices could not be made: permission denied"), said);
    assertEquals(1, count(lines, "restored without set-uid"), said);
    boolean capable = Tools.isInstalled("setcap");
    assertEquals(capable ? 1 : 0, count(lines, "capabilities are restored by root only"), said);
    assertTrue(said.contains("(and 4 more)"), said);
    for (int i = 0; i < 5; i++) {
      assertEquals("content " + i, Files.readString(restored.resolve("owned" + i)));
      assertEquals(0, Stat.of(restored.resolve("owned" + i)).uid());
      assertFalse(Files.exists(restored.resolve("device" + i), LinkOption.NOFOLLOW_LINKS));
    }
    assertEquals(0755, Stat.of(restored.resolve("owned0")).mode());
  }

  @Test
  void backup_withoutTheRightsOfRoot_namesWhatCannotBeReadAndKeepsTheRest() throws Exception {
    Path tree = growForRoot();
    Files.setAttribute(tree.resolve("owned1"), "unix:mode", 0);
    Path closed = Files.createDirectory(tree.resolve("closed"));
    Files.setAttribute(closed, "unix:uid", 4711);
    Files.setAttribute(closed, "unix:mode", 0700);
    Path restored = directory.resolve("restored");

    String said =
        new ChildJvm(LackingRightsTest.class)
            .by("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
            .with("LC_ALL", "C.UTF-8")
            .run(tree, restored);

    List<String> lines = said.lines().toList();
    assertEquals(1, count(lines, "closed/: cannot be listed: permission denied"), said);
    assertEquals(1, count(lines, "owned1: cannot be read: permission denied"), said);
    assertEquals("content 2", Files.readString(restored.resolve("owned2")));
    assertFalse(Files.exists(restored.resolve("owned1")));
  }

  @Test
  void backupAndRestore_withoutJna_carriesTheRestAndSaysSo() throws Exception {
    assumeTrue(Runtime.version().feature() < ForeignBinding.FIRST_JDK, "it needs no JNA");
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.writeString(tree.resolve("f"), "content");
    Tools.run("mkfifo", tree + "/pipe");
    Path restored = directory.resolve("restored");

    String said = new ChildJvm(LackingRightsTest.class).withoutJar("jna-").run(tree, restored);

    List<String> lines = said.lines().toList();
    assertEquals(2, lines.size(), said);
    assertTrue(lines.get(0).startsWith("Access control lists"), said);
    assertEquals(2, count(lines, "add net.java.dev.jna:jna to the class path"), said);
    assertEquals(1, count(lines, "pipe: named pipe left out"), said);
    assertEquals("content", Files.readString(restored.resolve("f")));
  }

  private Path growForRoot() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    assumeTrue(Stat.of(tree).uid() == 0 && Tools.isInstalled("setpriv"), "needs root and setpriv");
    for (int i = 0; i < 5; i++) {
      Path owned = Files.writeString(tree.resolve("owned" + i), "content " + i);
      Files.setAttribute(owned, "unix:uid", 4711);
      Files.setAttribute(owned, "unix:mode", 04755);
      Tools.run("mknod", tree + "/device" + i, "c", "1", "3");
      Tools.tried("setcap", "cap_chown=+ep", owned.toString());
    }
    return tree;
  }

  private static long count(List<String> lines, String part) {
    return lines.stream().filter(line -> line.contains(part)).count();
  }

  /** Backs the first argument up and restores it to the second; prints problems. */
  public static void main(String[] arguments) throws IOException {
    Path tree = Path.of(arguments[0]);
    Path restored = Path.of(arguments[1]);
    RecordingContext context = new RecordingContext();
    MemorySource backup = Sources.backedUp(FilesSource.of(tree), context);
    MemoryContents contents = MemoryContents.of(backup);
    FilesTarget.into(restored).strip(tree.getNameCount()).verify().restore(contents, context);
    byte[] said = (Sources.text(context) + "\n").getBytes(StandardCharsets.UTF_8);
    System.out.write(said, 0, context.problems().isEmpty() ? 0 : said.length);
    contents.problems().forEach(System.out::println);
    System.out.flush();
  }
}
