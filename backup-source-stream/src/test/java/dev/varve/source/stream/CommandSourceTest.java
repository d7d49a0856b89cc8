package dev.varve.source.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupReport;
import dev.varve.CancelledException;
import dev.varve.ConfigurationException;
import dev.varve.Entry;
import dev.varve.Snapshot;
import dev.varve.SourceException;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.source.Content;
import dev.varve.source.SourceLostException;
import dev.varve.source.SourceRun;
import dev.varve.testkit.MemoryStore;
import dev.varve.testkit.RecordingContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandSourceTest {

  @TempDir Path directory;

  private final Repository repository = Repository.create(new MemoryStore(), KeyFile.generate());

  @AfterEach
  void close() {
    repository.close();
  }

  @Test
  void backup_severalCommands_eachIsAnEntry() throws IOException {
    CommandSource source =
        CommandSource.of("orders.sql", Command.of("printf", "%s", "insert $x;"))
            .and("mysql/users.sql", shell("echo one; echo two >&2; printf two"));

    Snapshot snapshot = repository.backup(source).snapshot();

    assertEquals("insert $x;", text(snapshot, "orders.sql"));
    assertEquals("one\ntwo", text(snapshot, "mysql/users.sql"));
    assertEquals("command", snapshot.source().kind());
    assertEquals("mysql/users.sql,orders.sql", snapshot.source().name());
  }

  @Test
  void backup_sameOutputNextNight_storesNothingNew() {
    CommandSource source =
        CommandSource.of("zeros", Command.of("head", "-c", "70000000", "/dev/zero"));
    repository.backup(source);

    BackupReport second = repository.backup(source);

    assertEquals(70_000_000, second.statistics().readBytes());
    assertEquals(0, second.statistics().addedBytes());
  }

  @Test
  void backup_exitCodeIsNotZero_commitsNothingWhateverArrived() {
    CommandSource source =
        CommandSource.of("good", Command.of("echo", "good"))
            .and("half", shell("head -c 5000000 /dev/zero; echo 'table is gone' >&2; exit 3"));

    SourceException failure = assertThrows(SourceException.class, () -> repository.backup(source));

    assertTrue(repository.snapshots().isEmpty());
    assertMessage(failure, "half", "exit code 3", "table is gone");
  }

  @Test
  void backup_killed_commitsNothing() {
    CommandSource source = CommandSource.of("half", shell("echo half; kill -9 $$"));

    SourceException failure = assertThrows(SourceException.class, () -> repository.backup(source));

    assertTrue(repository.snapshots().isEmpty());
    assertMessage(failure, "signal 9");
  }

  @Test
  void backup_firstPartOfAPipelineFails_commitsNothing() {
    CommandSource source = CommandSource.of("half", shell("(echo half; exit 4) | cat"));

    SourceException failure = assertThrows(SourceException.class, () -> repository.backup(source));

    assertTrue(repository.snapshots().isEmpty());
    assertMessage(failure, "exit code 4");
  }

  @Test
  void backup_noSuchProgram_commitsNothingAndSaysSo() {
    CommandSource source =
        CommandSource.of("x", Command.of("no-such-program", "--password=secret"));

    SourceException failure = assertThrows(SourceException.class, () -> repository.backup(source));

    assertTrue(repository.snapshots().isEmpty());
    assertMessage(failure, "no-such-program", "No such file");
    assertFalse(String.valueOf(failure.getMessage()).contains("secret"), failure.getMessage());
  }

  @Test
  void backup_fails_namesNeitherArgumentsNorEnvironment() {
    Command command =
        Command.shell("PASSWORD=hidden1 false hidden2").environment("TOKEN", "hidden3");
    CommandSource source = CommandSource.of("x", command);

    SourceException failure = assertThrows(SourceException.class, () -> repository.backup(source));

    assertMessage(failure, "false");
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      assertFalse(cause.toString().contains("hidden"), cause.toString());
    }
    assertEquals("commands for x", source.toString());
  }

  @Test
  void backup_saysVeryMuchBeforeItFails_theEndIsTold() {
    CommandSource source =
        CommandSource.of("x", shell("seq 1 200000 >&2; printf '\\033[31mred\\n' >&2; exit 1"));

    SourceException failure = assertThrows(SourceException.class, () -> repository.backup(source));

    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains("200000") && !message.contains("\n  1000\n"), message);
    assertTrue(message.length() < 2 * LastWords.KEPT_BYTES, "" + message.length());
    assertFalse(message.contains("\033"), "a terminal would take colours from this");
  }

  @Test
  void backup_environmentAndDirectory_areAsToldAndOthersAreKept() throws IOException {
    Command command =
        Command.shell("echo \"$ADDED $PATH ${HOME-no home}\"; pwd; cat")
            .environment("ADDED", "added")
            .withoutEnvironment("HOME")
            .directory(directory.toRealPath());

    Snapshot snapshot = repository.backup(CommandSource.of("x", command)).snapshot();

    String path = System.getenv("PATH");
    assertEquals(
        "added " + path + " no home\n" + directory.toRealPath() + "\n", text(snapshot, "x"));
  }

  @Test
  void environment_inherited_isWithoutThePassphraseUnlessThatIsAskedFor() {
    Map<String, String> inherited =
        new TreeMap<>(Map.of("VARVE_PASSPHRASE", "secret", "PATH", "/bin", "A", "a"));
    Command.of("true").withoutEnvironment("A").changeEnvironment(inherited);
    assertEquals(Map.of("PATH", "/bin"), inherited);

    Command.shell("true").environment("VARVE_PASSPHRASE", "other").changeEnvironment(inherited);
    assertEquals("other", inherited.get("VARVE_PASSPHRASE"));
  }

  @Test
  void backup_cancelled_endsTheCommandWithAllItStarted() throws Exception {
    Path gate = pipe("gate");
    Path pids = directory.resolve("pids");
    CommandSource source =
        CommandSource.of(
            "x", shell("echo $$ > pids; echo begun; (echo $PPID; exec cat gate) | cat; echo done"));
    AtomicReference<Optional<Throwable>> outcome = new AtomicReference<>(Optional.empty());
    Thread host =
        new Thread(
            () -> {
              try {
                repository.backup(source);
              } catch (RuntimeException failure) {
                outcome.set(Optional.of(failure));
              }
            });
    host.start();
    try (FileChannel opened = FileChannel.open(gate, StandardOpenOption.WRITE)) {
      host.interrupt();
      host.join();
      // Nobody reads any more.
      assertThrows(IOException.class, () -> opened.write(ByteBuffer.allocate(1)));
    }

    assertEquals(CancelledException.class, outcome.get().orElseThrow().getClass());
    assertTrue(repository.snapshots().isEmpty());
    long pid = Long.parseLong(Files.readString(pids).strip());
    assertFalse(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
  }

  @Test
  void stop_commandIgnoresIt_isKilled() throws Exception {
    Process process =
        new ProcessBuilder("/bin/sh", "-c", "trap '' TERM; echo ready; cat & wait; cat").start();
    assertEquals('r', process.getInputStream().read());

    ProcessTree.stop(process, java.time.Duration.ofMillis(100));

    assertFalse(process.isAlive());
    assertEquals(0, process.descendants().count());
  }

  @Test
  void read_whatACommandLeavesRunningStillWrites_isReadToItsEnd() throws Exception {
    Path gate = pipe("gate");
    Command command = shell("echo first; cat gate & exit 0");
    try (RunningCommand<ReadableByteChannel> running = RunningCommand.output(command)) {
      assertEquals(0, running.exitCode());
      try (FileChannel late = FileChannel.open(gate, StandardOpenOption.WRITE)) {
        assertEquals("first\n", read(running.channel(), 6));
        late.write(ByteBuffer.wrap("second".getBytes(UTF_8)));
      }
      assertEquals("second", read(running.channel(), 100));
    }
  }

  @Test
  void close_whatACommandLeftRunningHoldsTheOutput_endsTheReadAllTheSame() throws Exception {
    Path gate = pipe("gate");
    CommandSource source = CommandSource.of("x", shell("echo begun; cat gate & exit 0"));
    try (SourceRun run = source.begin(new RecordingContext())) {
      Entry entry = run.entries().next().orElseThrow();
      Content content = run.open(entry);
      FileChannel held = FileChannel.open(gate, StandardOpenOption.WRITE);
      assertEquals(6, content.read(ByteBuffer.allocate(100)));
      CompletableFuture<Boolean> failed =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return content.read(ByteBuffer.allocate(100)) > 100;
                } catch (SourceLostException byItself) {
                  return false;
                } catch (IOException stopped) {
                  return true;
                }
              });
      content.close();
      assertTrue(failed.get());
      held.close();
    }
  }

  @Test
  void begin_nothingIsLeftInTheTemporaryDirectory() throws IOException {
    long before = pipes();

    repository.backup(CommandSource.of("x", Command.of("echo")));

    assertEquals(before, pipes());
  }

  @Test
  void backup_streamBreaksOff_commitsNothing() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            throw new IOException("connection reset");
          }
        };
    byte[] some = new byte[3_000_000];
    StreamSource source =
        StreamSource.of("x", () -> new SequenceInputStream(new ByteArrayInputStream(some), broken));

    SourceException failure = assertThrows(SourceException.class, () -> repository.backup(source));

    assertTrue(repository.snapshots().isEmpty());
    assertMessage(failure, "3000000 bytes", "connection reset");
  }

  @Test
  void backup_stream_isAnEntry() throws IOException {
    byte[] some = "some".getBytes(UTF_8);
    StreamSource source =
        StreamSource.of("dump.sql", () -> new ByteArrayInputStream(some)).named("n").host("h");

    Snapshot snapshot = repository.backup(source).snapshot();

    assertArrayEquals(some, bytes(snapshot, "dump.sql"));
    assertEquals("stream:n@h", snapshot.source().toString());
  }

  @Test
  void of_unusableNames_areRefused() {
    Command command = Command.of("true");
    for (String name : List.of("", "/", "a/", "a\0b")) {
      assertThrows(ConfigurationException.class, () -> CommandSource.of(name, command), name);
    }
    CommandSource taken = CommandSource.of("a/b", command);
    for (String name : List.of("a/b", "/a/b", "a", "a/b/c")) {
      assertThrows(ConfigurationException.class, () -> taken.and(name, command), name);
    }
    assertThrows(ConfigurationException.class, () -> Command.shell("  "));
    assertThrows(ConfigurationException.class, () -> Command.of(List.of()));
  }

  @Test
  void program_isTheNameWithoutWhatMayBeSecret() {
    assertEquals("mysqldump", Command.of("/usr/bin/mysqldump", "-psecret").program());
    assertEquals("pg_dump", Command.shell("PGPASSWORD=x /opt/pg_dump orders | gzip").program());
    assertEquals("command", Command.shell("PASSWORD='a b' dump").program());
    assertEquals("command", Command.shell("$(secret) | x").program());
  }

  @Test
  void check_programIsThereOrNot_saysSo() throws IOException {
    RecordingContext context = new RecordingContext();
    CommandSource.of("x", Command.of("cat")).check(context);
    CommandSource.of("x", Command.shell("no-such-program")).check(context);

    CommandSource missing = CommandSource.of("x", Command.of("no-such-program"));
    CommandSource nowhere =
        CommandSource.of("x", Command.of("cat").directory(directory.resolve("none")));

    assertThrows(IOException.class, () -> missing.check(context));
    assertThrows(IOException.class, () -> nowhere.check(context));
  }

  private Command shell(String line) {
    return Command.shell(line).directory(directory);
  }

  private Path pipe(String name) throws Exception {
    Path pipe = directory.resolve(name);
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    return pipe;
  }

  private static long pipes() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(path -> path.toString().contains("varve-pipe-")).count();
    }
  }

  private static String read(ReadableByteChannel channel, int most) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(most);
    int count = 0;
    while (into.hasRemaining() && count >= 0) {
      count = channel.read(into);
    }
    return new String(into.array(), 0, into.position(), UTF_8);
  }

  private byte[] bytes(Snapshot snapshot, String path) throws IOException {
    try (InputStream content = repository.content(snapshot, path)) {
      return content.readAllBytes();
    }
  }

  private String text(Snapshot snapshot, String path) throws IOException {
    return new String(bytes(snapshot, path), UTF_8);
  }

  private static void assertMessage(Exception failure, String... parts) {
    for (String part : parts) {
      assertTrue(String.valueOf(failure.getMessage()).contains(part), failure.getMessage());
    }
  }
}
