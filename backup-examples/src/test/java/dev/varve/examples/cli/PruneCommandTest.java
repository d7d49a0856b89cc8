package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Space comes back by typed commands, and what is kept restores. */
class PruneCommandTest {

  @TempDir Path directory;

  private void write(Path file, long seed) throws IOException {
    byte[] bytes = new byte[500_000];
    new Random(seed).nextBytes(bytes);
    Files.write(file, bytes);
  }

  @Test
  void prune_afterForget_saysWhatIsDueAndWithNowFreesIt() throws IOException {
    Shell shell = Shell.in(directory);
    Path files = Files.createDirectory(directory.resolve("files"));
    write(files.resolve("old"), 1);
    shell.done("backup", "--init", files.toString());
    Files.delete(files.resolve("old"));
    write(files.resolve("new"), 2);
    shell.done("backup", files.toString());
    shell.done("forget", "--keep-last", "1");

    String plan = shell.done("prune", "--dry-run");
    assertTrue(plan.contains("would retire 2 items"), plan);
    Shell.Said first = shell.run("prune");
    assertEquals(ExitCode.DONE, first.exitCode(), first::toString);
    assertTrue(first.out().contains("retired 2 items"), first::toString);
    assertTrue(first.out().contains("can be condemned from"), first::toString);
    String second = shell.done("prune", "--now", "--json");
    assertTrue(second.contains("\"deleted\":{\"items\":2"), second);

    shell.done("check", "--level", "data");
    Path restored = directory.resolve("restored");
    shell.done("restore", "latest", "--target", restored.toString());
  }

  @Test
  void prune_wrongSize_isWrongUsage() {
    Shell shell = Shell.in(directory);
    Shell.Said said = shell.run("prune", "--max-repack-size", "much");
    assertEquals(ExitCode.WRONG_USAGE, said.exitCode(), said::toString);
    assertTrue(said.err().contains("20GiB"), said::toString);
  }
}
