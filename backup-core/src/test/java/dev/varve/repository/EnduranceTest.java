package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.CopyOptions;
import dev.varve.CopyReport;
import dev.varve.ForgetPlan;
import dev.varve.PathFilter;
import dev.varve.PruneOptions;
import dev.varve.PruneReport;
import dev.varve.RefusedException;
import dev.varve.RepairOptions;
import dev.varve.Retention;
import dev.varve.RewriteReport;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Ninety days in a row, by the store's clock: every night backups of three sources that change, a
 * forget by rules and a prune with the times it has for everybody; now and then one of them dies in
 * the middle, the clock is set a little forward or back, somebody is impatient, or something is
 * forgotten by mistake and brought back, or a snapshot is tagged, pinned, rewritten or copied
 * elsewhere. Everything that ought to be there restores all the time, and what is stored stays
 * within 5 % of what a repository holds that was never pruned because it never had anything else.
 */
class EnduranceTest {

  private static final int DAYS = 90;
  private static final int FILES = 40;
  private static final List<String> SOURCES = List.of("uploads", "mail", "music");
  private static final Retention RULES =
      Retention.keep().daily(7).weekly(4).monthly(3).minimum(2).in(ZoneOffset.UTC);

  private final Random random = Seeds.random(EnduranceTest.class);
  private final MemoryStore place = new MemoryStore().clock(this::tick);
  private final MemoryStore second = new MemoryStore();
  private final Map<String, MemorySource> contents = new TreeMap<>();
  private final Map<SnapshotId, MemorySource> made = new HashMap<>();
  private Instant now = Instant.parse("2026-01-05T02:00:00Z");
  private int deaths;
  private int steps;
  private int undeleted;
  private int cares;
  private long deletedBytes;

  private Instant tick() {
    now = now.plusMillis(1 + random.nextInt(50));
    return now;
  }

  @Test
  void ninetyDays_nothingIsLostAndNothingPilesUp() throws IOException {
    Repository.create(place.handle(), Repositories.KEY, options().build()).close();
    Repository.create(second.handle(), Repositories.KEY, options().build()).close();
    SOURCES.forEach(name -> contents.put(name, new MemorySource(identity(name))));
    for (int day = 0; day < DAYS; day++) {
      night(day);
      now = now.plus(Duration.ofDays(1));
      if (random.nextInt(4) == 0) {
        steps++;
        now = now.plus(Duration.ofMinutes(random.nextInt(121) - 60));
      }
      if (day % 10 == 9) {
        verify(day);
      }
    }
    for (int quiet = 0; quiet < 6; quiet++) {
      now = now.plus(Duration.ofDays(1));
      prune(PruneOptions.builder().repackBelow(1).build(), false);
    }
    verify(DAYS);
    assertNoMoreThanModel();
    System.out.printf(
        "%d days, %d deaths, %d steps of the clock, %d undeleted, %d cared for, %d bytes deleted%n",
        DAYS, deaths, steps, undeleted, cares, deletedBytes);
    assertTrue(deaths > 0 && steps > 0 && deletedBytes > 0);
  }

  private static SourceIdentity identity(String name) {
    return new SourceIdentity("memory", name, "test");
  }

  private MemorySource source(String name) {
    return Optional.ofNullable(contents.get(name)).orElseThrow();
  }

  /** What a source holds now, revisions included. */
  private static MemorySource copy(MemorySource source) {
    MemorySource copy = new MemorySource(source.identity());
    source.entries().forEach((path, entry) -> copy.put(entry, source.content(path)));
    return copy;
  }

  /** Of a backup that had committed when it died nobody was told. */
  private static MemorySource restored(Repository repository, Snapshot snapshot) {
    CollectingTarget target = new CollectingTarget();
    assertTrue(repository.restore(snapshot, target).complete());
    MemorySource source = new MemorySource(snapshot.source());
    target.collected().values().forEach(each -> source.put(each.entry(), each.bytes()));
    return source;
  }

  private static RepositoryOptions.Builder options() {
    return Repositories.options()
        .inline()
        .chunkSizes(4 << 10, 8 << 10, 16 << 10)
        .packSizes(128 << 10, 32 << 10);
  }

  private void night(int day) {
    for (String name : SOURCES) {
      change(name);
      backUp(name, true);
      now = now.plus(Duration.ofMinutes(random.nextInt(30)));
    }
    // Before a look at what is kept the rules are kept to.
    forget(day % 10 != 9);
    if (random.nextInt(8) == 0) {
      bringBack();
    }
    if (random.nextInt(3) == 0) {
      care();
    }
    PruneOptions.Builder options = PruneOptions.builder().repackBelow(1);
    if (day % 20 == 13) {
      // The only nights on which space is not waited for.
      options.now();
    }
    prune(options.build(), true);
  }

  private void change(String name) {
    MemorySource source = source(name);
    int there = source.entries().size();
    int changes = there == 0 ? FILES : 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      String path = String.format("f%02d", there < FILES ? i : random.nextInt(FILES));
      // What is in several sources is stored once.
      long seed = random.nextInt(3) == 0 ? random.nextInt(20) : random.nextLong();
      source.file(path, 1000 + random.nextInt(30_000), seed);
    }
  }

  /** If it dies in the middle it is run again. */
  private void backUp(String name, boolean mayDie) {
    boolean dying = mayDie && random.nextInt(6) == 0;
    try (Repository repository = open(dying)) {
      Snapshot snapshot = repository.backup(source(name)).snapshot();
      made.put(snapshot.id(), copy(source(name)));
    } catch (BackupException dead) {
      assertTrue(dying, dead::toString);
      deaths++;
      backUp(name, false);
    }
  }

  private void forget(boolean mayDie) {
    boolean dying = mayDie && random.nextInt(10) == 0;
    try (Repository repository = open(dying)) {
      ForgetPlan plan = repository.planForget(RULES);
      for (String name : SOURCES) {
        assertTrue(
            plan.dropped().stream().noneMatch(newest(repository, name)::equals),
            "The newest is to be dropped");
      }
      repository.apply(plan);
      plan.dropped().forEach(snapshot -> made.remove(snapshot.id()));
    } catch (BackupException dead) {
      assertTrue(dying, dead::toString);
      deaths++;
    }
  }

  private static Snapshot newest(Repository repository, String name) {
    return repository.snapshots().of(identity(name)).latest().orElseThrow();
  }

  /** The oldest is forgotten by mistake and brought back before a prune. */
  private void bringBack() {
    try (Repository repository = open(false)) {
      Snapshot snapshot = repository.snapshots().list().get(0);
      repository.forget(List.of(snapshot.id()));
      repository.undelete(snapshot.id());
      undeleted++;
    }
  }

  /** What is done now and then by hand, in the middle of which it may die as well. */
  private void care() {
    boolean dying = random.nextInt(4) == 0;
    try (Repository repository = open(dying)) {
      Snapshot oldest = repository.snapshots().list().get(0);
      List<SnapshotId> ids = List.of(oldest.id());
      switch (random.nextInt(5)) {
        case 0 -> repository.tag(ids, Map.of("seen", "yes"), List.of());
        case 1 -> {
          repository.pin(ids);
          assertEquals(List.of(), dropped(repository, oldest));
          repository.unpin(ids);
        }
        case 2 -> {
          if (repository.snapshots().of(oldest.source()).list().size() > 3) {
            rewrite(repository, oldest);
          }
        }
        case 3 -> assertFalse(repository.planRepair(RepairOptions.defaults()).hasWork());
        default -> copyOut(repository);
      }
      cares++;
    } catch (BackupException dead) {
      assertTrue(dying, dead::toString);
      deaths++;
      unpin();
    }
  }

  /** What died between pinning and unpinning is looked after by hand. */
  private void unpin() {
    try (Repository repository = open(false)) {
      List<SnapshotId> pinned =
          repository.snapshots().list().stream()
              .filter(Snapshot::pinned)
              .map(Snapshot::id)
              .toList();
      if (!pinned.isEmpty()) {
        repository.unpin(pinned);
      }
    }
  }

  private void copyOut(Repository repository) {
    List<Snapshot> all = repository.snapshots().list();
    List<Snapshot> newest = List.of(all.get(all.size() - 1));
    try (Repository to = Repository.open(second.handle(), Repositories.KEY, options().build())) {
      for (CopyReport.Copied copied :
          repository.copy(newest, to, CopyOptions.defaults()).copied()) {
        MemorySource source = made.get(copied.original().id());
        Repositories.assertRestores(
            to,
            copied.copy().orElseThrow(),
            source == null ? restored(repository, newest.get(0)) : source);
      }
    }
  }

  private static List<Snapshot> dropped(Repository repository, Snapshot pinned) {
    return repository.planForget(RULES).dropped().stream().filter(pinned::equals).toList();
  }

  private void rewrite(Repository repository, Snapshot oldest) {
    PathFilter less = PathFilter.builder().exclude("f00").build();
    RewriteReport report = repository.rewrite(oldest, less);
    if (report.changed() && made.containsKey(oldest.id())) {
      MemorySource reduced = copy(Optional.ofNullable(made.get(oldest.id())).orElseThrow());
      made.put(report.replacement().id(), reduced.remove("f00"));
    }
    repository.forget(List.of(oldest.id()));
    made.remove(oldest.id());
  }

  private void prune(PruneOptions options, boolean mayDie) {
    boolean dying = mayDie && random.nextInt(8) == 0;
    try (Repository repository = open(dying)) {
      PruneReport report = repository.prune(options);
      assertEquals(List.of(), report.unreadable());
      deletedBytes += report.deleted().bytes();
    } catch (BackupException dead) {
      assertTrue(dying, dead::toString);
      deaths++;
    }
  }

  private void verify(int day) {
    try (Repository repository = open(false)) {
      List<Snapshot> all = repository.snapshots().list();
      // Beside what the rules keep only that of which a clock set back made the time unknown.
      long known = all.stream().filter(Snapshot::timeKnown).count();
      assertTrue(known <= SOURCES.size() * (7L + 4 + 3), () -> day + ": " + all);
      for (Snapshot snapshot : all) {
        if (made.containsKey(snapshot.id())) {
          Repositories.assertRestores(repository, snapshot, made.get(snapshot.id()));
        }
      }
      for (String name : SOURCES) {
        Repositories.assertRestores(repository, newest(repository, name), source(name));
      }
      CheckReport report =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(report.clean(), () -> day + ": " + report.findings());
    }
  }

  /** A repository that holds the same snapshots and never held others. */
  private void assertNoMoreThanModel() {
    MemoryStore model = new MemoryStore();
    try (Repository repository = open(false);
        Repository other = Repository.create(model.handle(), Repositories.KEY, options().build())) {
      for (Snapshot snapshot : repository.snapshots().list()) {
        MemorySource source = made.get(snapshot.id());
        other.backup(source == null ? restored(repository, snapshot) : source);
      }
    }
    long stored = packBytes(place);
    long needed = packBytes(model);
    System.out.println(stored + " bytes in packs, " + needed + " in the model");
    assertTrue(stored <= needed + needed / 20, stored + " bytes stored, " + needed + " needed");
  }

  private static long packBytes(MemoryStore store) {
    return store.keys("packs/").stream().mapToLong(key -> store.bytes(key).length).sum();
  }

  private Repository open(boolean dying) {
    Store store = place.handle();
    return Repository.open(
        dying ? new DyingStore(store, 10 + random.nextInt(60)) : store,
        Repositories.KEY,
        options().build());
  }

  /** A connection of a process that dies after so many calls. */
  private static final class DyingStore extends ForwardingStore {
    private int left;

    DyingStore(Store store, int calls) {
      super(store);
      this.left = calls;
    }

    private void live() throws RefusedException {
      if (left-- <= 0) {
        throw new RefusedException("The process is dead");
      }
    }

    @Override
    public Stored create(String key, Body body) throws IOException {
      live();
      return super.create(key, body);
    }

    @Override
    public void read(String key, long offset, ByteBuffer into) throws IOException {
      live();
      super.read(key, offset, into);
    }

    @Override
    public Page list(String prefix, String startAfter) throws IOException {
      live();
      return super.list(prefix, startAfter);
    }

    @Override
    public void delete(String key) throws IOException {
      live();
      super.delete(key);
    }
  }
}
