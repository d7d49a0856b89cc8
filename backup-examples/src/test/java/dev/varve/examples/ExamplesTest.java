package dev.varve.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Retention;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceException;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.source.Source;
import dev.varve.source.files.FilesSource;
import dev.varve.source.files.FilesTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {

  @TempDir private Path directory = Path.of("");

  private Path uploads = Path.of("");
  private final KeyFile key = KeyFile.generate();

  @BeforeEach
  void makeUploads() throws IOException {
    uploads = Files.createDirectory(directory.resolve("uploads"));
    Files.writeString(uploads.resolve("invoice-17.txt"), "17 varves");
  }

  @Test
  void whatChanged_afterAnEdit_namesWhatDiffers() throws IOException {
    Source source = FilesSource.of(uploads).named("uploads").host("web-1");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Repository repository = Repository.create(directory.resolve("r").toString(), key)) {
      repository.backup(source);
      Files.writeString(uploads.resolve("invoice-17.txt"), "18 varves, corrected");
      Files.writeString(uploads.resolve("invoice-18.txt"), "new");
      Snapshot after = repository.backup(source).snapshot();

      WhatChanged.print(
          repository, source.identity(), new PrintStream(out, true, StandardCharsets.UTF_8));

      String path = uploads.toString().substring(1);
      String printed = out.toString(StandardCharsets.UTF_8);
      assertTrue(printed.contains(": 2 files\n"), printed);
      assertTrue(printed.contains("changed " + path + "/invoice-17.txt\n"), printed);
      assertTrue(printed.contains("added " + path + "/invoice-18.txt\n"), printed);
      assertEquals(23, WhatChanged.bytesBelow(repository, after, path));
      assertArrayEquals(
          "new".getBytes(StandardCharsets.UTF_8),
          WhatChanged.content(repository, after, path + "/invoice-18.txt"));
    }
  }

  @Test
  void housekeeping_ofTwoBackupsADay_keepsTheNewest() throws IOException {
    Source source = FilesSource.of(uploads).named("uploads").host("web-1");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Repository repository = Repository.create(directory.resolve("r").toString(), key)) {
      Snapshot older = repository.backup(source).snapshot();
      Files.writeString(uploads.resolve("invoice-17.txt"), "18 varves, corrected");
      Snapshot newer = repository.backup(source).snapshot();
      PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);

      Housekeeping.tidy(repository, Housekeeping.rules(ZoneId.of("Europe/Paris")), print);
      assertEquals(2, repository.snapshots().list().size());
      Housekeeping.tidy(repository, Retention.keepLast(1), print);

      assertEquals(List.of(newer.id()), ids(repository));
      String printed = out.toString(StandardCharsets.UTF_8);
      assertTrue(printed.contains(older.id().brief() + " DROP: not among the last 1\n"), printed);
      assertTrue(printed.contains(newer.id().brief() + " KEEP: last 1\n"), printed);
      assertTrue(printed.contains("next: "), printed);
    }
  }

  private static List<SnapshotId> ids(Repository repository) {
    return repository.snapshots().stream().map(Snapshot::id).toList();
  }

  @Test
  void nightlyBackup_calledByAScheduler_savesWithItsTag() throws Exception {
    ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    try (Repository repository = Repository.create(directory.resolve("r").toString(), key)) {
      NightlyBackup backup = new NightlyBackup(repository, List.of(FilesSource.of(uploads)), "4.2");

      ScheduledFuture<?> nights = backup.every(Duration.ofDays(1), scheduler);
      // The scheduler has one thread: this comes after the first night.
      scheduler.submit(() -> nights.cancel(false)).get();

      assertEquals(1, repository.snapshots().list().size());
      assertTrue(repository.snapshots().tagged("release", "4.2").latest().isPresent());
    } finally {
      scheduler.shutdownNow();
    }
  }

  @Test
  void restore_ofThisMorningsFilesInATest_givesThemBack() throws IOException {
    String location = directory.resolve("r").toString();
    try (Repository repository = Repository.create(location, key)) {
      repository.backup(FilesSource.of(uploads).named("uploads").host("web-1"));
    }

    Path restored = LastNightsFiles.into(directory.resolve("restored"), location, key);

    assertEquals(
        "17 varves",
        Files.readString(restored.resolve(uploads.toString().substring(1) + "/invoice-17.txt")));
  }

  @Test
  void dumpedDatabase_thereAndBack_isTheSame() throws IOException {
    Path programs = Files.createDirectory(directory.resolve("bin"));
    String log = directory.resolve("loaded").toString();
    program(programs.resolve("mysqldump"), "[ $MYSQL_PWD = hidden ] && echo \"dump of $*\"");
    program(programs.resolve("mysql"), "(echo \"$1:\"; cat) >> " + log);
    try (Repository repository = Repository.create(directory.resolve("r").toString(), key)) {
      DumpedDatabase database = new DumpedDatabase(programs, "hidden");

      Snapshot snapshot = database.save(repository);
      database.load(repository, snapshot, "test");

      assertEquals("command:orders", snapshot.source().toString().replaceFirst("@.*", ""));
      assertEquals(
          "test:\ndump of --single-transaction --hex-blob orders\n",
          Files.readString(Path.of(log)));
      DumpedDatabase wrong = new DumpedDatabase(programs, "guessed");
      assertThrows(SourceException.class, () -> wrong.save(repository));
      assertEquals(1, repository.snapshots().list().size());
    }
  }

  private static void program(Path file, String line) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void filesTarget_ofTheTwentyLines_isWhatTheReadmeSays() throws IOException {
    try (Repository repository = Repository.create(directory.resolve("r").toString(), key)) {
      Snapshot snapshot = repository.backup(FilesSource.of(uploads)).snapshot();
      Path restored = directory.resolve("restored");

      assertTrue(repository.restore(snapshot, FilesTarget.into(restored)).complete());

      Path file = restored.resolve(uploads.toString().substring(1)).resolve("invoice-17.txt");
      assertEquals("17 varves", Files.readString(file));
    }
  }
}
