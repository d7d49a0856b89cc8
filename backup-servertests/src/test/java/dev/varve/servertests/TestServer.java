package dev.varve.servertests;

import dev.varve.store.s3.S3Store;
import dev.varve.store.s3.S3StoreBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A server in a JVM of its own, which ends with this one. Started when first used, once for all
 * tests. Safe for use by many threads.
 */
final class TestServer {

  static final String ACCESS_KEY = "test-access-key";
  static final String SECRET_KEY = "test-secret-key";

  private static final long STARTS_WITHIN_SECONDS = 120;
  private static final Path SERVERS = Path.of(System.getProperty("varve.testservers"));
  private static final AtomicInteger BUCKETS = new AtomicInteger();

  private final URI endpoint;
  private final Process process;

  private TestServer(URI endpoint, Process process) {
    this.endpoint = endpoint;
    this.process = process;
  }

  /** A server of its own, which keeps what it has in a directory when it is stopped. */
  static TestServer s3Proxy(Path directory) throws IOException {
    return startS3Proxy(
        freePort(),
        List.of("jclouds.provider=filesystem-nio2", "jclouds.filesystem.basedir=" + directory));
  }

  /** The same server again, after it was stopped. */
  TestServer startAgain(Path directory) throws IOException {
    return startS3Proxy(
        endpoint.getPort(),
        List.of("jclouds.provider=filesystem-nio2", "jclouds.filesystem.basedir=" + directory));
  }

  /** How much time processors have spent in it. */
  Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Ends it at once, in the middle of whatever it does. */
  void stop() {
    process.toHandle().destroyForcibly();
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class S3Proxy {
    private static final TestServer SERVER = startS3Proxy();
  }

  private static final class S3Mock {
    private static final TestServer SERVER = startS3Mock();
  }

  /** Checks signatures; knows no tags, locks, or lifecycles. */
  static TestServer s3Proxy() {
    return S3Proxy.SERVER;
  }

  /** Checks no signatures, but knows more requests. */
  static TestServer s3Mock() {
    return S3Mock.SERVER;
  }

  URI endpoint() {
    return endpoint;
  }

  /** Makes a bucket that nobody has used. */
  String newBucket() {
    String bucket = "bucket-" + BUCKETS.incrementAndGet();
    try (S3Client client = client()) {
      client.createBucket(b -> b.bucket(bucket));
    }
    return bucket;
  }

  /** Makes a bucket with object lock that nobody has used. */
  String newLockedBucket() {
    String bucket = "bucket-" + BUCKETS.incrementAndGet();
    try (S3Client client = client()) {
      client.createBucket(b -> b.bucket(bucket).objectLockEnabledForBucket(true));
    }
    return bucket;
  }

  /** The plain client of the vendor. */
  S3Client client() {
    return client(endpoint);
  }

  /** The plain client of the vendor, for a wire to a server. */
  static S3Client client(URI endpoint) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
        .build();
  }

  /** A store in a bucket, to be described further. */
  S3StoreBuilder store(String bucket, String prefix) {
    return S3Store.builder()
        .bucket(bucket, prefix)
        .endpoint(endpoint.toString())
        .pathStyleAccess(true)
        .credentials(ACCESS_KEY, SECRET_KEY);
  }

  private static TestServer startS3Proxy() {
    try {
      return startS3Proxy(freePort(), List.of("jclouds.provider=transient"));
    } catch (IOException e) {
      throw new IllegalStateException("S3Proxy cannot be started", e);
    }
  }

  private static TestServer startS3Proxy(int port, List<String> provider) throws IOException {
    Path settings = Files.createTempFile("s3proxy", ".properties");
    List<String> lines = new ArrayList<>(provider);
    lines.addAll(
        List.of(
            "s3proxy.endpoint=http://127.0.0.1:" + port,
            "s3proxy.authorization=aws-v2-or-v4",
            "s3proxy.identity=" + ACCESS_KEY,
            "s3proxy.credential=" + SECRET_KEY,
            "jclouds.identity=any",
            "jclouds.credential=any"));
    Files.write(settings, lines);
    Path quiet = Files.createTempFile("logback", ".xml");
    Files.writeString(quiet, "<configuration><root level=\"WARN\"/></configuration>");
    return start(
        "s3proxy",
        port,
        Map.of("logback.configurationFile", quiet.toString()),
        "org.gaul.s3proxy.Main",
        "--properties",
        settings.toString());
  }

  private static TestServer startS3Mock() {
    try {
      int port = freePort();
      return start(
          "s3mock",
          port,
          Map.of(
              "server.port",
              "0",
              "http.port",
              "" + port,
              "spring.main.banner-mode",
              "off",
              "com.adobe.testing.s3mock.store.root",
              Files.createTempDirectory(SERVERS.resolve("s3mock/target"), "files").toString()),
          "com.adobe.testing.s3mock.S3MockApplication");
    } catch (IOException e) {
      throw new IllegalStateException("S3Mock cannot be started", e);
    }
  }

  private static TestServer start(
      String name, int port, Map<String, String> properties, String... program) throws IOException {
    Path directory = SERVERS.resolve(name).resolve("target");
    Path log = directory.resolve("log-" + port + ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add("-cp");
    command.add(
        Files.readString(directory.resolve("classpath"))
            + System.getProperty("path.separator")
            + Path.of("target", "test-classes").toAbsolutePath());
    command.add(Leashed.class.getName());
    command.addAll(List.of(program));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    awaitAnswer(process, endpoint, log);
    return new TestServer(endpoint, process);
  }

  /**
   * One that is free, and below those that systems give to connections before the server has it.
   */
  private static int freePort() throws IOException {
    Random random = new Random();
    while (true) {
      try (ServerSocket socket = new ServerSocket(20_000 + random.nextInt(10_000))) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        // So another.
      }
    }
  }

  private static void awaitAnswer(Process process, URI endpoint, Path log) throws IOException {
    long begin = System.nanoTime();
    while (!answers(endpoint)) {
      try {
        boolean ended = process.waitFor(100, TimeUnit.MILLISECONDS);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        if (ended || seconds > STARTS_WITHIN_SECONDS) {
          process.destroyForcibly();
          throw new IllegalStateException(
              "No server at " + endpoint + " after " + seconds + " s:\n" + Files.readString(log));
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        throw new IllegalStateException("Interrupted while a server starts", e);
      }
    }
  }

  private static boolean answers(URI endpoint) {
    try {
      HttpURLConnection request = (HttpURLConnection) endpoint.toURL().openConnection();
      request.setConnectTimeout(1000);
      request.setReadTimeout(5000);
      return request.getResponseCode() > 0;
    } catch (IOException notYet) {
      return false;
    }
  }
}
