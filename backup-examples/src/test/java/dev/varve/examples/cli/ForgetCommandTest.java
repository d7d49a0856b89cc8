package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Entry;
import dev.varve.SourceIdentity;
import dev.varve.examples.cli.Shell.Said;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgetCommandTest {

  @TempDir private Path directory = Path.of("");

  private Shell shell = Shell.bare();
  private String uploads = "";

  @BeforeEach
  void makeRepository() throws IOException {
    shell = Shell.in(directory);
    uploads = Files.createDirectory(directory.resolve("uploads")).toString();
    Files.writeString(Path.of(uploads, "a.txt"), "one");
    shell.done("backup", "--init", "--name", "uploads", uploads, "--tag", "release=4.2");
    shell.done("backup", "--name", "uploads", uploads);
    shell.done("backup", "--name", "uploads", uploads);
  }

  @Test
  void dryRun_isATableWithReasons_andForgetsNothing() {
    String table = shell.done("forget", "--keep-last", "1", "--keep-tag", "release", "--dry-run");

    List<String> lines = table.lines().toList();
    assertTrue(lines.get(0).startsWith("VERDICT  ID"), table);
    assertTrue(lines.get(1).startsWith("keep     "), table);
    assertTrue(lines.get(1).endsWith("files:uploads@web-1  tag release"), table);
    assertTrue(lines.get(2).startsWith("drop     "), table);
    assertTrue(lines.get(2).endsWith("not among the last 1, no tag release"), table);
    assertTrue(lines.get(3).endsWith("last 1"), table);
    assertTrue(lines.get(4).startsWith("2 kept, 1 would be forgotten; days are"), table);
    assertEquals(3, snapshots());
  }

  @Test
  void forget_byRules_dropsTheRest() {
    String said = shell.done("forget", "--keep-last", "1", "--time-zone", "Europe/Paris");

    assertTrue(said.contains("1 kept, 2 forgotten; days are those of Europe/Paris"), said);
    assertEquals(1, snapshots());
    assertEquals("", shell.done("forget", "--keep-last", "1", "--quiet"));
  }

  @Test
  void forget_allRulesThereAre() {
    shell.done(
        "forget",
        "--keep-last",
        "3",
        "--keep-hourly",
        "1",
        "--keep-daily",
        "1",
        "--keep-weekly",
        "1",
        "--keep-monthly",
        "unlimited",
        "--keep-yearly",
        "0",
        "--keep-within",
        "1y6m",
        "--keep-within-hourly",
        "12h",
        "--keep-within-daily",
        "30d",
        "--keep-within-weekly",
        "8w",
        "--keep-within-monthly",
        "1y2m3w4d5h6min",
        "--keep-within-yearly",
        "10y",
        "--keep-min",
        "2",
        "--keep-rule",
        "15min:1h",
        "--keep-rule",
        "m:2y",
        "--keep-tag",
        "release=4.2",
        "--group-by",
        "host,tag=release",
        "--source",
        "files:uploads@web-1");
    assertEquals(3, snapshots());
  }

  @Test
  void forget_byId_dropsThat() {
    String id = shell.done("snapshots").lines().skip(1).findFirst().orElseThrow().substring(0, 8);

    shell.done("forget", id);
    assertEquals(2, snapshots());
    failed("There is no snapshot " + id, "forget", id);
  }

  @Test
  void undelete_listsAndBringsBack() {
    String id = shell.done("snapshots").lines().skip(1).findFirst().orElseThrow().substring(0, 8);
    assertTrue(shell.done("undelete").startsWith("0 snapshots"));
    shell.done("forget", id);

    assertTrue(shell.done("undelete").contains("\n" + id), "It is listed");
    assertTrue(shell.done("undelete", id.substring(0, 6)).contains("\n" + id), "It is back");
    assertEquals(3, snapshots());
    failed("No forgotten snapshot that can come back is called " + id, "undelete", id);
    assertTrue(shell.done("undelete", "--json").startsWith("{\"snapshots\":[]"));
  }

  @Test
  void forget_prune_saysWhatIsDue() {
    String said = shell.done("forget", "--keep-last", "1", "--prune");
    assertTrue(said.contains("1 kept, 2 forgotten"), said);
    assertEquals(0, shell.run("forget", "--keep-last", "1", "--prune", "--now").exitCode());
    wrong("--now goes with --prune", "forget", "--keep-last", "1", "--now");
    String json = shell.done("forget", "--keep-last", "1", "--prune", "--json");
    assertTrue(json.startsWith("{\"dryRun\":false"), json);
    assertTrue(json.contains("{\"event\":\"done\""), json);
  }

  @Test
  void locks_nobodyIsAtWork() {
    assertEquals("nobody is at work\n", shell.done("locks"));
    assertEquals(
        "removed 0 stale locks\nnobody is at work\n", shell.done("locks", "--remove-stale"));
    assertEquals("{\"locks\":[]}\n", shell.done("locks", "--json"));
    shell.done("backup", "--wait", "--name", "uploads", uploads);
  }

  @Test
  void locks_showWhoIsAtWork_andBackupOfTheSameIsRefused() {
    RepositoryOptions options = RepositoryOptions.builder().withoutCache().withoutState().build();
    KeyFile key = KeyFile.load(directory.resolve("key"));
    String location = directory.resolve("repository").toString();
    AtomicInteger looks = new AtomicInteger();
    try (Repository repository = Repository.open(location, key, options)) {
      repository.backup(new Nothing(this::assertHeld, looks));
    }
    assertEquals(1, looks.get());
    shell.done("backup", "--name", "uploads", uploads);
  }

  private void assertHeld() {
    String table = shell.done("locks");
    assertTrue(table.contains("backup  files:uploads@web-1"), table);
    assertTrue(table.contains(Long.toString(ProcessHandle.current().pid())), table);
    failed("A backup of files:uploads@web-1 is going on", "backup", "--name", "uploads", uploads);
    assertEquals(1, shell.done("locks", "--json").split("\"stale\":false", -1).length - 1);
  }

  /** A source without entries that looks around when it is read. */
  private record Nothing(Runnable look, AtomicInteger looks) implements Source {

    @Override
    public SourceIdentity identity() {
      return SourceIdentity.parse("files:uploads@web-1");
    }

    @Override
    public SourceRun begin(SourceContext context) {
      look.run();
      looks.incrementAndGet();
      return new SourceRun() {
        @Override
        public EntryCursor entries() {
          return EntryCursor.of(List.of());
        }

        @Override
        public Content open(Entry entry) {
          throw new IllegalStateException("There are no entries");
        }

        @Override
        public void close() {}
      };
    }
  }

  @Test
  void pinAndTag_showAndHold() {
    String id = shell.done("snapshots").lines().skip(2).findFirst().orElseThrow().substring(0, 8);

    assertTrue(shell.done("pin", id).contains("  pinned\n"), "It says so");
    failed("is pinned; unpin it first", "forget", id);
    shell.done("forget", "--keep-last", "1");
    assertEquals(2, snapshots());
    assertTrue(shell.done("tag", "--add", "a=1", "--add", "b=2", id, "latest").contains("a=1 b=2"));
    assertTrue(shell.done("tag", "--remove", "a", "--json", id).contains("{\"b\":\"2\"}"));
    wrong("Say what to change", "tag", id);
    shell.done("unpin", id);
    shell.done("forget", id);
    assertEquals(1, snapshots());
  }

  @Test
  void forget_json_isOneValue() {
    String said = shell.done("forget", "--json", "--dry-run", "--keep-daily", "1");

    assertEquals(1, said.lines().count(), said);
    assertTrue(said.startsWith("{\"dryRun\":true,\"timeZone\":"), said);
    assertTrue(
        said.contains("\"kept\":1,\"dropped\":2,\"decisions\":[{\"verdict\":\"drop\""), said);
    assertTrue(said.contains("\"group\":\"files:uploads@web-1\",\"reasons\":[\"daily: "), said);
  }

  @Test
  void forget_wrongUsage_saysWhatIsRight() {
    wrong("Say what to keep", "forget");
    wrong("not both", "forget", "--keep-last", "1", "12345678");
    wrong("'soon' is neither a number nor 'unlimited'", "forget", "--keep-last", "soon");
    wrong("'3x' is no time; give numbers with y, m, w", "forget", "--keep-within", "3x");
    wrong("is no rule; give PERIOD:AGE", "forget", "--keep-rule", "daily");
    wrong("longer than none", "forget", "--keep-within", "0d");
    wrong("A period is 1 to 10000", "forget", "--keep-rule", "0d:1y");
    wrong("is none of source, kind", "forget", "--keep-last", "1", "--group-by", "paths");
    wrong("is no time zone", "forget", "--keep-last", "1", "--time-zone", "Paris");
    wrong("At least 1 snapshot", "forget", "--keep-last", "1", "--keep-min", "0");
    failed("No rule says which", "forget", "--keep-min", "3");
    failed("No rule says which", "forget", "--keep-daily", "0");
    assertEquals(3, snapshots());
  }

  @Test
  void age_isReadAndSubtracted() {
    LocalDateTime time = LocalDateTime.parse("2026-11-19T12:00:00");
    assertEquals("2025-04-19T00:00", time.minus(Age.parse("o", "1y7m12h")).toString());
    assertEquals("2026-11-05T11:30", time.minus(Age.parse("o", "2w30min")).toString());
    for (String wrong : List.of("", "d", "3", "3d4", "-3d", "3d ", "1y 2m")) {
      assertThrows(UsageException.class, () -> Age.parse("--o", wrong), wrong);
    }
  }

  private long snapshots() {
    return shell.done("snapshots", "--quiet").lines().count() - 1;
  }

  private void failed(String message, String... arguments) {
    said(ExitCode.FAILED, message, arguments);
  }

  private void wrong(String message, String... arguments) {
    said(ExitCode.WRONG_USAGE, message, arguments);
  }

  private void said(int exitCode, String message, String... arguments) {
    Said said = shell.run(arguments);
    assertEquals(exitCode, said.exitCode(), said::toString);
    assertTrue(said.err().contains(message), said::err);
  }
}
