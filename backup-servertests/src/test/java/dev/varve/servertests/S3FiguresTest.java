package dev.varve.servertests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.PruneOptions;
import dev.varve.PruneReport;
import dev.varve.SnapshotId;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The figures of docs/stores.md: requests, counted on the wire, and throughput beside the plain
 * SDK. {@code bench/s3} runs all of it, with restic on the same server; the build what is quick.
 */
class S3FiguresTest {

  private static final boolean ALL = System.getProperty("varve.figures") != null;
  private static final int MEGABYTES =
      ALL ? Integer.getInteger("varve.figures.megabytes", 192) : 48;
  private static final int SNAPSHOTS = ALL ? 1000 : 100;
  private static final int RESTIC_SNAPSHOTS = Integer.getInteger("varve.figures.restic", 100);
  private static final int ITEM_BYTES = 16 << 20;
  private static final int UPLOADS = 4;

  /** A gigabit a second. */
  private static final long LINE_BYTES = 125_000_000;

  @TempDir Path directory;

  private final TestServer server = TestServer.s3Proxy();
  private final String bucket = server.newBucket();
  private final KeyFile key = KeyFile.generate();
  private final Wire wire;

  S3FiguresTest() throws IOException {
    wire = new Wire(server.endpoint());
  }

  @AfterEach
  void close() throws IOException {
    wire.close();
  }

  private Store onWire() {
    return server.store(bucket, "varve").endpoint(wire.endpoint()).build();
  }

  private static RepositoryOptions uncached() {
    return RepositoryOptions.builder().withoutCache().withoutState().build();
  }

  private RepositoryOptions cached() {
    return RepositoryOptions.builder()
        .cacheDirectory(directory.resolve("cache"))
        .withoutState()
        .build();
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private long counted(String what) {
    Map<String, Long> counts = wire.counts();
    wire.forgetCounts();
    long sum = counts.values().stream().mapToLong(count -> count).sum();
    System.out.printf("FIGURE %-62s %5d requests %s%n", what, sum, counts);
    return sum;
  }

  @Test
  void requests_ofANewAndAnUnchangedBackup_areFew() throws Exception {
    MemorySource source = new MemorySource();
    Path tree = Files.createDirectory(directory.resolve("tree"));
    for (int i = 0; i < MEGABYTES / 16; i++) {
      byte[] bytes = random(16_000_000, i);
      source.file(EntryPath.of("file-" + i), bytes);
      Files.write(tree.resolve("file-" + i), bytes);
    }
    try (Repository repository = Repository.create(onWire(), key, cached())) {
      wire.forgetCounts();
      repository.backup(source);
      long requests = counted("varve, backup of " + MEGABYTES + " MB");
      long perGigabyte = requests * 1000 / MEGABYTES;
      System.out.println("FIGURE varve, requests a GB: " + perGigabyte);
      assertTrue(requests <= MEGABYTES / 16 + 12, requests + " requests");
    }
    for (RepositoryOptions options : List.of(uncached(), cached(), cached())) {
      try (Repository repository = Repository.open(onWire(), key, options)) {
        repository.backup(source);
      }
      assertTrue(counted("varve, opening and a backup of the same files") <= 17);
    }
    if (ALL) {
      // The server keeps everything in memory.
      clear("varve");
      restic("restic", "init");
      wire.forgetCounts();
      restic("restic", "backup", tree.toString());
      long requests = counted("restic, backup of " + MEGABYTES + " MB");
      System.out.println("FIGURE restic, requests a GB: " + requests * 1000 / MEGABYTES);
      restic("restic", "backup", tree.toString());
      counted("restic, backup of the same files, with its cache");
      restic("restic", "backup", "--no-cache", tree.toString());
      counted("restic, backup of the same files, without its cache");
    }
  }

  @Test
  void requests_ofOpeningWithManySnapshots_areFew() throws Exception {
    MemoryStore made = new MemoryStore();
    try (Repository repository = Repository.create(made.handle(), key, uncached())) {
      for (int i = 0; i < SNAPSHOTS; i++) {
        repository.backup(new MemorySource().file("file", "text " + i));
      }
    }
    upload(made);
    try (Repository repository = Repository.open(onWire(), key, uncached())) {
      assertEquals(SNAPSHOTS, repository.snapshots().stream().count());
    }
    assertTrue(counted("varve, listing " + SNAPSHOTS + " snapshots, without cache") <= 90);
    for (int time = 1; time <= 2; time++) {
      try (Repository repository = Repository.open(onWire(), key, cached())) {
        assertEquals(SNAPSHOTS, repository.snapshots().stream().count());
      }
      long requests =
          counted("varve, listing " + SNAPSHOTS + " snapshots, with cache, time " + time);
      assertTrue(time == 1 || requests <= 10, requests + " requests");
    }
    if (ALL) {
      Path tree = Files.createDirectory(directory.resolve("tree"));
      restic("many", "init");
      for (int i = 0; i < RESTIC_SNAPSHOTS; i++) {
        Files.writeString(tree.resolve("file"), "text " + i);
        restic("many", "backup", tree.toString());
      }
      wire.forgetCounts();
      restic("many", "snapshots", "--no-cache");
      counted("restic, listing " + RESTIC_SNAPSHOTS + " snapshots, without cache");
      restic("many", "snapshots");
      counted("restic, listing " + RESTIC_SNAPSHOTS + " snapshots, with cache");
    }
  }

  @Test
  void requests_ofAPruneThatDeletesManyItems_areFew() throws Exception {
    MemoryStore made = new MemoryStore();
    try (Repository repository = Repository.create(made.handle(), key, uncached())) {
      List<SnapshotId> all = new ArrayList<>();
      MemorySource source = new MemorySource();
      for (int i = 0; i < SNAPSHOTS; i++) {
        all.add(repository.backup(source.file("file", "text " + i)).snapshot().id());
      }
      repository.forget(all.subList(0, SNAPSHOTS - 1));
    }
    upload(made);
    try (Repository repository = Repository.open(onWire(), key, uncached())) {
      counted("varve, opening without cache");
      PruneReport report = repository.prune(PruneOptions.builder().now().build());
      long items = report.deleted().items();
      Map<String, Long> counts = wire.counts();
      counted("varve, prune that deletes " + items + " items");
      assertTrue(items > SNAPSHOTS, report.toString());
      long many = counts.getOrDefault("DELETE-MANY", 0L);
      assertTrue(many > 0 && many <= 3 + items / 200, counts.toString());
      assertTrue(counts.getOrDefault("DELETE", 0L) <= 3, counts.toString());
    }
  }

  private void upload(MemoryStore made) throws IOException {
    try (Store store = server.store(bucket, "varve").build()) {
      String last = "";
      Page page;
      do {
        page = made.list("", last);
        for (Stored item : page.items()) {
          store.create(item.key(), Body.of(made.bytes(item.key())));
          last = item.key();
        }
      } while (!page.last());
    }
  }

  /** Rounds alternate, so that what else the machine does disturbs all. */
  @Test
  @EnabledIfSystemProperty(named = "varve.figures", matches = ".*")
  void throughput_besideThePlainSdk_isAlmostTheSame() throws Exception {
    compare("upload", server.endpoint().toString());
  }

  /** As if the server were elsewhere, with processors of its own: what it gets is not kept. */
  @Test
  @EnabledIfSystemProperty(named = "varve.figures", matches = ".*")
  void throughput_overALine_isAlmostTheSameForAWholeBackup() throws Exception {
    wire.spoil(
        request ->
            request.method().equals("PUT")
                    && (request.path().contains("/packs/") || request.path().contains("/item-"))
                ? Wire.Fault.SWALLOW
                : Wire.Fault.NONE);
    wire.pace(LINE_BYTES);
    double ofBackup = compare("line", wire.endpoint());
    assertTrue(ofBackup >= 0.75, "a backup / plain SDK is " + ofBackup);
  }

  private double compare(String what, String endpoint) throws Exception {
    List<byte[]> items = new ArrayList<>();
    for (int i = 0; i < MEGABYTES / 16; i++) {
      items.add(random(ITEM_BYTES, i));
    }
    List<Double> ofStore = new ArrayList<>();
    List<Double> ofBackup = new ArrayList<>();
    for (int round = 0; round < 6; round++) {
      String prefix = what + "-" + round;
      double plain = measured(what + ": plain SDK", items, () -> plain(items, prefix, endpoint));
      double store = measured(what + ": the store", items, () -> store(items, prefix, endpoint));
      Store there = server.store(bucket, prefix).endpoint(endpoint).build();
      double backup = backup(what + ": a backup", items, there);
      backup(what + ": a backup to nowhere", items, new Nowhere());
      if (round > 0) {
        ofStore.add(store / plain);
        ofBackup.add(backup / plain);
      }
    }
    System.out.printf("FIGURE %s: the store / plain SDK %.2f%n", what, median(ofStore));
    System.out.printf("FIGURE %s: a backup / plain SDK %.2f%n", what, median(ofBackup));
    assertTrue(median(ofStore) >= 0.8, "the store / plain SDK is " + ofStore);
    return median(ofBackup);
  }

  /** Keeps no packs: what a backup takes that no store can spare it. */
  private static final class Nowhere extends ForwardingStore {
    Nowhere() {
      super(new MemoryStore());
    }

    @Override
    public Stored create(String key, Body body) throws IOException {
      return key.startsWith("packs/")
          ? new Stored(key, body.length(), Instant.now())
          : super.create(key, body);
    }
  }

  private static double median(List<Double> ratios) {
    return ratios.stream().sorted().skip(ratios.size() / 2).findFirst().orElseThrow();
  }

  private interface Upload {
    void run() throws Exception;
  }

  /** Megabytes a second; what was uploaded is deleted again. */
  private double measured(String what, List<byte[]> items, Upload upload) throws Exception {
    Cpu before = Cpu.now(server);
    long begin = System.nanoTime();
    upload.run();
    double seconds = (System.nanoTime() - begin) / 1e9;
    double speed = (double) items.size() * ITEM_BYTES / 1e6 / seconds;
    Cpu cpu = Cpu.now(server).minus(before);
    System.out.printf("FIGURE %-30s %4.0f MB/s, CPU s: %s%n", what, speed, cpu);
    clear("");
    return speed;
  }

  /** What processors did here and in the server, in seconds. */
  private record Cpu(double client, double server) {

    static Cpu now(TestServer server) {
      Duration here = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
      return new Cpu(here.toMillis() / 1e3, server.cpu().toMillis() / 1e3);
    }

    Cpu minus(Cpu before) {
      return new Cpu(client - before.client, server - before.server);
    }

    @Override
    public String toString() {
      return String.format("client %.2f, server %.2f", client, server);
    }
  }

  private void plain(List<byte[]> items, String prefix, String endpoint) throws Exception {
    try (S3Client client = TestServer.client(URI.create(endpoint))) {
      uploadAll(
          items,
          (name, bytes) ->
              client.putObject(
                  r -> r.bucket(bucket).key(prefix + "/" + name), RequestBody.fromBytes(bytes)));
    }
  }

  private void store(List<byte[]> items, String prefix, String endpoint) throws Exception {
    try (Store store = server.store(bucket, prefix).endpoint(endpoint).build()) {
      uploadAll(items, (name, bytes) -> store.create(name, Body.of(bytes)));
    }
  }

  /** The verb alone, in a repository that has just been made. */
  private double backup(String what, List<byte[]> items, Store store) throws Exception {
    MemorySource source = new MemorySource();
    for (int i = 0; i < items.size(); i++) {
      source.file(EntryPath.of("file-" + i), items.get(i));
    }
    try (Repository repository = Repository.create(store, key, uncached())) {
      return measured(what, items, () -> repository.backup(source));
    }
  }

  private interface Put {
    void run(String name, byte[] bytes) throws Exception;
  }

  private static void uploadAll(List<byte[]> items, Put put) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(UPLOADS);
    try {
      List<Callable<Object>> puts = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        String name = "item-" + i;
        byte[] bytes = items.get(i);
        puts.add(
            () -> {
              put.run(name, bytes);
              return name;
            });
      }
      for (Future<Object> done : threads.invokeAll(puts)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void clear(String prefix) throws IOException {
    try (Store store = server.store(bucket, prefix).build()) {
      assertEquals(
          Map.of(), store.deleteAll(store.list("", "").items().stream().map(Stored::key).toList()));
    }
  }

  private void restic(String prefix, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("restic", "-q", "-r"));
    command.add("s3:" + wire.endpoint() + "/" + bucket + "/" + prefix);
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = new TreeMap<>();
    environment.put("RESTIC_PASSWORD", "a password for tests");
    environment.put("RESTIC_CACHE_DIR", directory.resolve("restic-cache").toString());
    environment.put("AWS_ACCESS_KEY_ID", TestServer.ACCESS_KEY);
    environment.put("AWS_SECRET_ACCESS_KEY", TestServer.SECRET_KEY);
    process.environment().putAll(environment);
    Process running = process.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, running.waitFor(), said);
  }
}
