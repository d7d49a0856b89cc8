package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.examples.cli.Shell.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void init_withAKeyFileThatIsNotThere_makesIt() {
    Path keyFile = directory.resolve("new-key");
    Shell shell = Shell.in(directory).with("VARVE_KEY_FILE", keyFile.toString());

    Said said = shell.run("init");

    assertEquals(ExitCode.DONE, said.exitCode(), said::toString);
    assertTrue(said.err().contains("made key file " + keyFile), said::err);
    assertTrue(Files.exists(keyFile));
    shell.done("stats");
  }

  @Test
  void init_thatFails_leavesNoKeyFile() throws IOException {
    Shell shell = Shell.in(directory);
    shell.done("init");
    Path other = directory.resolve("other-key");

    Said said = shell.run("init", "--key-file", other.toString());

    assertEquals(ExitCode.FAILED, said.exitCode(), said::toString);
    assertFalse(Files.exists(other));
    shell.done("stats");
  }

  @Test
  void init_atATerminal_asksTwiceAndThenTheSamePassphraseOpens() {
    Shell shell = Shell.in(directory).without("VARVE_KEY_FILE").typing("secret", "secret");

    shell.done("init");
    assertEquals(List.of("Passphrase: ", "The same again: "), shell.asked());

    shell.typing("secret").done("stats");
    Said wrong = shell.typing("sekret").run("stats");
    assertEquals(ExitCode.FAILED, wrong.exitCode(), wrong::toString);
    assertFalse(wrong.toString().contains("sekret"), wrong::toString);
  }

  @Test
  void init_passphrasesThatDiffer_makeNothing() {
    Shell shell = Shell.in(directory).without("VARVE_KEY_FILE").typing("secret", "sekret");

    Said said = shell.run("init");

    assertEquals(ExitCode.FAILED, said.exitCode());
    assertTrue(said.err().contains("The two passphrases differ"), said::err);
    assertFalse(Files.exists(directory.resolve("repository")));
  }

  @Test
  void keyAdd_recovery_printsAKeyThatOpens() throws IOException {
    Shell shell = Shell.in(directory);
    shell.done("init");

    String printed = shell.done("key", "add", "--recovery").strip();

    assertTrue(printed.startsWith("varve-key-1 "), printed);
    Path file = Files.writeString(directory.resolve("typed"), printed.replace("-", ""));
    assertEquals(ExitCode.WRONG_USAGE, Shell.bare().run("stats").exitCode());
    Files.writeString(file, printed);
    shell.done("stats", "--key-file", file.toString());
    Shell typing = Shell.in(directory).without("VARVE_KEY_FILE").typing(printed);
    typing.done("stats");
    assertTrue(shell.done("key", "list").contains("recovery key"));
  }

  @Test
  void keyChange_toAPassphrase_replacesTheKeyInUse() throws IOException {
    Shell shell = Shell.in(directory);
    shell.done("init");
    Path passphrase = Files.writeString(directory.resolve("p"), "correct horse\n");

    shell.done("key", "change", "--new-passphrase-file", passphrase.toString());

    assertEquals(ExitCode.FAILED, shell.run("stats").exitCode());
    Shell changed =
        Shell.in(directory)
            .without("VARVE_KEY_FILE")
            .with("VARVE_PASSPHRASE_FILE", passphrase.toString());
    changed.done("stats");
    changed
        .without("VARVE_PASSPHRASE_FILE")
        .with("VARVE_PASSPHRASE", "correct horse")
        .done("stats");
    assertEquals(2, changed.done("key", "list").lines().count());
  }

  @Test
  void keyRemove_confirmedAtATerminal_closesTheDoor() {
    Shell shell = Shell.in(directory);
    shell.done("init");
    Path other = directory.resolve("other");
    shell.done("key", "add", "--new-key-file", other.toString(), "--label", "the vault");
    String id = idOf(shell, "the vault");
    shell.done("stats", "--key-file", other.toString());

    Said refused = shell.typing("no").run("key", "remove", id);
    assertEquals(ExitCode.FAILED, refused.exitCode());
    shell.done("stats", "--key-file", other.toString());

    shell.typing("yes").done("key", "remove", id);
    assertEquals(ExitCode.FAILED, shell.run("stats", "--key-file", other.toString()).exitCode());
    assertTrue(shell.asked().get(0).contains("the vault"), shell.asked()::toString);
  }

  @Test
  void keyRemove_unknownKey_isRefused() {
    Shell shell = Shell.in(directory);
    shell.done("init");

    Said said = shell.run("key", "remove", "zz");

    assertEquals(ExitCode.FAILED, said.exitCode());
    assertTrue(said.err().contains("No key is called zz"), said::err);
  }

  private static String idOf(Shell shell, String label) {
    String line =
        shell.done("key", "list").lines().filter(l -> l.contains(label)).findFirst().orElseThrow();
    return line.strip().substring(0, line.strip().indexOf(' '));
  }
}
