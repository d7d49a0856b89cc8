package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.examples.cli.Shell.Said;
import dev.varve.key.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeveralRepositoriesTest {

  @TempDir private Path directory = Path.of("");

  private Shell shell = Shell.bare();
  private String file = "";
  private String one = "";
  private String two = "";
  private String otherKey = "";

  @BeforeEach
  void prepare() throws IOException {
    shell = Shell.in(directory).without("VARVE_REPO").without("VARVE_KEY_FILE");
    file = Files.writeString(directory.resolve("note.txt"), "noted").toString();
    one = directory.resolve("one").toString();
    two = directory.resolve("two").toString();
    otherKey = directory.resolve("other.key").toString();
    KeyFile.generate().save(Path.of(otherKey));
  }

  @Test
  void backup_toTwoWithKeysOfTheirOwn_thenRestoreFromTheSecond() throws IOException {
    String key = directory.resolve("key").toString();
    String[] both = {"--repo", one, "--key-file", key, "--repo", two, "--key-file", otherKey};

    String said = shell.done(with(both, "backup", "--init", file));

    assertEquals(2, said.split("saved snapshot ", -1).length - 1, said);
    String first = said.substring(said.indexOf("saved snapshot ") + 15).substring(0, 8);
    assertEquals(2, said.split("saved snapshot " + first, -1).length - 1, "one id in both");
    Files.delete(Path.of(one, "config"));
    Path restored = directory.resolve("restored");
    Said back = shell.run(with(both, "restore", first, "--target", restored.toString()));
    assertEquals(ExitCode.DONE, back.exitCode(), back::toString);
    assertTrue(back.err().contains("trying " + two), back::toString);
    assertEquals("noted", Files.readString(restored.resolve(file.substring(1))));
  }

  @Test
  void restore_contentIsLostInTheFirst_isFilledFromTheSecond() throws IOException {
    String[] both = {"--repo", one, "--repo", two, "--key-file", otherKey};
    shell.done(with(both, "backup", "--init", file));
    losePacks(one);
    Path restored = directory.resolve("restored");

    Said alone =
        shell.run(
            with(
                new String[] {"--repo", one, "--key-file", otherKey},
                "restore",
                "latest",
                "--target",
                directory.resolve("alone").toString()));
    Said back = shell.run(with(both, "restore", "latest", "--target", restored.toString()));

    assertEquals(ExitCode.DONE_WITH_PROBLEMS, alone.exitCode(), alone::toString);
    assertEquals(ExitCode.DONE, back.exitCode(), back::toString);
    assertEquals("noted", Files.readString(restored.resolve(file.substring(1))));

    losePacks(two);
    Said none =
        shell.run(
            with(both, "restore", "latest", "--target", directory.resolve("none").toString()));
    assertEquals(ExitCode.DONE_WITH_PROBLEMS, none.exitCode(), none::toString);
    assertTrue(none.err().contains("could not be read"), none::toString);
  }

  @Test
  void restore_contentIsLostAndTheSecondCannotBeOpened_namesBoth() throws IOException {
    shell.done("backup", "--init", "--repo", one, "--key-file", otherKey, file);
    losePacks(one);

    Said said =
        shell.run(
            with(
                new String[] {"--repo", one, "--repo", two, "--key-file", otherKey},
                "restore",
                "latest",
                "--target",
                directory.resolve("restored").toString()));

    assertEquals(ExitCode.DONE_WITH_PROBLEMS, said.exitCode(), said::toString);
    assertTrue(said.err().contains(two), said::toString);
    assertTrue(said.err().contains("could not be read"), said::toString);
  }

  /** Loses contents; the list of entries stays. */
  private static void losePacks(String repository) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(repository, "packs"))) {
      for (Path pack : files.filter(Files::isRegularFile).toList()) {
        if (Files.readAllBytes(pack)[4] == 'D') {
          Files.delete(pack);
        }
      }
    }
  }

  @Test
  void backup_oneCannotBeOpened_otherHasItAndTheExitCodeTells() {
    String key = directory.resolve("key").toString();
    shell.done("init", "--repo", one, "--key-file", key);

    Said said = shell.run("backup", "--repo", one, "--repo", two, "--key-file", key, file);

    assertEquals(ExitCode.DONE_WITH_PROBLEMS, said.exitCode(), said::toString);
    assertTrue(said.out().contains("saved snapshot"), said::toString);
    assertTrue(said.out().contains("not to " + two), said::toString);
    Said none = shell.run("backup", "--repo", two, "--repo", two, "--key-file", key, file);
    assertEquals(ExitCode.FAILED, none.exitCode(), none::toString);
  }

  @Test
  void options_beforeAndAfterTheCommand_allCount() {
    String key = directory.resolve("key").toString();

    String said =
        shell.done("--repo", one, "--key-file", key, "backup", "--init", "--repo", two, file);

    assertEquals(2, said.split("saved snapshot ", -1).length - 1, said);
    Said refused =
        shell.run(
            with(
                new String[] {"--repo", one, "--key-file", key, "--repo-option", "nonsense=1"},
                "snapshots",
                "--repo-option",
                "exclusive=false"));
    assertEquals(ExitCode.WRONG_USAGE, refused.exitCode(), refused::toString);
    assertTrue(refused.err().contains("nonsense"), refused::toString);
  }

  @Test
  void otherCommands_withSeveral_areWrongUsage() {
    String key = directory.resolve("key").toString();

    Said said = shell.run("snapshots", "--repo", one, "--repo", two, "--key-file", key);

    assertEquals(ExitCode.WRONG_USAGE, said.exitCode(), said::toString);
    Said keys =
        shell.run(
            with(
                new String[] {"--repo", one, "--repo", two, "--repo", otherKey},
                "backup",
                "--key-file",
                key,
                "--key-file",
                otherKey,
                file));
    assertEquals(ExitCode.WRONG_USAGE, keys.exitCode(), keys::toString);
  }

  private static String[] with(String[] common, String... more) {
    String[] all = new String[more.length + common.length];
    System.arraycopy(more, 0, all, 0, more.length);
    System.arraycopy(common, 0, all, more.length, common.length);
    return all;
  }
}
