package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.examples.cli.Shell.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How fast and how patiently a store is used. */
class StoreOptionsTest {

  @TempDir private Path directory = Path.of("");

  private static long millis(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
  }

  @Test
  void limits_slowDownBackupAndRestore() throws IOException {
    byte[] bytes = new byte[1 << 20];
    new Random(1).nextBytes(bytes);
    Path file = Files.write(directory.resolve("random"), bytes);
    Path restored = directory.resolve("restored");
    Shell shell = Shell.in(directory);
    shell.done("init");

    long up = millis(() -> shell.done("backup", "--limit-upload", "512K", file.toString()));
    long down =
        millis(
            () ->
                shell.done(
                    "--limit-download", "256K", "restore", "latest", "--target", "" + restored));

    assertTrue(up > 1500, up + " ms for 1 MiB at 512 KiB a second");
    assertTrue(down > 2000, down + " ms for 1 MiB at 256 KiB a second");
    assertArrayEquals(bytes, Files.readAllBytes(restored.resolve(file.toString().substring(1))));
  }

  @Test
  void nonsense_isRefused() {
    Shell shell = Shell.in(directory);
    shell.done("init");

    Said slow = shell.run("snapshots", "--limit-upload", "1K");
    assertEquals(ExitCode.WRONG_USAGE, slow.exitCode());
    assertTrue(slow.err().contains("at least 64 KiB a second"), slow::err);
    Said fast = shell.run("snapshots", "--limit-download", "fast");
    assertEquals(ExitCode.WRONG_USAGE, fast.exitCode());
    Said forever = shell.run("snapshots", "--retry-for", "ever");
    assertEquals(ExitCode.WRONG_USAGE, forever.exitCode());
    assertTrue(forever.err().contains("--retry-for: 'ever' is no time"), forever::err);
    shell.done("snapshots", "--retry-for", "20s");
    shell.done("snapshots", "--retry-for", "2h");
  }

  @Test
  void locationOrSettingThatMakesNoSense_isWrongUsage() {
    Shell shell = Shell.in(directory);
    shell.done("init");

    for (List<String> wrong :
        List.of(
            List.of("--repo", "tape:7", "snapshots"),
            List.of("--repo", "file://machine/backups", "init"),
            List.of("--repo-option", "speed=9", "snapshots"),
            List.of("--repo-option", "speed=9", "backup", "--init", directory.toString()),
            List.of("copy", "--from", "tape:7"),
            List.of("repair", "--repo", "tape:7"),
            List.of("store", "check", "tape:7"))) {
      Said said = shell.run(wrong.toArray(String[]::new));
      assertEquals(ExitCode.WRONG_USAGE, said.exitCode(), wrong + ": " + said);
    }
  }
}
