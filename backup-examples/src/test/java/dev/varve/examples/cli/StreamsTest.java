package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.examples.cli.Shell.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Standard input and commands, there and back, and filters, as users type them. */
class StreamsTest {

  @TempDir Path directory;

  private Shell shell = Shell.bare();

  @BeforeEach
  void init() {
    shell = Shell.in(directory);
    shell.done("init");
  }

  @Test
  void backup_stdinName_isOneEntry() {
    shell.input("insert 1;").done("backup", "--stdin-name", "dump.sql");

    assertEquals("insert 1;", shell.done("dump", "latest", "dump.sql"));
    assertTrue(shell.done("snapshots").contains("stream:dump.sql@web-1"));
  }

  @Test
  void backup_commands_areOneSnapshotBesidePaths() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "a file");
    String saved =
        shell.done(
            "backup",
            file.toString(),
            "--command",
            "printf one",
            "--command-name",
            "db/one.sql",
            "--command",
            "printf two | cat",
            "--name",
            "all");

    assertTrue(saved.contains("command:all@web-1") && saved.contains("files:all@web-1"), saved);
    String[] of = {"--source", "command:all@web-1"};
    assertEquals("one", shell.done("dump", "latest", "db/one.sql", of[0], of[1]));
    assertEquals("two", shell.done("dump", "latest", "printf", of[0], of[1]));
  }

  @Test
  void backup_commandFails_savesNothing() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "a file");

    Said said =
        shell.run(
            "backup", file.toString(), "--command", "echo some; echo 'access denied' >&2; exit 5");

    assertEquals(ExitCode.FAILED, said.exitCode());
    assertTrue(said.err().contains("exit code 5\n  access denied"), said::toString);
    assertEquals("[]", snapshots());
  }

  @Test
  void backup_twoCommandsOfOneName_isWrongUsage() {
    Said said = shell.run("backup", "--command", "printf 1", "--command", "printf 2");

    assertEquals(ExitCode.WRONG_USAGE, said.exitCode());
    assertTrue(said.err().contains("printf"), said::toString);
  }

  @Test
  void backup_nothingNamed_isWrongUsage() {
    assertEquals(ExitCode.WRONG_USAGE, shell.run("backup").exitCode());
    assertEquals(
        ExitCode.WRONG_USAGE,
        shell.run("backup", "--exclude", "*.tmp", "--command", "true").exitCode());
  }

  @Test
  void backup_locationOfACommand_isACommand() {
    shell.done(
        "backup",
        "command:printf \"$WHAT\"; pwd",
        "--option",
        "entry=where",
        "--option",
        "environment=WHAT=in ",
        "--option",
        "directory=/");

    assertEquals("in /\n", shell.done("dump", "latest", "where"));
  }

  @Test
  void restore_toCommand_givesEachContent() {
    shell.done("backup", "--command", "printf one", "--command", "echo two");

    String said =
        shell.done("--quiet", "restore", "latest", "--to-command", "printf '%s=' $VARVE_PATH; cat");

    assertEquals("echo=two\nprintf=one", said);
  }

  @Test
  void restore_toCommandThatFails_fails() {
    shell.done("backup", "--command", "printf one", "--command", "echo two");

    Said said = shell.run("restore", "latest", "--to-command", "cat > /dev/null; exit 4");
    Said going =
        shell.run("restore", "latest", "--keep-going", "--to-command", "[ $VARVE_PATH = printf ]");

    assertEquals(ExitCode.FAILED, said.exitCode());
    assertTrue(said.err().contains("exit code 4"), said::toString);
    assertEquals(ExitCode.DONE_WITH_PROBLEMS, going.exitCode());
    assertTrue(going.err().contains("echo: not restored"), going::toString);
  }

  @Test
  void restore_toCommandWithOptionsForFiles_isWrongUsage() {
    shell.done("backup", "--command", "printf one");

    for (String option : new String[] {"--delete", "--verify", "--target=x", "--strip=1"}) {
      Said said = shell.run("restore", "latest", "--to-command", "cat", option);
      assertEquals(ExitCode.WRONG_USAGE, said.exitCode(), option);
    }
    assertEquals(ExitCode.WRONG_USAGE, shell.run("restore", "latest").exitCode());
    assertEquals(
        ExitCode.WRONG_USAGE,
        shell.run("restore", "latest", "--target", "x", "--keep-going").exitCode());
  }

  @Test
  void filters_onTheWayThereAndBack_areTheSame() throws IOException {
    Path tree = directory.resolve("tree");
    Files.createDirectories(tree.resolve("cache"));
    Files.writeString(tree.resolve("a.txt"), "a");
    Files.writeString(tree.resolve("B.TMP"), "b");
    Files.writeString(tree.resolve("large"), "x".repeat(3000));
    Files.writeString(tree.resolve("cache/.nobackup"), "Signature of mine");
    Files.writeString(tree.resolve("cache/c"), "c");
    Path excludes = Files.writeString(directory.resolve("excludes"), "# none\n*.md\n");

    shell.done(
        "backup",
        tree.toString(),
        "--iexclude",
        "*.tmp",
        "--exclude-file",
        excludes.toString(),
        "--exclude-larger-than",
        "2K",
        "--exclude-if-present",
        ".nobackup:Signature",
        "-x",
        "--exclude-caches",
        "--exclude-regex",
        "/secret-[0-9]+$");
    String saved = shell.done("ls", "latest");

    assertTrue(saved.contains("a.txt") && saved.contains(".nobackup"), saved);
    assertFalse(saved.contains("TMP") || saved.contains("large") || saved.contains("/c\n"), saved);

    shell.done("backup", tree.toString());
    Path back = directory.resolve("back");
    shell.done(
        "restore",
        "latest",
        "--target",
        back.toString(),
        "--include",
        "*.t*",
        "--iinclude",
        "*.tmp",
        "--exclude",
        "a.*");
    Path restored = back.resolve(tree.toString().substring(1));
    assertEquals("b", Files.readString(restored.resolve("B.TMP")));
    assertFalse(Files.exists(restored.resolve("a.txt")));
    assertFalse(Files.exists(restored.resolve("large")));

    Said both =
        shell.run("restore", "latest", "--target", "x", "--delete", "--yes", "--exclude", "a");
    assertEquals(ExitCode.WRONG_USAGE, both.exitCode(), both::toString);
    Said size = shell.run("backup", tree.toString(), "--exclude-larger-than", "2 buckets");
    assertEquals(ExitCode.WRONG_USAGE, size.exitCode(), size::toString);
  }

  private String snapshots() {
    String answer = shell.done("--json", "snapshots");
    return answer.substring(answer.indexOf('['), answer.indexOf(']') + 1);
  }
}
