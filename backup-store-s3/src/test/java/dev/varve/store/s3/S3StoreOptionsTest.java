package dev.varve.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.RefusedException;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.s3.ScriptedServer.Answer;
import dev.varve.store.s3.ScriptedServer.Asked;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What options, as they are typed, make of the requests that are sent. */
class S3StoreOptionsTest {

  private static final Body BODY = Body.of("item".getBytes(StandardCharsets.US_ASCII));

  @TempDir Path directory;

  private final ScriptedServer server;

  S3StoreOptionsTest() throws IOException {
    server = new ScriptedServer();
    server.script(S3StoreOptionsTest::answer);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Answer answer(Asked asked) {
    return asked.path().endsWith(".varve-probe")
        ? Answer.error(412, "PreconditionFailed")
        : Answer.ok();
  }

  private Store open(Map<String, String> options) throws IOException {
    Map<String, String> all = new HashMap<>(options);
    all.putIfAbsent("endpoint", server.endpoint());
    Map<String, List<String>> lists =
        all.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue())));
    return new S3StoreProvider()
        .open(Location.parse("s3://bucket/pre/fix"), Options.of("s3", lists));
  }

  private Path credentials() throws IOException {
    String keys =
        """
        [default]
        aws_access_key_id=FIRST
        aws_secret_access_key=S
        [backup]
        aws_access_key_id=SECOND
        aws_secret_access_key=S
        """;
    return Files.writeString(directory.resolve("keys"), keys);
  }

  private static void awaitAnother(CyclicBarrier pairs) {
    try {
      pairs.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException("The other request of a pair was given up", e);
    }
  }

  /** Whom the last request says it is from, and for which region it is signed. */
  private String signature(Map<String, String> options) throws IOException {
    try (Store store = open(options)) {
      store.create("config", BODY);
    }
    String header = server.asked().get(server.asked().size() - 1).header("Authorization");
    return header.replaceAll(".*Credential=([^/]*)/[0-9]*/([^/]*)/.*", "$1 $2");
  }

  @Test
  void credentialsFileProfileAndRegion_signTheRequest() throws IOException {
    String keys = credentials().toString();

    assertEquals("FIRST us-east-1", signature(Map.of("credentials-file", keys)));
    assertEquals(
        "SECOND eu-south-2",
        signature(Map.of("credentials-file", keys, "profile", "backup", "region", "eu-south-2")));
  }

  @Test
  void roleArn_isTakenOnAndSigns() throws IOException {
    server.script(
        asked ->
            asked.body().contains("Action=AssumeRole")
                ? new Answer(200, Map.of("Content-Type", "text/xml"), assumed())
                : answer(asked));
    System.setProperty("aws.endpointUrlSts", server.endpoint());
    try {
      Map<String, String> options =
          Map.of("credentials-file", credentials().toString(), "role-arn", "arn:aws:iam::1:role/b");
      assertEquals("ASSUMED us-east-1", signature(options));
    } finally {
      System.clearProperty("aws.endpointUrlSts");
    }
    Asked first = server.asked().get(0);
    assertTrue(first.body().contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fb"), first.body());
    assertTrue(first.header("Authorization").contains("Credential=FIRST/"));
    Asked put = server.asked().get(server.asked().size() - 1);
    assertEquals("TOKEN", put.header("X-amz-security-token"));
  }

  private static String assumed() {
    return "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASSUMED</AccessKeyId>"
        + "<SecretAccessKey>S</SecretAccessKey><SessionToken>TOKEN</SessionToken>"
        + "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>"
        + "</AssumeRoleResponse>";
  }

  @Test
  void pathStyleAccess_decidesWhereTheBucketStands() throws IOException {
    String keys = credentials().toString();
    for (boolean inPath : List.of(true, false)) {
      Map<String, String> options =
          Map.of(
              "credentials-file",
              keys,
              "endpoint",
              "http://s3.invalid",
              "path-style-access",
              "" + inPath);
      try (Store store = open(options)) {
        IOException unknown = assertThrows(IOException.class, () -> store.list("", ""));
        assertEquals(
            !inPath,
            String.valueOf(unknown.getMessage()).contains("bucket.s3.invalid"),
            "" + unknown);
      }
    }
  }

  @Test
  void maxConnections_boundsWhatRunsAtOnce() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier pairs = new CyclicBarrier(2);
    server.script(
        asked -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          awaitAnother(pairs);
          running.decrementAndGet();
          return answer(asked);
        });
    ExecutorService threads = Executors.newFixedThreadPool(8);
    Map<String, String> options =
        Map.of("credentials-file", credentials().toString(), "max-connections", "2");
    try (Store store = open(options)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String key = "locks/" + i;
        all.add(
            threads.submit(
                () -> {
                  store.delete(key);
                  return key;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(2, most.get());
    assertEquals(40, server.asked().size());
  }

  @Test
  void tlsCaFile_ofAServersOwnAuthority_isTrustedAndNamedIfItIsMissing() throws Exception {
    Path keys = directory.resolve("server.p12");
    Path pem = directory.resolve("ca.pem");
    keytool(
        "-genkeypair -alias s -keyalg EC -dname CN=127.0.0.1 -ext san=ip:127.0.0.1 -validity 2"
            + " -storetype PKCS12 -storepass changeit -keystore "
            + keys);
    keytool("-exportcert -rfc -alias s -storepass changeit -keystore " + keys + " -file " + pem);
    HttpsServer https = https(keys);
    String endpoint = "https://127.0.0.1:" + https.getAddress().getPort();
    String credentials = credentials().toString();
    try {
      try (Store store = open(Map.of("credentials-file", credentials, "endpoint", endpoint))) {
        RefusedException refused =
            assertThrows(RefusedException.class, () -> store.list("config", ""));
        assertTrue(String.valueOf(refused.getMessage()).contains("'tls-ca-file'"), "" + refused);
      }
      Map<String, String> trusting =
          Map.of(
              "credentials-file", credentials, "endpoint", endpoint, "tls-ca-file", pem.toString());
      try (Store store = open(trusting)) {
        ByteBuffer into = ByteBuffer.allocate(4);
        store.read("config", 0, into);
        assertEquals("item", new String(into.array(), StandardCharsets.US_ASCII));
      }
    } finally {
      https.stop(0);
    }
  }

  private static HttpsServer https(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer https =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(context));
    https.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-3/4");
            exchange.getResponseHeaders().set("Last-Modified", "Fri, 20 Nov 2026 10:00:00 GMT");
            exchange.sendResponseHeaders(206, 4);
            exchange.getResponseBody().write("item".getBytes(StandardCharsets.US_ASCII));
          }
        });
    https.start();
    return https;
  }

  private static void keytool(String arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ", -1)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }
}
