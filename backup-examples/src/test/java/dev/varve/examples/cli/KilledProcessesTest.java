package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code varve} itself, each command in a process of its own: backups of two sources and a prune at
 * work in one directory at once, one of them killed by SIGKILL at a random instant or suspended by
 * SIGSTOP across a whole prune. What exit code 0 was said of restores byte for byte, nobody is held
 * up by the dead, and in the end all space comes back. {@code -Dvarve.seed} draws the same instants
 * again, which is not the same run.
 */
class KilledProcessesTest {

  private static final int ROUNDS =
      Integer.getInteger("varve.rounds", Boolean.getBoolean("varve.deep") ? 1000 : 20);
  private static final int KEPT_SNAPSHOTS = 12;
  private static final String[] QUICK_START = {
    "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"
  };

  private final long seed = Long.getLong("varve.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<String, byte[]> saved = new TreeMap<>();

  @TempDir private Path directory = Path.of("");

  private Shell shell = Shell.bare();
  private Path kept = Path.of("");
  private Path dropped = Path.of("");
  private int killed;
  private int suspended;
  private int overtaken;

  @BeforeEach
  void prepare() throws IOException {
    shell = Shell.in(directory);
    kept = Files.createDirectory(directory.resolve("kept"));
    dropped = Files.createDirectory(directory.resolve("dropped"));
    shell.done("init");
  }

  @Test
  void killedOrSuspendedAtAnyInstant_whatWasSavedRestoresAndSpaceComesBack() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      byte[] content = change(round);
      List<Running> all =
          List.of(
              start("backup", "--tag", "round=" + round, kept.toString()),
              start("backup", dropped.toString()),
              start("prune", "--now", "--repack-below", Integer.toString(random.nextInt(101))));
      boolean[] alive = {true, true, true};
      try {
        int chosen = random.nextInt(all.size());
        Running victim = all.get(chosen);
        awaitWork(victim);
        if (random.nextInt(3) > 0) {
          victim.process().toHandle().destroyForcibly();
          alive[chosen] = false;
          killed++;
        } else {
          suspend(victim);
        }
        for (int i = 0; i < all.size(); i++) {
          alive[i] &= succeeded(all.get(i));
        }
      } finally {
        all.forEach(each -> each.process().destroyForcibly());
      }
      if (alive[0]) {
        saved.put("round=" + round, content);
      }
      verify(round);
    }
    clearUp();
    System.out.printf(
        "%d rounds of varve processes from seed %d: %d killed, %d suspended, %d overtaken%n",
        ROUNDS, seed, killed, suspended, overtaken);
  }

  /** A process and what it says. */
  private record Running(Process process, Path said) {}

  private Running start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(QUICK_START));
    // What surefire puts on the class path is a jar that refers to all others.
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    Path said = Files.createTempFile(directory, "said", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().putAll(shell.environment());
    return new Running(builder.start(), said);
  }

  /** New contents; most of what was there stays, half of it in both sources. */
  private byte[] change(int round) throws IOException {
    byte[] common = new byte[200_000 + random.nextInt(100_000)];
    random.nextBytes(common);
    Files.write(kept.resolve("common" + round % 3), common);
    Files.write(dropped.resolve("common" + round % 3), common);
    byte[] own = new byte[random.nextInt(300_000)];
    random.nextBytes(own);
    Files.write(dropped.resolve("own" + round % 2), own);
    byte[] content = new byte[random.nextInt(300_000)];
    random.nextBytes(content);
    Files.write(kept.resolve("own"), content);
    return content;
  }

  /**
   * Until it, or another, is at work or over: what happens while a JVM starts is of no interest.
   */
  private void awaitWork(Running victim) throws IOException {
    int others = random.nextInt(3);
    while (victim.process().isAlive() && locks() <= others) {
      LockSupport.parkNanos(1_000_000);
    }
    LockSupport.parkNanos((long) (random.nextDouble() * random.nextDouble() * 300_000_000));
  }

  private long locks() throws IOException {
    Path locks = directory.resolve("repository/locks");
    if (!Files.exists(locks)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(locks)) {
      return files.count();
    }
  }

  /** Everything is forgotten that may be and pruned twice while the victim stands still. */
  private void suspend(Running victim) throws Exception {
    suspended++;
    signal("STOP", victim);
    try {
      forget();
      Shell.Said said = shell.run("prune", "--now");
      assertTrue(done(said.exitCode(), said.err()), said::toString);
    } finally {
      signal("CONT", victim);
    }
  }

  private void forget() {
    if (shell.done("snapshots").contains(identity(dropped))) {
      shell.done("forget", "--keep-last", "1", "--source", identity(dropped));
    }
  }

  private static void signal(String name, Running to) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(to.process().pid())).start();
    // It may have come to its end by now.
    kill.waitFor();
  }

  /** Nothing fails that was left alone, but for whoever found again and again that others won. */
  private boolean succeeded(Running each) throws IOException, InterruptedException {
    int exitCode = each.process().waitFor();
    String words = Files.readString(each.said(), StandardCharsets.UTF_8);
    boolean dead = exitCode > 128;
    assertTrue(done(exitCode, words) || dead, exitCode + ": " + words);
    return exitCode == ExitCode.DONE;
  }

  /** Whether it did what it was to do, or others did so much that it gave way. */
  private boolean done(int exitCode, String words) {
    boolean conflict = exitCode == ExitCode.FAILED && words.contains("Others were faster");
    overtaken += conflict ? 1 : 0;
    return exitCode == ExitCode.DONE || conflict;
  }

  /** The newest that was saved, and some other, restore as they were. */
  private void verify(int round) throws IOException {
    if (saved.isEmpty()) {
      return;
    }
    List<String> tags = new ArrayList<>(saved.keySet());
    String newest = saved.containsKey("round=" + round) ? "round=" + round : tags.get(0);
    assertRestores(newest);
    assertRestores(tags.get(random.nextInt(tags.size())));
    while (saved.size() > KEPT_SNAPSHOTS) {
      String tag = tags.remove(random.nextInt(tags.size()));
      String id = id(tag);
      shell.done("forget", id);
      saved.remove(tag);
    }
  }

  private String id(String tag) {
    String listed = shell.done("snapshots", "--tag", tag, "--json");
    String field = "\"id\":\"";
    int at = listed.indexOf(field);
    assertTrue(at > 0, () -> tag + " is lost: " + listed);
    return listed.substring(at + field.length(), at + field.length() + 32);
  }

  private void assertRestores(String tag) throws IOException {
    Path target = Files.createTempDirectory(directory, "restored");
    shell.done("restore", id(tag), "--target", target.toString());
    Path own = target.resolve(kept.toString().substring(1)).resolve("own");
    assertArrayEquals(saved.get(tag), Files.readAllBytes(own), tag);
    delete(target);
  }

  private void clearUp() throws IOException {
    for (String tag : saved.keySet()) {
      assertRestores(tag);
    }
    shell.done("forget", "--keep-last", "1");
    String said = "";
    for (int i = 0; i < 6 && !said.contains("nothing"); i++) {
      said = shell.done("prune", "--now", "--repack-below", "100");
    }
    shell.done("check", "--level", "data");
    long left = bytes(directory.resolve("repository/packs"));
    long needed = restoredBytes(kept) + restoredBytes(dropped);
    assertTrue(left < needed + needed / 10 + 100_000, left + " bytes for " + needed);
  }

  private long restoredBytes(Path source) throws IOException {
    Path target = Files.createTempDirectory(directory, "restored");
    shell.done("restore", "latest", "--source", identity(source), "--target", target.toString());
    return bytes(target);
  }

  private static String identity(Path source) {
    return "files:" + source + "@web-1";
  }

  private static long bytes(Path below) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      long[] sum = {0};
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum[0] += Files.size(file);
      }
      return sum[0];
    }
  }

  private static void delete(Path below) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      Path[] all = files.toArray(Path[]::new);
      for (int i = all.length - 1; i >= 0; i--) {
        Files.delete(all[i]);
      }
    }
  }
}
