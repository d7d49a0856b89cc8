package dev.varve.examples.cli;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.examples.cli.Shell.Said;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real script in a process of its own, after its jars were laid out. */
class VarveScriptIT {

  @TempDir private Path directory = Path.of("");

  private Path uploads = Path.of("");

  @BeforeEach
  void makeUploads() throws IOException {
    uploads = Files.createDirectory(directory.resolve("uploads"));
    Files.writeString(uploads.resolve("a.txt"), "one");
  }

  @Test
  void script_throughALinkFromElsewhere_works() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("v"), script());

    Said said = run(new ProcessBuilder(link.toString(), "version"));

    assertEquals(ExitCode.DONE, said.exitCode(), said::toString);
    assertTrue(said.out().startsWith("varve "), said::toString);
    assertFalse(said.out().contains("unpackaged"), said::toString);
  }

  @Test
  void script_roundTrip_inTheCLocale_keepsEveryName() throws Exception {
    String restored = directory.resolve("restored").toString();
    bash("touch \"$1\"/$'\\xc3\\xbcber' \"$1\"/$'not-utf8-\\xff'", uploads.toString());

    done(varve("backup", "--init", uploads.toString()));
    done(varve("restore", "latest", "--target", restored));

    String copy = restored + uploads;
    Said difference =
        run(new ProcessBuilder("diff", "-r", "--no-dereference", uploads.toString(), copy));
    assertEquals(0, difference.exitCode(), difference::toString);
    String listed = done(varve("ls", "latest"));
    assertTrue(listed.contains("/über\n"), listed);
    assertTrue(listed.contains("/not-utf8-\\xff\n"), listed);
    assertEquals("", done(varve("dump", "latest", uploads + "/not-utf8-\\xff")));
  }

  @Test
  void script_failures_haveTheirExitCodes() throws Exception {
    assertEquals(ExitCode.FAILED, run(varve("snapshots")).exitCode());
    assertEquals(ExitCode.WRONG_USAGE, run(varve("snapshots", "--no-such")).exitCode());
    done(varve("init"));
    ProcessBuilder wrong = varve("snapshots");
    wrong.environment().put("VARVE_PASSPHRASE", "wrong");
    Said said = run(wrong);
    assertEquals(ExitCode.FAILED, said.exitCode(), said::toString);
    assertTrue(said.err().startsWith("varve: "), said::toString);
    assertEquals("", said.out());
  }

  /** What reaches other machines is on the class path only where something may mean it. */
  @Test
  void script_bucketNamedByAVariableAlone_isReachable() throws Exception {
    done(varve("init"));
    ProcessBuilder copy = varve("copy", "--from-repo-option", "storage-class=COLD");
    copy.environment().put("VARVE_FROM_REPO", "s3://acme");

    Said said = run(copy);

    assertTrue(said.err().contains("GLACIER_IR"), said::toString);
  }

  @Test
  void script_readerThatStopsReading_isNoError() throws Exception {
    done(varve("backup", "--init", uploads.toString()));
    ProcessBuilder pipe =
        new ProcessBuilder("bash", "-c", "\"$0\" ls latest | true; exit 0", script().toString());
    pipe.environment().putAll(varve().environment());

    assertEquals("", run(pipe).err());
  }

  @Test
  void script_interrupted_leavesARepositoryThatIsWell() throws Exception {
    done(varve("backup", "--init", uploads.toString()));
    try (RandomAccessFile large = new RandomAccessFile(uploads.resolve("large").toFile(), "rw")) {
      large.setLength(16L << 30);
    }
    Process process = varve("backup", "--json", uploads.toString()).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String event = out.readLine();
      assertTrue(event.startsWith("{\"event\":\"progress\""), event);

      // A build in the background starts everything with SIGINT ignored, and a JVM respects that.
      bash("kill -TERM \"$1\"", String.valueOf(process.pid()));

      String rest = String.join("\n", out.lines().toList());
      assertFalse(rest.contains("\"event\":\"done\""), rest);
    }
    assertEquals(ExitCode.FAILED, process.waitFor());
    assertTrue(done(varve("snapshots")).contains("1 snapshot, "));
    done(varve("check", "--level", "data"));
  }

  private static Path script() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(at.resolve("varve")) || !Files.exists(at.resolve("backup-core"))) {
      at = requireNonNull(at.getParent(), "not below a checkout");
    }
    return at.resolve("varve");
  }

  private ProcessBuilder varve(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = script().toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    ProcessBuilder varve = new ProcessBuilder(command).directory(directory.toFile());
    varve.environment().put("LC_ALL", "C");
    varve.environment().put("VARVE_REPO", directory.resolve("repository").toString());
    varve.environment().put("VARVE_PASSPHRASE", "right");
    varve.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
    return varve;
  }

  private static String done(ProcessBuilder builder) throws IOException, InterruptedException {
    Said said = run(builder);
    assertEquals(ExitCode.DONE, said.exitCode(), said::toString);
    return said.out();
  }

  private static void bash(String script, String argument)
      throws IOException, InterruptedException {
    done(new ProcessBuilder("bash", "-c", script, "bash", argument));
  }

  /** Standard error goes through a file: nobody reads two streams at once here. */
  private static Said run(ProcessBuilder builder) throws IOException, InterruptedException {
    Path err = Files.createTempFile("varve-stderr", "");
    try {
      Process process = builder.redirectError(err.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Said(process.waitFor(), out, Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }
}
