package dev.varve.servertests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.key.KeyFile;
import dev.varve.store.gcs.Fault;
import dev.varve.store.gcs.GcsServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line in processes of its own, as a service account, with its repository in Google's
 * storage.
 */
class GcsCommandLineTest {

  private static final String TOKEN = "the-secret-token";
  private static final String LOCATION = "gs://bucket/orders";

  /** What a process said. */
  private record Said(int exitCode, String text) {}

  @TempDir private Path directory;
  private Path tree = Path.of("");
  private String privateKey = "";
  private final GcsServer server;

  GcsCommandLineTest() throws IOException {
    server = new GcsServer();
    server.api().requireToken(TOKEN);
  }

  @BeforeEach
  void prepare() throws IOException, GeneralSecurityException {
    KeyFile.generate().save(directory.resolve("key"));
    tree = Files.createDirectories(directory.resolve("tree"));
    byte[] bytes = new byte[3_000_000];
    new Random(3).nextBytes(bytes);
    Files.write(tree.resolve("large"), bytes);
    Files.writeString(tree.resolve("small"), "text");
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(2048);
    byte[] key = keys.generateKeyPair().getPrivate().getEncoded();
    privateKey = Base64.getEncoder().encodeToString(key);
    Files.writeString(directory.resolve("account.json"), account());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private String account() {
    return "{\"type\":\"service_account\",\"project_id\":\"acme\",\"private_key_id\":\"1\","
        + "\"private_key\":\"-----BEGIN PRIVATE KEY-----\\n"
        + privateKey
        + "\\n-----END PRIVATE KEY-----\\n\",\"client_email\":\"varve@acme\","
        + "\"client_id\":\"2\",\"token_uri\":\""
        + server.endpoint()
        + "/token\"}";
  }

  private Said varve(String location, String... arguments) throws Exception {
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
                "GOOGLE_APPLICATION_CREDENTIALS",
                directory.resolve("account.json").toString(),
                "XDG_CACHE_HOME",
                directory.resolve("cache").toString(),
                "XDG_STATE_HOME",
                directory.resolve("state").toString()));
    Process running = process.start();
    String text = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Said said = new Said(running.waitFor(), text);
    assertFalse(text.contains(TOKEN), text);
    assertFalse(text.contains(privateKey.substring(0, 40)), text);
    return said;
  }

  private static void assertDone(Said said) {
    assertEquals(0, said.exitCode(), said.text());
  }

  @Test
  void backupAndRestore_throughVarve_giveTheSameFiles() throws Exception {
    Path restored = directory.resolve("restored");

    assertDone(varve(LOCATION, "backup", "--init", tree.toString()));
    assertDone(varve(LOCATION, "restore", "latest", "--target", restored.toString()));
    assertDone(varve(LOCATION, "check", "--level", "data"));

    Path there = restored.resolve(Path.of("/").relativize(tree.toAbsolutePath()));
    assertArrayEquals(
        Files.readAllBytes(tree.resolve("large")), Files.readAllBytes(there.resolve("large")));
    assertEquals("text", Files.readString(there.resolve("small")));
  }

  @Test
  void storeCheck_goodServer_saysThatAllHolds() throws Exception {
    Said said = varve(LOCATION, "store", "check");

    assertDone(said);
    assertTrue(said.text().contains("yes  one of 16 racing creators wins"), said.text());
  }

  @Test
  void storeCheck_optionTypedWrong_namesTheRightOne() throws Exception {
    Said said = varve(LOCATION, "store", "check", "--repo-option", "projekt=x");

    assertEquals(2, said.exitCode(), said.text());
    assertTrue(said.text().contains("did you mean 'project'"), said.text());
  }

  @Test
  void open_wrongBucket_saysSo() throws Exception {
    Said said = varve("gs://no-such-bucket", "snapshots");

    assertEquals(1, said.exitCode(), said.text());
    assertTrue(said.text().contains("make the bucket"), said.text());
  }

  @Test
  void open_accountIsUnknown_saysSoAtOnce() throws Exception {
    server.spoil(request -> request.path().equals("/token") ? Fault.ANSWER_401 : Fault.NONE);

    Said said = varve(LOCATION, "snapshots");

    assertEquals(1, said.exitCode(), said.text());
    assertTrue(said.text().contains("credentials"), said.text());
  }
}
