package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neither very many files nor very large ones take memory: all fits into 256 MiB of heap. */
class CapacityTest {

  private static final List<String> LITTLE = List.of("-Xmx256m", "-XX:+UseSerialGC");

  @TempDir Path directory;

  @Test
  void someThousandFiles_backUpAndRestore() throws Exception {
    run("many", 5_000);
  }

  @Test
  void pathAThousandDirectoriesDeep_backsUpAndRestores() throws Exception {
    run("deep", 1_000);
  }

  @Test
  @Tag("deep")
  void twoHundredThousandSmallFiles_backUpAndRestore() throws Exception {
    run("many", 200_000);
  }

  @Test
  @Tag("deep")
  void aHundredThousandEntriesInOneDirectory_backUpAndRestore() throws Exception {
    run("flat", 100_000);
  }

  /** And one byte more a quarter into it is a few chunks more. */
  @Test
  @Tag("deep")
  void fileOfFourGigabytes_backsUpAndRestores() throws Exception {
    run("large", 4L << 30);
  }

  private void run(String what, long size) throws Exception {
    Process process =
        Child.start(
            CapacityMain.class, LITTLE, List.of(directory.toString(), what, Long.toString(size)));
    try (BufferedReader said = process.inputReader()) {
      said.lines().forEach(System.out::println);
      assertEquals(0, process.waitFor());
    } finally {
      process.destroyForcibly();
    }
  }
}
