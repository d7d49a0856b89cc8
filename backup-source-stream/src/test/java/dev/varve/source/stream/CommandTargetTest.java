package dev.varve.source.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CancelledException;
import dev.varve.PathFilter;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.TargetException;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.testkit.MemoryContents;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import dev.varve.testkit.RecordingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTargetTest {

  @TempDir Path directory;

  private final Repository repository = Repository.create(new MemoryStore(), KeyFile.generate());

  @AfterEach
  void close() {
    repository.close();
  }

  @Test
  void restore_commandsOutputOfYesterday_goesBackThroughACommand() {
    CommandSource dump =
        CommandSource.of("big", Command.of("seq", "300000")).and("a/small", shell("printf x"));
    Snapshot snapshot = repository.backup(dump).snapshot();
    ByteArrayOutputStream said = new ByteArrayOutputStream();

    RestoreReport report =
        repository.restore(
            snapshot,
            CommandTarget.of(shell("echo $VARVE_PATH $VARVE_SIZE $VARVE_SOURCE; cksum"))
                .output(said));

    assertTrue(report.complete());
    assertEquals(2, report.entries());
    String source = snapshot.source().toString();
    assertEquals(
        "a/small 1 "
            + source
            + "\n"
            + cksum("printf x")
            + ("big 1988895 " + source + "\n" + cksum("seq 300000")),
        said.toString(UTF_8));
  }

  @Test
  void restore_directoriesAndLinks_arePassedOverAndCounted() throws IOException {
    MemorySource tree = new MemorySource().directory("d/").link("l", "x").file("f", "text");
    RecordingContext context = new RecordingContext();

    CommandTarget.of(shell("cat > got")).restore(MemoryContents.of(tree), context);

    assertEquals("text", Files.readString(directory.resolve("got")));
    assertEquals(2, context.counts().get("entries without content passed over"));
  }

  @Test
  void restore_commandFails_isTheRestoresFailure() {
    Snapshot snapshot = snapshot(new MemorySource().file("a", "1").file("b", "2"));
    CommandTarget target = CommandTarget.of(shell("cat >> got; echo 'no such table' >&2; exit 7"));

    TargetException failure =
        assertThrows(TargetException.class, () -> repository.restore(snapshot, target));

    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains("exit code 7") && message.contains("no such table"), message);
    assertEquals("1", read("got"), "it must stop at the first");
  }

  @Test
  void restore_commandFailsAndItKeepsGoing_othersAreRestored() {
    Snapshot snapshot = snapshot(new MemorySource().file("a", "1").file("b", "2"));
    CommandTarget target = CommandTarget.of(shell("cat >> got; [ $VARVE_PATH = b ]")).keepGoing();

    RestoreReport report = repository.restore(snapshot, target);

    assertEquals(1, report.entries());
    assertEquals("a", report.problems().get(0).path().orElseThrow().toString());
    assertEquals("12", read("got"));
  }

  @Test
  void restore_firstPartOfAPipelineFails_isTheRestoresFailure() {
    Snapshot snapshot = snapshot(new MemorySource().file("a", "no gzip"));
    CommandTarget target = CommandTarget.of(shell("gunzip | cat"));

    assertThrows(TargetException.class, () -> repository.restore(snapshot, target));
  }

  @Test
  void restore_commandEndsWellBeforeItReadAll_isAFailure() {
    Snapshot snapshot = snapshot(new MemorySource().file("a", 1_000_000, 1));
    CommandTarget target = CommandTarget.of(shell("head -c 10 > got"));

    TargetException failure =
        assertThrows(TargetException.class, () -> repository.restore(snapshot, target));

    assertTrue(String.valueOf(failure.getMessage()).contains("not all of it was read"));
  }

  @Test
  void restore_commandEndsWellWithoutReadingTheLittleThereIs_isAFailureToo() {
    Snapshot snapshot = snapshot(new MemorySource().file("a", "few"));
    CommandTarget target = CommandTarget.of(shell("true"));

    assertThrows(TargetException.class, () -> repository.restore(snapshot, target));
  }

  @Test
  void restore_thereIsNothingToRead_nobodyNeedsToReadIt() {
    Snapshot snapshot = snapshot(new MemorySource().file("a", ""));

    assertTrue(repository.restore(snapshot, CommandTarget.of(shell("true"))).complete());
  }

  @Test
  void restore_contentIsDamaged_commandDoesNotTakeThatForTheEnd() {
    MemorySource tree = new MemorySource().file("a", 500_000, 1);
    MemoryContents contents = MemoryContents.of(tree).missing("a", 300_000, 1);
    CommandTarget target = CommandTarget.of(shell("cat | cat > got; touch done"));

    assertThrows(IOException.class, () -> target.restore(contents, new RecordingContext()));

    assertTrue(directory.resolve("got").toFile().length() <= 300_000);
    assertFalse(Files.exists(directory.resolve("done")));
  }

  @Test
  void restore_noSuchProgram_saysSo() {
    Snapshot snapshot = snapshot(new MemorySource().file("a", "1"));
    CommandTarget target = CommandTarget.of(Command.of("no-such-program"));

    TargetException failure =
        assertThrows(TargetException.class, () -> repository.restore(snapshot, target));

    assertTrue(String.valueOf(failure.getMessage()).contains("no-such-program"));
  }

  @Test
  void restore_dryRun_startsNothing() {
    Snapshot snapshot = snapshot(new MemorySource().file("a", "1"));

    RestoreReport report =
        repository.restore(
            snapshot,
            CommandTarget.of(shell("touch got")),
            RestoreOptions.builder().dryRun().build());

    assertEquals(1, report.entries());
    assertFalse(Files.exists(directory.resolve("got")));
  }

  @Test
  void restore_filter_onlyWhatItAdmitsIsGiven() {
    Snapshot snapshot = snapshot(new MemorySource().file("a", "1").file("b", "2"));

    repository.restore(
        snapshot,
        CommandTarget.of(shell("cat >> got")),
        RestoreOptions.builder().filter(PathFilter.builder().exclude("a").build()).build());

    assertEquals("2", read("got"));
  }

  @Test
  void restore_pathOfTheSnapshot_isNoCommand() {
    Snapshot snapshot = snapshot(new MemorySource().file("$(touch got); touch got\n", "1"));

    assertTrue(
        repository
            .restore(snapshot, CommandTarget.of(shell("cat > \"out $VARVE_SIZE\"")))
            .complete());

    assertFalse(Files.exists(directory.resolve("got")));
    assertEquals("1", read("out 1"));
  }

  @Test
  void restore_cancelled_endsTheCommandBeforeItSeesAnEnd() throws Exception {
    Snapshot snapshot = snapshot(new MemorySource().file("a", 10_000_000, 1));
    Path gate = directory.resolve("gate");
    assertEquals(0, new ProcessBuilder("mkfifo", gate.toString()).start().waitFor());
    CommandTarget target = CommandTarget.of(shell("cat gate; cat > got; touch done"));
    AtomicReference<Optional<Throwable>> outcome = new AtomicReference<>(Optional.empty());
    Thread host =
        new Thread(
            () -> {
              try {
                repository.restore(snapshot, target);
              } catch (RuntimeException failure) {
                outcome.set(Optional.of(failure));
              }
            });
    host.start();
    try (FileChannel held = FileChannel.open(gate, StandardOpenOption.WRITE)) {
      host.interrupt();
      host.join();
      assertTrue(held.isOpen());
    }

    assertEquals(CancelledException.class, outcome.get().orElseThrow().getClass());
    assertFalse(Files.exists(directory.resolve("done")));
    assertEquals("command:cat", target.toString());
  }

  private Snapshot snapshot(MemorySource tree) {
    return repository.backup(tree).snapshot();
  }

  private Command shell(String line) {
    return Command.shell(line).directory(directory);
  }

  private String read(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private String cksum(String line) {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", line + " | cksum");
    try {
      return new String(builder.start().getInputStream().readAllBytes(), UTF_8);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
