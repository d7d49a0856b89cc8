package dev.varve.servertests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupOptions;
import dev.varve.CheckOptions;
import dev.varve.CopyOptions;
import dev.varve.Listener;
import dev.varve.Problem;
import dev.varve.Progress;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.StoreException;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.repository.SeveralRepositories;
import dev.varve.repository.SeveralRepositories.Outcome;
import dev.varve.repository.Snapshots;
import dev.varve.servertests.Wire.Fault;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two repositories on two servers, of which one is stopped in the middle of what goes on. */
class S3SeveralTest {

  private static final RepositoryOptions OPTIONS =
      RepositoryOptions.builder()
          .withoutCache()
          .withoutState()
          .retryFor(Duration.ofSeconds(2))
          .build();

  @TempDir Path directory;

  private final TestServer first = TestServer.s3Proxy();
  private final String firstBucket = first.newBucket();
  private final KeyFile key = KeyFile.generate();
  private final MemorySource source = new MemorySource();
  private Path files = Path.of("");
  private TestServer second = first;
  private String secondBucket = "";
  private Wire wire;

  S3SeveralTest() throws IOException {
    wire = new Wire(first.endpoint());
  }

  @BeforeEach
  void start() throws IOException {
    files = Files.createDirectory(directory.resolve("server"));
    second = TestServer.s3Proxy(files);
    secondBucket = second.newBucket();
    wire.close();
    wire = new Wire(second.endpoint());
    for (int i = 0; i < 30; i++) {
      source.file("large-" + i, 1_000_000L, i);
    }
  }

  @AfterEach
  void stop() throws IOException {
    wire.close();
    second.stop();
  }

  private Repository openFirst() {
    return Repository.openOrCreate(first.store(firstBucket, "one").build(), key, OPTIONS);
  }

  private Repository openSecond() {
    return Repository.openOrCreate(
        second.store(secondBucket, "two").endpoint(wire.endpoint()).build(), key, OPTIONS);
  }

  /** Stops the second server when it is asked so often for a pack. */
  private void stopAtPack(String method, int number) {
    AtomicInteger asked = new AtomicInteger();
    wire.spoil(
        request -> {
          boolean counts = request.method().equals(method) && request.path().contains("/packs/");
          if (counts && asked.incrementAndGet() == number) {
            second.stop();
          }
          return Fault.NONE;
        });
  }

  private void startAgain() throws IOException {
    second = second.startAgain(files);
    wire.spoil(request -> Fault.NONE);
  }

  private static void assertRestores(Repository repository, Snapshot snapshot, MemorySource of) {
    CollectingTarget target = new CollectingTarget();
    assertTrue(repository.restore(snapshot, target).complete());
    target.assertHolds(of);
  }

  @Test
  void backup_oneServerStopsInTheMiddle_otherFinishesAndCopyBringsItUpToDate() throws IOException {
    Snapshot before;
    try (Repository one = openFirst();
        Repository two = openSecond()) {
      MemorySource small = new MemorySource(source.identity()).file("small", 100_000L, 7);
      List<Outcome> both = SeveralRepositories.of(one, two).backup(small);
      before = both.get(1).report().orElseThrow().snapshot();

      stopAtPack("PUT", 2);
      List<Outcome> outcomes = SeveralRepositories.of(one, two).backup(source);

      Snapshot saved = outcomes.get(0).report().orElseThrow().snapshot();
      RuntimeException failure = outcomes.get(1).failure().orElseThrow();
      assertTrue(failure instanceof StoreException, failure.toString());
      String said = String.valueOf(failure.getMessage());
      assertTrue(said.contains("s3://" + secondBucket + "/two"), said);
      assertRestores(one, saved, source);
    }
    startAgain();
    try (Repository one = openFirst();
        Repository two = openSecond()) {
      assertEquals(List.of(before.id()), two.snapshots().stream().map(Snapshot::id).toList());
      int copied =
          one.copy(one.snapshots().list(), two, CopyOptions.builder().build()).copied().size();
      assertEquals(1, copied, "and not the one that it had");
      assertEquals(2, two.snapshots().stream().count());
      assertRestores(two, two.snapshots().latest().orElseThrow(), source);
      assertTrue(two.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build()).clean());
    }
  }

  @Test
  void restore_serverStopsInTheMiddle_goesOnWithTheOther() throws IOException {
    try (Repository one = openFirst();
        Repository two = openSecond()) {
      SeveralRepositories.of(one, two).backup(List.of(source), BackupOptions.defaults());
      stopAtPack("GET", 3);
      List<Problem> problems = new CopyOnWriteArrayList<>();
      CollectingTarget target = new CollectingTarget();

      RestoreReport report =
          SeveralRepositories.of(two, one)
              .restore(
                  Snapshots::latest,
                  target,
                  RestoreOptions.builder().listener(collecting(problems)).build());

      assertTrue(report.complete());
      target.assertHolds(source);
      assertTrue(
          problems.stream().anyMatch(p -> p.toString().contains("the next repository is tried")),
          problems.toString());
    }
  }

  private static Listener collecting(List<Problem> problems) {
    return new Listener() {
      @Override
      public void progress(Progress progress) {
        // Only problems count here.
      }

      @Override
      public void problem(Problem problem) {
        problems.add(problem);
      }
    };
  }

  @Test
  void varve_oneServerStopsInTheMiddle_exitCodeAndWordsTell() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    byte[] bytes = new byte[30_000_000];
    new Random(3).nextBytes(bytes);
    Files.write(tree.resolve("large"), bytes);
    key.save(directory.resolve("key"));
    openFirst().close();
    openSecond().close();
    stopAtPack("PUT", 1);

    ProcessBuilder process =
        new ProcessBuilder(command("backup", tree.toString())).redirectErrorStream(true);
    process
        .environment()
        .putAll(
            Map.of(
                "AWS_ACCESS_KEY_ID", TestServer.ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY", TestServer.SECRET_KEY));
    Process running = process.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(3, running.waitFor(), said);
    assertTrue(said.contains("to s3://" + firstBucket + "/one"), said);
    assertTrue(said.contains("not to s3://" + secondBucket + "/two, see above"), said);
    try (Repository one = openFirst()) {
      assertEquals(1, one.snapshots().stream().count());
      assertFalse(one.snapshots().latest().isEmpty());
    }
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("dev.varve.examples.cli.Main");
    command.addAll(List.of("--repo", "s3://" + firstBucket + "/one"));
    command.addAll(List.of("--repo", "s3://" + secondBucket + "/two"));
    command.addAll(List.of("--repo-option", "1.endpoint=" + first.endpoint()));
    command.addAll(List.of("--repo-option", "2.endpoint=" + wire.endpoint()));
    command.addAll(List.of("--key-file", directory.resolve("key").toString()));
    command.addAll(List.of("--retry-for", "2s"));
    command.addAll(List.of(arguments));
    return command;
  }
}
