package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.examples.cli.Shell.Said;
import dev.varve.key.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureTest {

  @TempDir private Path directory = Path.of("");

  private Shell shell = Shell.bare();
  private String uploads = "";

  @BeforeEach
  void makeUploads() throws IOException {
    shell = Shell.in(directory);
    uploads = Files.createDirectory(directory.resolve("uploads")).toString();
    Files.writeString(Path.of(uploads, "a.txt"), "one");
  }

  @Test
  void passphraseThatIsWrong_isSaidToBe() {
    Shell passphrase =
        Shell.bare()
            .with("VARVE_REPO", directory.resolve("repository").toString())
            .with("VARVE_PASSPHRASE", "the right one");
    passphrase.done("init");

    String said = failed(passphrase.with("VARVE_PASSPHRASE", "the wrong one"), "snapshots");

    assertTrue(said.contains("passphrase"), said);
    assertFalse(said.contains("the wrong one"), said);
  }

  @Test
  void keyFileThatIsWrong_isSaidToBe() {
    shell.done("init");
    Path other = directory.resolve("other");
    KeyFile.generate().save(other);

    assertTrue(failed(shell, "snapshots", "--key-file", other.toString()).contains("key"));
  }

  @Test
  void keyFileOrPassphraseFileThatIsMissing_isNamed() {
    shell.done("init");

    assertTrue(failed(shell, "stats", "--key-file", "no-such").contains("no-such"));
    assertTrue(
        failed(shell.without("VARVE_KEY_FILE"), "stats", "--passphrase-file", "no-such")
            .contains("The passphrase file no-such cannot be read"));
  }

  @Test
  void repositoryThatIsMissing_isNamedWithWhatToDo() {
    String said = failed(shell, "snapshots");

    assertTrue(said.contains(directory.resolve("repository").toString()), said);
    assertTrue(said.contains("check the location, or make one first ('varve init')"), said);
    assertFalse(Files.exists(directory.resolve("repository/keys")));
  }

  @Test
  void repositoryThatIsThereAlready_isNotMadeAgain() {
    shell.done("init");

    assertTrue(failed(shell, "init").contains("already"));
  }

  @Test
  void sourcePathThatDoesNotExist_isNamedAndNothingIsSaved() {
    shell.done("init");

    String said = failed(shell, "backup", directory.resolve("no-such").toString());

    assertTrue(said.contains("no-such"), said);
    assertTrue(shell.done("snapshots").startsWith("0 snapshots"));
  }

  @Test
  void targetThatIsAFile_isNamedWithWhatToDo() throws IOException {
    shell.done("backup", "--init", uploads);
    Path file = Files.createFile(directory.resolve("file"));

    String said = failed(shell, "restore", "latest", "--target", file.toString());

    assertTrue(said.contains(file + ": is not a directory; name one"), said);
  }

  @Test
  void repositoryThatCannotBeWritten_isNamed() throws IOException {
    Path sealed = readOnlyDirectory();

    String said = failed(shell, "--repo", sealed.resolve("repository").toString(), "init");

    assertTrue(said.contains(sealed.toString()), said);
  }

  @Test
  void diskThatIsFull_isSaid_andOnceThereIsRoomTheSameCommandWorks() throws Exception {
    assumeTrue(
        new ProcessBuilder("id", "-u").start().inputReader().readLine().equals("0"),
        "only root can mount a small disk");
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        system("mount", "-t", "tmpfs", "-o", "size=2m", "varve-test", disk.toString()) == 0,
        "no small disk can be mounted here");
    try {
      byte[] content = new byte[8 << 20];
      new Random(1).nextBytes(content);
      Files.write(Path.of(uploads, "large"), content);
      shell.with("VARVE_REPO", disk.resolve("repository").toString()).done("init");

      String said = failed(shell, "backup", uploads);

      assertTrue(said.contains("space") || said.contains("full"), said);
      assertTrue(shell.done("snapshots").startsWith("0 snapshots"));
      assertEquals(0, system("mount", "-o", "remount,size=32m", disk.toString()));
      shell.done("backup", uploads);
      shell.done("check", "--level", "data");
    } finally {
      assertEquals(0, system("umount", "-l", disk.toString()));
    }
  }

  @Test
  void repositoryOfANewerFormat_saysToUpgrade() throws IOException {
    shell.done("backup", "--init", uploads);
    Path config = directory.resolve("repository/config");
    String newer = Files.readString(config).replace("\"varve\":1,", "\"varve\":99,");
    assertTrue(newer.contains("99"), newer);
    assertTrue(config.toFile().setWritable(true));
    Files.writeString(config, newer);

    String said = failed(shell, "snapshots");

    assertTrue(said.contains("format version 99"), said);
    assertTrue(said.contains("use a newer one"), said);
  }

  @Test
  void entriesThatCannotBeRead_areNamedAndTheRestIsSaved() {
    Said said = shell.run("backup", "--init", "troubled:book");

    assertEquals(ExitCode.DONE_WITH_PROBLEMS, said.exitCode(), said::toString);
    assertTrue(said.err().contains("varve: torn: "), said::err);
    assertTrue(said.err().contains("the page is torn"), said::err);
    assertEquals("fine", shell.done("dump", "latest", "fine"));
    assertTrue(shell.done("snapshots").contains("1 problem"));
  }

  @Test
  void entriesThatCannotBeRead_quietOrJson_haveTheSameExitCode() {
    shell.done("init");

    Said quiet = shell.run("backup", "--quiet", "troubled:book");
    Said json = shell.run("backup", "--json", "troubled:book");

    assertEquals(ExitCode.DONE_WITH_PROBLEMS, quiet.exitCode());
    assertEquals("", quiet.out());
    assertTrue(quiet.err().contains("varve: torn: "), quiet::err);
    assertEquals(ExitCode.DONE_WITH_PROBLEMS, json.exitCode());
    assertTrue(json.out().contains("{\"event\":\"problem\",\"path\":\"torn\""), json::out);
  }

  private static String failed(Shell shell, String... arguments) {
    Said said = shell.run(arguments);
    assertEquals(ExitCode.FAILED, said.exitCode(), said::toString);
    assertEquals("", said.out());
    assertTrue(said.err().startsWith("varve: "), said::err);
    assertFalse(said.err().contains("\tat "), said::err);
    assertFalse(said.err().contains("unexpected"), said::err);
    return said.err();
  }

  private static int system(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /** A directory nobody can write to: for root, one that the kernel makes. */
  private Path readOnlyDirectory() throws IOException {
    Path sealed = Files.createDirectory(directory.resolve("sealed"));
    if (sealed.toFile().setWritable(false) && !Files.isWritable(sealed)) {
      return sealed;
    }
    Path kernel = Path.of("/sys/kernel");
    assumeTrue(Files.isDirectory(kernel), "root can write everywhere here");
    return kernel;
  }
}
