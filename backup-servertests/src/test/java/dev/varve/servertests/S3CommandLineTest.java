package dev.varve.servertests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.key.KeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line in processes of its own, with its repository on a server. */
class S3CommandLineTest {

  /** What a process said. */
  private record Said(int exitCode, String text) {}

  @TempDir private Path directory;
  private Path tree = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    KeyFile.generate().save(directory.resolve("key"));
    tree = Files.createDirectories(directory.resolve("tree"));
    byte[] bytes = new byte[3_000_000];
    new Random(3).nextBytes(bytes);
    Files.write(tree.resolve("large"), bytes);
    Files.writeString(tree.resolve("small"), "text");
  }

  private Said varve(TestServer server, String location, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("dev.varve.examples.cli.Main");
    command.addAll(List.of("--repo-option", "endpoint=" + server.endpoint()));
    command.addAll(List.of(arguments));
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    process
        .environment()
        .putAll(
            Map.of(
                "VARVE_REPO",
                location,
                "VARVE_KEY_FILE",
                directory.resolve("key").toString(),
                "AWS_ACCESS_KEY_ID",
                TestServer.ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY",
                TestServer.SECRET_KEY,
                "XDG_CACHE_HOME",
                directory.resolve("cache").toString(),
                "XDG_STATE_HOME",
                directory.resolve("state").toString()));
    Process running = process.start();
    String text = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Said said = new Said(running.waitFor(), text);
    assertFalse(text.contains(TestServer.SECRET_KEY), text);
    return said;
  }

  private static void assertDone(Said said) {
    assertEquals(0, said.exitCode(), said.text());
  }

  @Test
  void backupAndRestore_throughVarve_giveTheSameFiles() throws Exception {
    TestServer server = TestServer.s3Proxy();
    String location = "s3://" + server.newBucket() + "/orders";
    Path restored = directory.resolve("restored");

    assertDone(varve(server, location, "backup", "--init", tree.toString()));
    assertDone(varve(server, location, "restore", "latest", "--target", restored.toString()));
    assertDone(varve(server, location, "check", "--level", "data"));

    Path there = restored.resolve(Path.of("/").relativize(tree.toAbsolutePath()));
    assertArrayEquals(
        Files.readAllBytes(tree.resolve("large")), Files.readAllBytes(there.resolve("large")));
    assertEquals("text", Files.readString(there.resolve("small")));
  }

  @Test
  void storeCheck_goodServer_saysThatAllHolds() throws Exception {
    TestServer server = TestServer.s3Proxy();
    Said said = varve(server, "s3://" + server.newBucket(), "store", "check");

    assertDone(said);
    assertTrue(said.text().contains("yes  one of 16 racing creators wins"), said.text());
  }

  @Test
  void storeCheck_optionTypedWrong_namesTheRightOne() throws Exception {
    TestServer server = TestServer.s3Proxy();
    Said said =
        varve(server, "s3://" + server.newBucket(), "store", "check", "--repo-option", "regoin=x");

    assertEquals(2, said.exitCode(), said.text());
    assertTrue(said.text().contains("did you mean 'region'"), said.text());
  }

  @Test
  void open_wrongBucket_saysSo() throws Exception {
    Said said = varve(TestServer.s3Proxy(), "s3://no-such-bucket", "snapshots");

    assertEquals(1, said.exitCode(), said.text());
    assertTrue(said.text().contains("NoSuchBucket"), said.text());
  }
}
