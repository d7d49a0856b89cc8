package dev.varve.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupAndRestoreTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void main_asAProgram_savesAndRestores() throws Exception {
    Path files = Files.createDirectory(directory.resolve("files"));
    Files.writeString(files.resolve("a.txt"), "something real");
    Path restored = directory.resolve("restored");
    ProcessBuilder program =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            BackupAndRestore.class.getName(),
            directory.resolve("repository").toString(),
            files.toString(),
            restored.toString());
    program.environment().put("BACKUP_PASSPHRASE", "correct horse battery staple");

    assertTrue(run(program).contains("saved and restored "));
    Path file = restored.resolve(files.toString().substring(1)).resolve("a.txt");
    assertEquals("something real", Files.readString(file));
  }

  private static String run(ProcessBuilder program) throws IOException, InterruptedException {
    Process process = program.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
