package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.examples.cli.Shell.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Check, repair and rewrite, as typed. */
class RepairCommandTest {

  @TempDir private Path directory = Path.of("");

  private Path uploads = Path.of("");
  private Shell shell = Shell.bare();

  @BeforeEach
  void backUp() throws IOException {
    shell = Shell.in(directory);
    uploads = Files.createDirectory(directory.resolve("uploads"));
    Files.writeString(uploads.resolve("a.txt"), "one");
    Files.writeString(uploads.resolve("b.tmp"), "two");
    shell.done("backup", "--init", uploads.toString());
  }

  @Test
  void repair_indexLost_showsThePlanAsksAndRepairs() throws IOException {
    assertTrue(shell.done("repair").contains("nothing is wrong"));
    removeAll("index");
    assertEquals(ExitCode.FAILED, shell.run("check").exitCode());

    Said shown = shell.run("repair", "--dry-run");
    assertEquals(ExitCode.FAILED, shown.exitCode(), shown::toString);
    assertTrue(shown.out().contains("replace-run index/"), shown.toString());

    Said refused = Shell.in(directory).typing("no").run("repair");
    assertEquals(ExitCode.FAILED, refused.exitCode(), refused::toString);
    assertTrue(refused.err().contains("nothing was done"), refused.toString());

    assertTrue(Shell.in(directory).typing("yes").done("repair").contains(" done, 0 left"));
    assertTrue(shell.done("check", "--level", "data").contains("all is well"));
    assertTrue(restored().contains("one"));
  }

  @Test
  void repair_configAndSlotLost_openAgain() throws IOException {
    shell.done("backup", uploads.toString());
    Files.delete(repository().resolve("config"));
    Files.delete(repository().resolve("log/0000000000000001"));
    assertEquals(ExitCode.FAILED, shell.run("snapshots").exitCode());

    String said = shell.done("repair", "--json");

    assertTrue(said.contains("\"make-config\""), said);
    assertTrue(said.contains("\"put-back-slot\""), said);
    assertTrue(said.contains("\"complete\":true"), said);
    shell.done("check");
  }

  @Test
  void repair_olderStateOfTheStore_isAcceptedOnlyIfAsked() throws IOException {
    shell.done("backup", uploads.toString());
    Files.delete(repository().resolve("log/0000000000000002"));
    Said refused = shell.run("snapshots");
    assertEquals(ExitCode.FAILED, refused.exitCode());
    assertTrue(refused.err().contains("or, if there is none, let repair accept"), refused.err());

    Said careful = shell.run("repair");
    assertTrue(careful.out().contains("advice log/"), careful.toString());
    assertEquals(ExitCode.FAILED, shell.run("snapshots").exitCode());
    String plan = shell.run("repair", "--accept-rollback", "--dry-run").out();
    assertTrue(plan.contains("until repair runs again, at least 24 h later"), plan);

    String accepted = shell.run("repair", "--accept-rollback", "--reader-delay", "0h").out();
    assertTrue(accepted.contains("accept-rollback log/"), accepted);
    String waiting = shell.run("repair", "--dry-run").out();
    assertTrue(
        waiting.matches("(?s).*\\(from \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d on\\).*"),
        waiting);
    assertTrue(shell.done("repair", "--reader-delay", "0h").contains("resume-packs"));
    assertTrue(shell.done("check").contains("all is well"));
  }

  @Test
  void undelete_snapshotOfALostSlot_isListedAndComesBackAsWhatItIsSaidToBe() throws IOException {
    Files.writeString(uploads.resolve("c.txt"), "three");
    shell.done("backup", uploads.toString());
    Files.delete(repository().resolve("log/0000000000000002"));
    shell.run("repair", "--accept-rollback", "--reader-delay", "0h");
    shell.done("repair", "--reader-delay", "0h");

    String listed = shell.done("undelete", "--lost", "--json");
    String root = listed.substring(listed.indexOf("\"root\":\"") + 8).substring(0, 12);
    assertTrue(shell.done("undelete", "--lost").contains(root), listed);
    String source = "files:" + uploads + "@web-1";
    shell.done("undelete", "--lost", root, "--as", source);

    assertEquals("three", shell.done("dump", "latest", uploads.resolve("c.txt").toString()));
    assertTrue(shell.done("check", "--level", "data").contains("all is well"));
    assertEquals(ExitCode.FAILED, shell.run("undelete", "--lost", root, "--as", source).exitCode());
    for (List<String> wrong :
        List.of(
            List.of("undelete", "--lost", root),
            List.of("undelete", "--lost", "--as", source),
            List.of("undelete", root, "--as", source),
            List.of("undelete", "--lost", root, "--as", "nothing"))) {
      Said said = shell.run(wrong.toArray(String[]::new));
      assertEquals(ExitCode.WRONG_USAGE, said.exitCode(), said::toString);
    }
  }

  @Test
  void repair_contentLost_isNamedRewrittenAndHealedByTheNextBackup() throws IOException {
    removeAll("packs");
    Said said = shell.run("repair", "--rewrite", "--yes");
    assertEquals(ExitCode.FAILED, said.exitCode(), said::toString);
    assertTrue(said.out().contains("needed by "), said.toString());
    assertTrue(said.out().contains("replaces "), said.toString());

    shell.done("backup", uploads.toString());
    assertTrue(restored().contains("one"));
  }

  @Test
  void rewrite_takesPathsOut_andForgetsTheOldOneIfAsked() {
    String said = shell.done("rewrite", "latest", "--exclude", "*.tmp", "--forget");
    assertTrue(said.contains("1 entry taken out, 0 lost"), said);
    assertTrue(said.contains("1 snapshot forgotten"), said);
    String listed = shell.done("ls", "latest");
    assertTrue(listed.contains("a.txt"), listed);
    assertFalse(listed.contains("b.tmp"), listed);
    String again = shell.done("rewrite", "latest", "--exclude", "*.tmp");
    assertTrue(again.contains("nothing to leave out"), again);
    assertEquals(ExitCode.WRONG_USAGE, shell.run("rewrite").exitCode());
  }

  @Test
  void check_boundsAreReadAndNeedTheLevelData() {
    assertTrue(shell.done("check", "--level", "data", "--max-bytes", "0").contains("left for the"));
    shell.done("check", "--level", "data", "--sample", "50%", "--max-time", "1h", "--record");
    for (List<String> wrong :
        List.of(
            List.of("--sample", "50%"),
            List.of("--level", "data", "--sample", "0%"),
            List.of("--level", "data", "--max-time", "soon"))) {
      String[] arguments = Stream.concat(Stream.of("check"), wrong.stream()).toArray(String[]::new);
      assertEquals(ExitCode.WRONG_USAGE, shell.run(arguments).exitCode(), wrong.toString());
    }
    assertEquals(ExitCode.WRONG_USAGE, shell.run("repair", "--level", "log").exitCode());
  }

  private Path repository() {
    return directory.resolve("repository");
  }

  private void removeAll(String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(repository().resolve(prefix))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  private String restored() {
    return shell.done("dump", "latest", uploads.resolve("a.txt").toString());
  }
}
