package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.Entry;
import dev.varve.Hole;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.target.Receiver;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.target.TargetContext;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real file system of 8 MiB that is full, or read-only: a clear error, nothing half there, and
 * once there is room it works. Needs the right to mount one, as in a container's root.
 */
class FullRepositoryTest {

  private static final int LARGE_BYTES = 6_000_000;

  private final MemorySource small = new MemorySource().file("a", "one").file("b", 200_000, 1);
  private final MemorySource large = new MemorySource().file("large", LARGE_BYTES, 2);

  @TempDir private Path folder;

  @BeforeEach
  void mount() throws Exception {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=8m", "varve-test", folder.toString()) == 0,
        "No right to mount a file system");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", folder.toString());
  }

  @Test
  void backup_diskFull_saysSoLeavesNothingHalf_andWorksOnceThereIsRoom() throws IOException {
    try (Repository repository = Repositories.create(store())) {
      Snapshot first = Repositories.backup(repository, small);
      Path ballast = Files.write(folder.resolve("ballast"), new byte[4 << 20]);
      for (int i = 0; i < 3; i++) {
        BackupException full = assertThrows(BackupException.class, () -> repository.backup(large));
        assertTrue(String.valueOf(full.getMessage()).contains("No space left"), full.toString());
        assertEquals(1, repository.snapshots().list().size());
        Repositories.assertRestores(repository, first, small);
      }
      assertEquals(0, unfinished());
      Files.delete(ballast);
      Repositories.assertRestores(repository, Repositories.backup(repository, large), large);
      assertClean(repository);
    }
  }

  @Test
  void create_diskFull_saysSo_andWorksOnceThereIsRoom() throws IOException {
    Path ballast = folder.resolve("ballast");
    assertThrows(IOException.class, () -> Files.write(ballast, new byte[9 << 20]));
    for (int i = 0; i < 3; i++) {
      BackupException full =
          assertThrows(BackupException.class, () -> Repositories.create(store()).close());
      assertFalse(String.valueOf(full.getMessage()).isBlank());
    }
    Files.delete(ballast);
    try (Repository repository =
        Repository.openOrCreate(store(), Repositories.KEY, Repositories.options().build())) {
      Repositories.assertRestores(repository, Repositories.backup(repository, small), small);
      assertClean(repository);
    }
  }

  @Test
  void readOnly_restoresAndChecks_andRefusesToBackUp() throws Exception {
    Snapshot snapshot;
    try (Repository repository = Repositories.create(store())) {
      snapshot = Repositories.backup(repository, small);
    }
    run("mount", "-o", "remount,ro", folder.toString());
    try (Repository repository = Repositories.open(store())) {
      Repositories.assertRestores(repository, snapshot, small);
      assertClean(repository);
      BackupException refused =
          assertThrows(BackupException.class, () -> Repositories.backup(repository, large));
      assertTrue(String.valueOf(refused.getMessage()).contains("read-only"), refused.toString());
      assertEquals(1, repository.snapshots().list().size());
    }
  }

  /** Copies of the index and of catalogs, and what is remembered, have no room on this machine. */
  @Test
  void everyVerb_noRoomForLocalCopies_isDoneAllTheSame() throws IOException {
    Path ballast = folder.resolve("ballast");
    assertThrows(IOException.class, () -> Files.write(ballast, new byte[9 << 20]));
    Scene made = new Scene(new MemoryStore(), new MemoryStore());
    for (PublicVerb verb : PublicVerb.values()) {
      Scene scene = verb.prepare(made);
      RepositoryOptions options =
          Scene.options()
              .despiteDamage()
              .cacheDirectory(folder.resolve("cache"))
              .stateDirectory(folder.resolve("state"))
              .build();
      try (Repository repository =
          Repository.open(scene.place.handle(), Repositories.KEY, options)) {
        verb.run(repository, scene);
        verb.requireDone(repository, scene);
      } catch (BackupException | AssertionError e) {
        throw new AssertionError(verb + ": " + e, e);
      }
      scene.judge(verb, scene.place::handle, Optional.empty());
    }
  }

  @Test
  void restore_targetFull_namesWhatIsMissing() {
    try (Repository repository = Repositories.create(new MemoryStore())) {
      MemorySource both = new MemorySource().file("a", "one").file("larger", 20_000_000, 3);
      Snapshot snapshot = Repositories.backup(repository, both);
      RestoreReport report = repository.restore(snapshot, new PlainFiles(folder));
      assertFalse(report.complete());
      assertTrue(
          report.problems().stream().anyMatch(p -> p.toString().contains("larger")),
          report.problems().toString());
      assertTrue(
          report.problems().stream().allMatch(p -> p.toString().contains("No space left")),
          report.problems().toString());
    }
  }

  /** Writes contents as plain files. */
  private record PlainFiles(Path folder) implements Target, Receiver {

    @Override
    public void restore(SnapshotContents contents, TargetContext context) throws IOException {
      contents.deliver(entry -> true, this);
    }

    @Override
    public void receive(Entry entry, long offset, ByteBuffer piece) throws IOException {
      Path file = folder.resolve(entry.path().toString());
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        while (piece.hasRemaining()) {
          channel.write(piece, offset + piece.position());
        }
      }
    }

    @Override
    public void missing(Entry entry, Hole hole) throws IOException {
      throw new IOException("A hole: " + hole);
    }

    @Override
    public void complete(Entry entry) {}
  }

  private DirectoryStore store() throws IOException {
    return DirectoryStore.open(folder.resolve("repository"));
  }

  private long unfinished() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("repository/.tmp"))) {
      return files.count();
    }
  }

  private static void assertClean(Repository repository) {
    CheckReport report =
        repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
    assertTrue(report.clean(), () -> report.findings().toString());
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }
}
