package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.examples.cli.Shell.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void nothing_saysThatACommandIsMissing() {
    refused("Missing required subcommand");
  }

  @Test
  void help_listsTheCommandsAndSucceeds() {
    String help = Shell.bare().done("--help");

    for (String command :
        "init backup snapshots ls find diff dump restore check stats key version".split(" ", -1)) {
      assertTrue(help.contains("\n  " + command + " "), command);
    }
    assertTrue(Shell.bare().done("restore", "--help").contains("--target"));
    assertTrue(Shell.bare().done("key", "add", "--help").contains("--recovery"));
  }

  @Test
  void help_saysAWholeSentenceOfEachCommand() {
    String help = Shell.bare().done("--help");
    String list = help.substring(help.indexOf("Commands:"), help.indexOf("Also from"));
    // A description that goes on is indented further than names.
    for (String command : list.substring(list.indexOf("\n  ") + 3).split("\n  (?=[a-z])", -1)) {
      assertTrue(command.strip().endsWith("."), command);
    }
  }

  @Test
  void version_needsNoRepository() {
    assertTrue(Shell.bare().done("version").startsWith("varve "));
    assertTrue(Shell.bare().done("version", "--json").startsWith("{\"version\":"));
  }

  @Test
  void mistypedCommand_isAnsweredWithTheNearest() {
    refused("backup", "bakcup", "/srv");
  }

  @Test
  void repositoryOrKeyMissing_saysHowToGiveThem() {
    refused("No repository is given; use --repo LOCATION or set VARVE_REPO", "snapshots");
    refused("No key is given and there is no terminal to ask at", "--repo", "x", "snapshots");
  }

  @Test
  void twoKeys_areRefused() {
    refused(
        "Give a passphrase file or a key file, not both",
        "--repo",
        "x",
        "--key-file",
        "k",
        "--passphrase-file",
        "p",
        "stats");
    Said said =
        Shell.bare()
            .with("VARVE_REPO", "x")
            .with("VARVE_PASSPHRASE", "secret-word")
            .with("VARVE_KEY_FILE", "k")
            .run("stats");
    assertEquals(ExitCode.WRONG_USAGE, said.exitCode());
    assertTrue(said.err().contains("VARVE_PASSPHRASE and VARVE_KEY_FILE; set only one"), said::err);
    assertTrue(!said.toString().contains("secret-word"), said::toString);
  }

  @Test
  void argumentsThatMakeNoSense_areRefusedBeforeAnythingIsOpened() throws IOException {
    String here = Files.createDirectory(directory.resolve("here")).toString();
    refused("Nothing to read is given", "backup");
    refused("Missing required parameter: 'SNAPSHOT'", "ls");
    refused("Nowhere to restore to is given", "restore", "latest");
    refused("--tag", "backup", here, "--tag", "novalue");
    refused("--part: give N/M such as 3/7", "check", "--part", "3");
    refused("at least 64 KiB", "--limit-upload", "3", "stats");
    refused("--part: A part is given as n of m", "check", "--part", "8/7");
    refused("Invalid value for option '--level'", "check", "--level", "deep");
    refused("A setting is given as name=value", "backup", here, "--option", "novalue");
    refused("Unknown option 'regoin'", "backup", here, "--option", "regoin=eu");
    refused("--include is about paths", "backup", "x-y:z", "--include", "a");
    refused("A path of an entry is empty", "ls", "latest", "/");
    refused("type paths as 'varve ls' prints them", "ls", "latest", "a\\b");
    refused("dump writes the content itself", "dump", "latest", "a", "--json");
    refused("--recovery makes the key itself", "key", "add", "--recovery", "--new-key-file", "k");
  }

  @Test
  void unknownScheme_namesWhatThereIs() {
    refused("mongodb", "backup", "mongodb://db-1/orders");
    refused("s3", "restore", "latest", "--target", "s3://bucket");
  }

  @Test
  void locationWithASecret_isRefusedWithoutShowingIt() {
    Said said = Shell.in(directory).run("backup", "jdbc:mysql://root:hunter2@db-1/orders");

    assertEquals(ExitCode.WRONG_USAGE, said.exitCode());
    assertTrue(said.err().contains("locations are logged"), said::err);
    assertTrue(!said.toString().contains("hunter2"), said::toString);
  }

  private void refused(String message, String... arguments) {
    Shell shell = Shell.bare();
    if (!message.startsWith("No ") && !message.startsWith("Give")) {
      shell = Shell.in(directory);
    }
    Said said = shell.run(arguments);
    assertEquals(ExitCode.WRONG_USAGE, said.exitCode(), said::toString);
    assertEquals("", said.out());
    assertTrue(said.err().startsWith("varve: "), said::err);
    assertTrue(said.err().contains(message), said::err);
    assertTrue(!said.err().contains("\tat "), said::err);
  }
}
