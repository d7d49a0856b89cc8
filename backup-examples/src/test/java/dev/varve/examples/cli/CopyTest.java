package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.examples.cli.Shell.Said;
import dev.varve.key.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void copy_toARepositoryWithAnotherKey_onceOnly() throws IOException {
    Path file = Files.writeString(directory.resolve("note.txt"), "noted");
    Shell first = Shell.in(directory);
    first.done("backup", "--init", "--name", "notes", file.toString());
    Path otherKey = directory.resolve("other.key");
    KeyFile.generate().save(otherKey);
    Shell second =
        Shell.in(directory)
            .with("VARVE_REPO", directory.resolve("second").toString())
            .with("VARVE_KEY_FILE", otherKey.toString());
    String[] copy = {
      "copy",
      "--init",
      "--from",
      directory.resolve("repository").toString(),
      "--from-key-file",
      directory.resolve("key").toString()
    };

    assertTrue(second.done(copy).contains("1 snapshot copied, 0 there already"));
    assertTrue(second.done(copy).contains("0 snapshots copied, 1 there already"));
    assertEquals("noted", second.done("dump", "latest", file.toString()));
    String listed = second.done("snapshots");
    assertTrue(listed.matches("(?s).*  copy of [0-9a-f]{8} of \\d{4}-\\d\\d-\\d\\d .*"), listed);
    assertFalse(listed.contains("varve.original"), listed);
    assertTrue(second.done("snapshots", "--json").contains("varve.original-time"));
  }

  @Test
  void copy_fromNowhere_isWrongUsage() {
    Said said = Shell.in(directory).run("copy");

    assertEquals(ExitCode.WRONG_USAGE, said.exitCode(), said::toString);
    assertTrue(said.err().contains("--from LOCATION"), said::toString);
  }
}
