package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.examples.cli.Shell.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotChoiceTest {

  @TempDir private Path directory = Path.of("");

  private Shell shell = Shell.bare();
  private String uploads = "";

  @BeforeEach
  void makeRepository() throws IOException {
    shell = Shell.in(directory);
    uploads = Files.createDirectory(directory.resolve("uploads")).toString();
    Files.writeString(Path.of(uploads, "a.txt"), "one");
  }

  @Test
  void latest_ofAnEmptyRepository_saysHowToFillIt() {
    shell.done("init");

    failed("The repository has no snapshots yet", "ls", "latest");
  }

  @Test
  void latest_ofSeveralSources_listsThem() {
    shell.done("backup", "--init", "--name", "one", uploads);
    shell.done("backup", "--name", "other", uploads);

    failed("add --source with one of files:one@web-1, files:other@web-1", "ls", "latest");
    shell.done("ls", "latest", "--source", "files:one@web-1");
    shell.done("restore", "latest", "--source", "files:other@web-1", "--target", uploads + "2");
  }

  @Test
  void source_thatIsUnknown_listsThoseThereAre() {
    shell.done("backup", "--init", "--name", "one", uploads);

    failed("there are some of files:one@web-1", "ls", "latest", "--source", "files:two@web-1");
    Said said = shell.run("ls", "latest", "--source", "two");
    assertEquals(ExitCode.WRONG_USAGE, said.exitCode());
    assertTrue(said.err().contains("there are files:one@web-1"), said::err);
  }

  @Test
  void at_pastAndFuture_choosesAtOrBefore() {
    shell.done("backup", "--init", uploads);

    shell.done("ls", "latest", "--at", "2999-01-01");
    failed("No snapshot is left by --source, --at", "ls", "latest", "--at", "2001-01-01T00:00Z");
    assertTrue(shell.done("snapshots", "--at", "2001-01-01").startsWith("0 snapshots"));
  }

  @Test
  void prefix_isEnough_andAnUnknownOneNamesTheNearest() {
    shell.done("backup", "--init", uploads);
    String id = shell.done("snapshots").lines().skip(1).findFirst().orElseThrow().substring(0, 8);

    shell.done("ls", id);
    shell.done("ls", id.substring(0, 4));
    String mistyped = id.substring(0, 5) + (id.charAt(5) == '0' ? '1' : '0');
    failed("There is no snapshot " + mistyped + "; nearest are " + id + " (files:", "ls", mistyped);
  }

  private void failed(String message, String... arguments) {
    Said said = shell.run(arguments);
    assertEquals(ExitCode.FAILED, said.exitCode(), said::toString);
    assertTrue(said.err().startsWith("varve: "), said::err);
    assertTrue(said.err().contains(message), said::err);
  }
}
