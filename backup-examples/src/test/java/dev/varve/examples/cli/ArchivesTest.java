package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.examples.cli.Shell.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivesTest {

  @TempDir private Path directory = Path.of("");

  private Path uploads = Path.of("");
  private Shell shell = Shell.bare();
  private Shell other = Shell.bare();

  @BeforeEach
  void backUp() throws IOException {
    shell = Shell.in(directory);
    other = Shell.in(directory).with("VARVE_REPO", directory.resolve("other").toString());
    uploads = Files.createDirectory(directory.resolve("uploads"));
    Files.writeString(uploads.resolve("invoice-17.pdf"), "seventeen");
    Files.writeString(uploads.resolve("notes.txt"), "notes");
    shell.done("backup", "--init", "--name", "uploads", "--tag", "release=4", uploads.toString());
  }

  @Test
  void exportAndImport_intoAnotherRepository_isTheSameSnapshot() throws IOException {
    for (String ending : new String[] {".tar", ".tar.gz", ".tar.zst", ".zip"}) {
      String archive = directory.resolve("archive" + ending).toString();

      assertTrue(shell.done("export", "latest", "--output", archive).contains("exported 3"));
      String said = other.done("import", "--init", archive);

      assertTrue(said.contains("of files:uploads@web-1"), said);
      assertTrue(other.done("snapshots", "--tag", "release=4").contains("release=4"));
      String path = uploads.resolve("invoice-17.pdf").toString();
      assertEquals("seventeen", other.done("dump", "latest", path));
    }
  }

  @Test
  void export_ofAPath_holdsThatOnly() throws IOException {
    String archive = directory.resolve("part.tar").toString();

    shell.done("export", "latest", uploads.resolve("notes.txt").toString(), "-o", archive);
    String said = other.done("import", "--init", "--source", "files:part@here", archive);

    assertTrue(said.contains("of files:part@here"), said);
    String listed = other.done("ls", "latest");
    assertTrue(listed.contains("notes.txt"), listed);
    assertFalse(listed.contains("invoice"), listed);
  }

  @Test
  void export_toStandardOutput_writesTheArchiveAlone() {
    Said said = shell.run("export", "latest", "--output", "-", "--format", "tar");

    assertEquals(ExitCode.DONE, said.exitCode(), said::toString);
    assertEquals(0, said.out().length() % 10_240, "A tar has whole records");
    assertTrue(said.err().contains("exported 3 entries"), said::toString);
  }

  @Test
  void export_overAFile_isRefusedUnlessAskedFor() throws IOException {
    Path archive = Files.writeString(directory.resolve("there.tar"), "precious");

    Said said = shell.run("export", "latest", "--output", archive.toString());

    assertEquals(ExitCode.FAILED, said.exitCode(), said::toString);
    assertTrue(said.err().contains("is there already"), said::toString);
    assertEquals("precious", Files.readString(archive));
    shell.done("export", "latest", "--output", archive.toString(), "--overwrite");
    assertTrue(Files.size(archive) > 1000);
  }

  @Test
  void export_withoutAFormat_isWrongUsage() {
    Said said = shell.run("export", "latest", "--output", "x.rar");

    assertEquals(ExitCode.WRONG_USAGE, said.exitCode(), said::toString);
    assertTrue(said.err().contains("does not end in"), said::toString);
  }

  @Test
  void import_ofNoArchive_failsAndCommitsNothing() throws IOException {
    Path file = Files.writeString(directory.resolve("x.tar"), "no archive, whatever its name");

    Said said = other.run("import", "--init", file.toString());

    assertEquals(ExitCode.FAILED, said.exitCode(), said::toString);
    assertTrue(said.err().contains("nothing was committed"), said::toString);
    assertFalse(other.done("snapshots").contains("x.tar"));
  }
}
