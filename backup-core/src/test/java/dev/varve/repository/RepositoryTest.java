package dev.varve.repository;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.ConfigurationException;
import dev.varve.Difference;
import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Listener;
import dev.varve.PathFilter;
import dev.varve.Progress;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.SourceException;
import dev.varve.SourceIdentity;
import dev.varve.UnlockException;
import dev.varve.key.KeyFile;
import dev.varve.key.Passphrase;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.ContentFault;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a host does with a repository, from nothing to a restored tree. */
class RepositoryTest {

  private final MemoryStore store = new MemoryStore().pageSize(3);
  private final MemorySource source =
      new MemorySource()
          .directory("etc")
          .file("etc/hosts", "127.0.0.1 localhost\n")
          .file("etc/empty", "")
          .link("etc/link", "hosts")
          .file("srv/large.bin", 3_000_000, 1)
          .file("srv/larger.bin", 9_000_000, 2);

  @Test
  void backup_thenRestore_isEqual() {
    Snapshot snapshot;
    try (Repository repository = Repositories.create(store.handle())) {
      snapshot = Repositories.backup(repository, source);
      Repositories.assertRestores(repository, snapshot, source);
    }
    try (Repository repository = Repositories.open(store.handle())) {
      Snapshot found = repository.snapshots().latest().orElseThrow();
      assertEquals(snapshot.id(), found.id());
      assertEquals(source.identity(), found.source());
      Repositories.assertRestores(repository, found, source);
    }
    assertEquals(0, store.openHandles());
  }

  @Test
  void backup_atItsEnd_hasToldHowMuchThereWasToRead() {
    List<Progress> told = new CopyOnWriteArrayList<>();
    Listener listener =
        new Listener() {
          @Override
          public void progress(Progress progress) {
            told.add(progress);
          }
        };
    try (Repository repository = Repositories.create(store.handle())) {
      repository.backup(source, BackupOptions.builder().listener(listener).build());
    }
    Progress last = told.get(told.size() - 1);
    assertEquals(OptionalLong.of(last.bytes()), last.totalBytes());
    assertEquals(12_000_020, last.bytes());
  }

  @Test
  void restore_targetThatOpens_isEqual() {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot snapshot = Repositories.backup(repository, source);
      CollectingTarget target = new CollectingTarget().opening();
      repository.restore(snapshot, target);
      target.assertHolds(source);
    }
  }

  @Test
  void backup_nothingChanged_opensNothingAndStoresNoContent() {
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, source);
      int opened = source.opened();
      long packs = store.keys("packs/").size();
      BackupReport second = repository.backup(source);
      assertEquals(opened, source.opened());
      assertEquals(packs, store.keys("packs/").size());
      assertEquals(0, second.statistics().addedBytes());
      assertEquals(4, second.statistics().files().unchanged());
      Repositories.assertRestores(repository, second.snapshot(), source);
    }
  }

  @Test
  void backup_someChanged_readsOnlyThose() {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot first = Repositories.backup(repository, source);
      MemorySource changed = new MemorySource().file("etc/hosts", "changed\n").file("new", "new");
      source.file("etc/hosts", "changed\n").file("new", "new").remove("etc/empty");
      BackupReport report = repository.backup(source);
      assertEquals(1, report.statistics().files().changed());
      assertEquals(1, report.statistics().files().added());
      assertEquals(2, report.statistics().files().unchanged());
      Repositories.assertRestores(repository, report.snapshot(), source);
      try (Stream<Difference> differences = repository.diff(first, report.snapshot())) {
        assertEquals(
            List.of("etc/empty", "etc/hosts", "new"),
            differences.map(d -> d.path().toString()).toList());
      }
      assertArrayEquals(
          changed.content(EntryPath.of("new")), read(repository, report.snapshot(), "new"));
    }
  }

  @Test
  void restore_paths_restoresOnlyThose() {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot snapshot = Repositories.backup(repository, source);
      CollectingTarget target = new CollectingTarget();
      RestoreReport report =
          repository.restore(
              snapshot, target, RestoreOptions.builder().path("etc").path("absent").build());
      assertEquals(
          List.of("etc/", "etc/empty", "etc/hosts", "etc/link"),
          target.collected().keySet().stream().map(EntryPath::toString).toList());
      assertEquals(1, report.problemCount());
      assertEquals("absent", report.problems().get(0).path().orElseThrow().toString());
    }
  }

  @Test
  void restore_filter_restoresOnlyWhatItAdmits() {
    MemorySource tree =
        new MemorySource()
            .directory("a/")
            .file("a/cache", "a file of that name")
            .directory("a/cache-x/")
            .file("a/cache-x/1", "1")
            .directory("b/")
            .directory("b/cache/")
            .file("b/cache/keep", "lost with its directory")
            .file("b/x.log", "x")
            .file("b/y.log", "y")
            .file("no/directory/entry/z.log", "z")
            .file("no/directory/cache/z", "z");
    PathFilter filter =
        PathFilter.builder().exclude("cache/").exclude("*.log").exclude("!y.log").build();
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot snapshot = Repositories.backup(repository, tree);

      assertEquals(
          List.of("a/", "a/cache", "a/cache-x/", "a/cache-x/1", "b/", "b/y.log"),
          restored(repository, snapshot, RestoreOptions.builder().filter(filter)));
      assertEquals(
          List.of("b/", "b/y.log"),
          restored(repository, snapshot, RestoreOptions.builder().path("b").filter(filter)));
      assertEquals(
          List.of("b/cache/", "b/cache/keep", "b/y.log"),
          restored(
              repository,
              snapshot,
              RestoreOptions.builder()
                  .filter(
                      PathFilter.builder().include("cache/").include("/b/y.*").build().toBuilder()
                          .exclude("/no/**")
                          .build())));
    }
  }

  @Test
  void restore_filterTakesTooLong_restoresAndSaysSoOnce() {
    String name = "a".repeat(300);
    MemorySource tree = new MemorySource().file(name, "x").file("b", "x");
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot snapshot = Repositories.backup(repository, tree);
      CollectingTarget target = new CollectingTarget();
      PathFilter filter = PathFilter.builder().excludeRegex("/(.*a){10}x$").build();

      RestoreReport report =
          repository.restore(snapshot, target, RestoreOptions.builder().filter(filter).build());

      assertEquals(2, target.collected().size());
      assertEquals(1, report.problemCount());
      assertEquals(name, report.problems().get(0).path().orElseThrow().toString());
    }
  }

  private static List<String> restored(
      Repository repository, Snapshot snapshot, RestoreOptions.Builder options) {
    CollectingTarget target = new CollectingTarget();
    assertTrue(repository.restore(snapshot, target, options.build()).complete());
    return target.collected().keySet().stream().map(EntryPath::toString).toList();
  }

  @Test
  void entries_below_listsThose() {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot snapshot = Repositories.backup(repository, source);
      try (Stream<Entry> entries = repository.entries(snapshot, "srv")) {
        assertEquals(
            List.of("srv/large.bin", "srv/larger.bin"),
            entries.map(entry -> entry.path().toString()).toList());
      }
      assertEquals(
          9_000_000,
          repository.find(snapshot, EntryPath.of("srv/larger.bin")).orElseThrow().size());
      assertTrue(repository.find(snapshot, EntryPath.of("srv")).isEmpty());
    }
  }

  @Test
  void content_ofWhatIsNotThereOrHasNone_saysSo() {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot snapshot = Repositories.backup(repository, source);
      for (String path : List.of("srv/none", "etc/link")) {
        ConfigurationException refused =
            assertThrows(ConfigurationException.class, () -> repository.content(snapshot, path));
        String said = String.valueOf(refused.getMessage());
        assertTrue(said.contains(path) && said.contains("look at the snapshot's entries"), said);
      }
    }
  }

  @Test
  void backup_severalSources_commitTogetherOrNotAtAll() {
    MemorySource other = new MemorySource(SourceIdentity.parse("memory:other@test")).file("a", "b");
    try (Repository repository = Repositories.create(store.handle())) {
      BackupReport both =
          repository.backup(List.of(source, other), BackupOptions.builder().tag("k", "v").build());
      assertEquals(2, both.snapshots().size());
      assertEquals(2, repository.snapshots().tagged("k", "v").list().size());
      Repositories.assertRestores(repository, both.snapshots().get(1), other);

      other.failFinish("exit code 1");
      source.file("more", "more");
      SourceException failure =
          assertThrows(
              SourceException.class,
              () -> repository.backup(List.of(source, other), BackupOptions.defaults()));
      assertTrue(String.valueOf(failure.getMessage()).contains("exit code 1"));
      assertEquals(2, repository.snapshots().list().size());
      assertThrows(
          ConfigurationException.class,
          () -> repository.backup(List.of(source, source), BackupOptions.defaults()));
    }
  }

  @Test
  void backup_entriesFail_restIsStoredAndProblemsAreNamed() {
    source.fault("etc/hosts", ContentFault.DENIED).fault("srv/large.bin", ContentFault.BREAKS);
    try (Repository repository = Repositories.create(store.handle())) {
      BackupReport report = repository.backup(source);
      assertEquals(2, report.problemCount());
      assertEquals(
          List.of("etc/hosts", "srv/large.bin"),
          repository.problems(report.snapshot()).stream()
              .map(problem -> problem.path().orElseThrow().toString())
              .sorted()
              .toList());
      assertTrue(repository.find(report.snapshot(), EntryPath.of("etc/hosts")).isEmpty());
      source.recover();
      Snapshot healed = Repositories.backup(repository, source);
      assertEquals(0, healed.problems());
      Repositories.assertRestores(repository, healed, source);
    }
  }

  @Test
  void backup_contentChangesWhileRead_isReadAgainNextTime() {
    source.fault("etc/hosts", ContentFault.CHANGES_WHILE_READING);
    try (Repository repository = Repositories.create(store.handle())) {
      repository.backup(source);
      source.recover();
      int before = source.opened("etc/hosts");
      Snapshot next = Repositories.backup(repository, source);
      assertEquals(before + 1, source.opened("etc/hosts"));
      Repositories.assertRestores(repository, next, source);
    }
  }

  @Test
  void backup_oneReaderOnly_isEqual() {
    source.parallelReads(1);
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot snapshot = Repositories.backup(repository, source);
      Repositories.assertRestores(repository, snapshot, source);
    }
    assertEquals(List.of(), source.misuses());
  }

  @Test
  void backup_dryRun_countsAndStoresNothing() {
    try (Repository repository = Repositories.create(store.handle())) {
      long items = store.keys().size();
      BackupReport report = repository.backup(source, BackupOptions.builder().dryRun().build());
      assertTrue(report.snapshots().isEmpty());
      assertEquals(12_000_020, report.statistics().addedBytes());
      assertEquals(items, store.keys().size());
    }
  }

  @Test
  void backup_uncompressed_restores() {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot snapshot =
          repository.backup(source, BackupOptions.builder().uncompressed().build()).snapshot();
      Repositories.assertRestores(repository, snapshot, source);
    }
  }

  @Test
  void backup_sourceShowsEntriesOutOfOrder_failsNamingBoth() {
    source.disorderly(requireNonNull(source.entries().get(EntryPath.of("etc/hosts"))));
    try (Repository repository = Repositories.create(store.handle())) {
      SourceException failure =
          assertThrows(SourceException.class, () -> repository.backup(source));
      assertTrue(String.valueOf(failure.getMessage()).contains("etc/hosts"));
      assertTrue(repository.snapshots().isEmpty());
    }
  }

  @Test
  void check_soundRepository_isClean() {
    try (Repository repository = Repositories.create(store.handle())) {
      repository.backup(source);
      source.file("etc/hosts", "changed");
      repository.backup(source);
      for (CheckOptions.Level level : CheckOptions.Level.values()) {
        CheckReport report = repository.check(CheckOptions.builder().level(level).build());
        assertEquals(List.of(), report.findings());
        assertTrue(report.items() > 0);
      }
    }
  }

  @Test
  void check_packDamaged_namesSnapshotsAndPaths() {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot snapshot = Repositories.backup(repository, source);
      String pack =
          store.keys("packs/").stream()
              .max(Comparator.comparingInt(key -> store.bytes(key).length))
              .orElseThrow();
      store.corrupt(
          pack,
          bytes -> {
            bytes[bytes.length / 2] ^= 4;
            return bytes;
          });
      CheckReport report =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertEquals(1, report.findingCount());
      assertEquals(pack, report.findings().get(0).item());
      CheckReport.Affected affected = report.findings().get(0).affected().get(0);
      assertEquals(snapshot.id(), affected.snapshot());
      assertTrue(affected.path().toString().startsWith("srv/large"));

      CollectingTarget target = new CollectingTarget();
      RestoreReport restored = repository.restore(snapshot, target);
      assertFalse(restored.complete());
      assertTrue(restored.holeCount() > 0);
      assertTrue(
          restored.holes().stream().allMatch(h -> h.path().toString().startsWith("srv/large")));
    }
  }

  @Test
  void backup_diesOnTheWay_nextFindsWhatWasStored() {
    RepositoryOptions options = Repositories.options().firstPartialBytes(1 << 20).build();
    source.file("srv/z", 40_000_000, 3).file("zzz", "end").failCursorAt("zzz").parallelReads(1);
    try (Repository repository = Repository.create(store.handle(), Repositories.KEY, options)) {
      assertThrows(SourceException.class, () -> repository.backup(source));
      assertTrue(repository.snapshots().isEmpty());
      source.recover();
      BackupReport next = repository.backup(source);
      assertTrue(next.statistics().addedBytes() < 5_000_000, next.statistics().toString());
      Repositories.assertRestores(repository, next.snapshot(), source);
    }
  }

  @Test
  void checkSource_reachableOrNot_saysSoAndReadsNothing() {
    try (Repository repository = Repositories.create(store.handle())) {
      assertEquals(List.of(), repository.checkSource(source));
      source.failBegin("the database is gone");
      SourceException failure =
          assertThrows(SourceException.class, () -> repository.checkSource(source));
      assertTrue(failure.toString().contains("the database is gone"));
      assertEquals(0, source.opened());
      assertTrue(repository.snapshots().isEmpty());
    }
  }

  @Test
  void open_wrongKey_saysSo() {
    Repositories.create(store.handle()).close();
    assertThrows(
        UnlockException.class,
        () -> Repository.open(store.handle(), KeyFile.generate(), Repositories.options().build()));
    assertThrows(
        UnlockException.class,
        () ->
            Repository.open(
                store.handle(),
                Passphrase.of("guess".toCharArray()),
                Repositories.options().build()));
    assertEquals(0, store.openHandles());
  }

  @Test
  void open_nothingThere_saysSo() {
    ConfigurationException failure =
        assertThrows(ConfigurationException.class, () -> Repositories.open(store.handle()));
    assertTrue(String.valueOf(failure.getMessage()).contains("no repository"));
    assertTrue(store.keys().isEmpty());
  }

  @Test
  void create_twice_isRefused() {
    Repositories.create(store.handle()).close();
    assertThrows(ConfigurationException.class, () -> Repositories.create(store.handle()));
    assertEquals(1, store.keys("keys/").size());
  }

  @Test
  void keys_addChangeRemove_openAccordingly() {
    Passphrase first = Passphrase.of("first".toCharArray());
    Passphrase second = Passphrase.of("second".toCharArray());
    try (Repository repository = Repositories.create(store.handle())) {
      KeySlot added = repository.keys().add("operator", first);
      KeySlot changed = repository.keys().change(added.id(), second);
      assertEquals("operator", changed.label());
      assertEquals("passphrase", changed.kind());
      assertThrows(
          ConfigurationException.class,
          () ->
              repository
                  .keys()
                  .remove(
                      repository.keys().list().stream()
                          .filter(KeySlot::current)
                          .findFirst()
                          .orElseThrow()
                          .id()));
    }
    assertThrows(
        UnlockException.class,
        () -> Repository.open(store.handle(), first, Repositories.options().build()));
    try (Repository repository =
        Repository.open(store.handle(), second, Repositories.options().build())) {
      assertEquals(2, repository.keys().list().size());
    }
  }

  @Test
  void close_thenUse_isRefused() {
    Repository repository = Repositories.create(store.handle());
    repository.close();
    repository.close();
    assertThrows(IllegalStateException.class, repository::snapshots);
  }

  private static byte[] read(Repository repository, Snapshot snapshot, String path) {
    try (InputStream content = repository.content(snapshot, path)) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Looks for a config, and somebody makes the whole repository right after. */
  private static final class Overtaken extends ForwardingStore {

    private final MemoryStore store;
    private boolean looked;

    Overtaken(MemoryStore store) {
      super(store.handle());
      this.store = store;
    }

    @Override
    public void read(String key, long offset, ByteBuffer into) throws IOException {
      try {
        super.read(key, offset, into);
      } catch (NoSuchFileException e) {
        if (!looked) {
          looked = true;
          Repositories.create(store.handle()).close();
        }
        throw e;
      }
    }
  }

  @Test
  void open_madeBetweenTwoLooks_opensIt() {
    RepositoryOptions options = Repositories.options().build();
    Repository.openOrCreate(new Overtaken(new MemoryStore()), Repositories.KEY, options).close();
    Repository.open(new Overtaken(new MemoryStore()), Repositories.KEY, options).close();
    assertThrows(
        ConfigurationException.class,
        () -> Repository.create(new Overtaken(new MemoryStore()), Repositories.KEY, options));
  }
}
