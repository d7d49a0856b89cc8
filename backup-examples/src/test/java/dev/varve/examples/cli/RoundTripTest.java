package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.examples.cli.Shell.Said;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundTripTest {

  @TempDir private Path directory = Path.of("");

  private Path uploads = Path.of("");
  private String below = "";
  private Shell shell = Shell.bare();

  @BeforeEach
  void makeUploads() throws IOException {
    shell = Shell.in(directory);
    uploads = Files.createDirectory(directory.resolve("uploads"));
    below = uploads.toString().substring(1);
    Files.createDirectory(uploads.resolve("2026"));
    Files.writeString(uploads.resolve("2026/invoice-17.pdf"), "seventeen");
    Files.writeString(uploads.resolve("2026/überweisung.txt"), "ümlaut");
    Files.writeString(uploads.resolve("notes.tmp"), "not worth keeping");
  }

  @Test
  void backup_intoNewRepository_thenRestore_isByteForByteTheSame() throws IOException {
    Path restored = directory.resolve("restored");

    assertTrue(backup("--init").contains("saved snapshot "));
    String said = shell.done("restore", "latest", "--target", restored.toString());

    assertTrue(said.contains("restored "), said);
    Path copy = restored.resolve(below);
    assertEquals("seventeen", Files.readString(copy.resolve("2026/invoice-17.pdf")));
    assertEquals("ümlaut", Files.readString(copy.resolve("2026/überweisung.txt")));
    assertEquals("not worth keeping", Files.readString(copy.resolve("notes.tmp")));
  }

  @Test
  void restore_ofOnePathStripped_bringsThatOnly() throws IOException {
    backup("--init");
    Path restored = directory.resolve("restored");
    String steps = String.valueOf(uploads.getNameCount() + 1);

    shell.done(
        "restore",
        "latest",
        uploads + "/2026/invoice-17.pdf",
        "--target",
        restored.toString(),
        "--strip",
        steps,
        "--verify");

    assertEquals("seventeen", Files.readString(restored.resolve("invoice-17.pdf")));
    assertFalse(Files.exists(restored.resolve("überweisung.txt")));
  }

  @Test
  void restore_dryRun_writesNothing() {
    backup("--init");
    Path restored = directory.resolve("restored");

    String said = shell.done("restore", "latest", "--target", restored.toString(), "--dry-run");

    assertTrue(said.contains("would restore "), said);
    assertFalse(Files.exists(restored.resolve(below)));
  }

  @Test
  void restore_deleteNotConfirmed_doesNothing() throws IOException {
    backup("--init");
    Path restored = Files.createDirectories(directory.resolve("restored"));
    Path extra = Files.writeString(restored.resolve("extra"), "mine");
    String[] command = {"restore", "latest", "--target", restored.toString(), "--delete"};

    Said refused = shell.typing("no").run(command);

    assertEquals(ExitCode.FAILED, refused.exitCode(), refused::toString);
    assertTrue(refused.err().contains("Not confirmed; nothing was done"), refused::err);
    assertTrue(Files.exists(extra));
    assertFalse(Files.exists(restored.resolve(below)));
  }

  @Test
  void backup_withExclude_leavesOut() {
    backup("--init", "--exclude", "*.tmp");

    String listed = shell.done("ls", "latest");

    assertTrue(listed.contains(below + "/2026/invoice-17.pdf\n"), listed);
    assertTrue(listed.contains(below + "/2026/überweisung.txt\n"), listed);
    assertFalse(listed.contains("notes.tmp"), listed);
  }

  @Test
  void backup_dryRun_storesNothing() {
    shell.done("init");

    String said = backup("--dry-run");

    assertTrue(said.contains("nothing was stored"), said);
    assertTrue(shell.done("snapshots").startsWith("0 snapshots"), said);
  }

  @Test
  void backup_checkOnly_saysWhetherSourcesCanBeRead() {
    shell.done("init");

    String said = backup("--check-only");

    assertTrue(said.contains("1 source can be read"), said);
    assertTrue(shell.done("snapshots").startsWith("0 snapshots"), said);
    assertEquals(
        ExitCode.FAILED, shell.run("backup", "--check-only", uploads + "-missing").exitCode());
  }

  @Test
  void backup_quiet_saysNothingAtAll() {
    Said said = shell.run("--quiet", "backup", "--init", uploads.toString());

    assertEquals(new Said(ExitCode.DONE, "", ""), said);
  }

  @Test
  void snapshots_afterTwoBackups_listsBothWithTagsAndSum() {
    backup("--init", "--tag", "release=4.2");
    backup();

    List<String> lines = shell.done("snapshots").lines().toList();

    assertEquals(4, lines.size(), lines::toString);
    assertTrue(lines.get(0).startsWith("ID "), lines::toString);
    assertTrue(lines.get(1).contains("release=4.2"), lines::toString);
    assertTrue(lines.get(1).contains("files:"), lines::toString);
    assertTrue(lines.get(1).contains("@web-1"), lines::toString);
    assertTrue(lines.get(3).startsWith("2 snapshots, "), lines::toString);
    assertEquals(3, shell.done("snapshots", "--tag", "release=4.2").lines().count());
  }

  @Test
  void ls_belowAPath_listsThatOnly() {
    backup("--init");

    String listed = shell.done("ls", "latest", uploads + "/2026", "--long");

    assertEquals(3, listed.lines().count(), listed);
    assertTrue(listed.contains("-rw"), listed);
    Said nothing = shell.run("ls", "latest", "no/such");
    assertEquals(ExitCode.FAILED, nothing.exitCode(), nothing::toString);
    assertTrue(nothing.err().contains("has nothing at or below no/such"), nothing::err);
  }

  @Test
  void find_byPattern_namesSnapshotAndPath() {
    backup("--init");
    backup();

    assertEquals(2, shell.done("find", "*.pdf").lines().count());
    assertEquals(1, shell.done("find", "--snapshot", "latest", "*.PDF", "-i").lines().count());
    assertEquals("", shell.done("find", "*.doc"));
  }

  @Test
  void diff_afterEdits_marksWhatHappened() throws IOException {
    backup("--init");
    String first = id(0);
    Files.writeString(uploads.resolve("2026/invoice-17.pdf"), "seventeen, corrected");
    Files.writeString(uploads.resolve("2026/invoice-18.pdf"), "eighteen");
    Files.delete(uploads.resolve("notes.tmp"));
    backup();

    List<String> lines = shell.done("diff", first, "latest").lines().toList();

    assertTrue(lines.contains("M " + below + "/2026/invoice-17.pdf"), lines::toString);
    assertTrue(lines.contains("+ " + below + "/2026/invoice-18.pdf"), lines::toString);
    assertTrue(lines.contains("- " + below + "/notes.tmp"), lines::toString);
  }

  @Test
  void dump_ofAFile_isItsContentAndNothingElse() {
    backup("--init");

    assertEquals("seventeen", shell.done("dump", "latest", uploads + "/2026/invoice-17.pdf"));

    Said directory = shell.run("dump", "latest", uploads + "/2026");
    assertEquals(ExitCode.FAILED, directory.exitCode());
    assertTrue(directory.err().contains("is a directory and has no content"), directory::err);
    Said missing = shell.run("dump", "latest", "no/such");
    assertEquals(ExitCode.FAILED, missing.exitCode());
    assertTrue(missing.err().contains("has no entry no/such"), missing::err);
  }

  @Test
  void check_ofAWholeRepository_isWell() {
    backup("--init");

    for (String level : List.of("log", "index", "data")) {
      String said = shell.done("check", "--level", level);
      assertTrue(said.startsWith("all is well: "), said);
    }
    assertTrue(shell.done("check", "--level", "data", "--part", "1/2").contains("all is well"));
  }

  @Test
  void check_ofAPackThatIsGone_namesWhatNeedsItAndFails() throws IOException {
    backup("--init");
    try (var items = Files.walk(directory.resolve("repository/packs"))) {
      for (Path item : items.filter(Files::isRegularFile).toList()) {
        Files.delete(item);
      }
    }

    Said said = shell.run("check", "--level", "data");

    assertEquals(ExitCode.FAILED, said.exitCode(), said::toString);
    assertTrue(said.out().contains("packs/"), said::out);
  }

  @Test
  void stats_tellsWhatThereIs() {
    backup("--init");

    String said = shell.done("stats");

    assertTrue(said.contains("snapshots   1"), said);
    assertTrue(said.contains("packs       "), said);
  }

  @Test
  void rehearsal_runsEveryCommand() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);

    assertEquals(ExitCode.DONE, Rehearsal.run(err), () -> said.toString(StandardCharsets.UTF_8));
  }

  private String backup(String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "backup";
    System.arraycopy(options, 0, arguments, 1, options.length);
    arguments[arguments.length - 1] = uploads.toString();
    return shell.done(arguments);
  }

  private String id(int line) {
    return shell.done("snapshots").lines().skip(line + 1).findFirst().orElseThrow().substring(0, 8);
  }
}
