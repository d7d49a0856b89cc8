package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupOptions;
import dev.varve.CancelledException;
import dev.varve.CheckOptions;
import dev.varve.Lock;
import dev.varve.LockedException;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.internal.crypto.KeyPurpose;
import dev.varve.internal.crypto.SmallSeal;
import dev.varve.internal.log.CallId;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.LockItem;
import dev.varve.internal.log.LockNote;
import dev.varve.internal.log.Partial;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.internal.store.Pause;
import dev.varve.internal.store.VerbPause;
import dev.varve.internal.vault.LockHolder;
import dev.varve.internal.vault.Presence;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.VaultDoor;
import dev.varve.key.KeyFile;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks keep backups of one source apart, and whatever happens to them costs work at most. */
class LocksTest {

  private static final Duration ALMOST = LockHolder.STALE_AFTER.minusMinutes(1);

  private Instant now = Instant.parse("2026-11-01T03:00:00Z");
  private final MemoryStore store = new MemoryStore().clock(() -> now).pageSize(3);
  private final MemorySource source = new MemorySource().file("a", "one").file("b", 40_000, 1);

  @BeforeEach
  void prepare() {
    Repositories.create(store.handle()).close();
  }

  @Test
  void backup_costsOneCreateOneListAndOneDelete_andLeavesNothing() {
    List<String> calls = new ArrayList<>();
    try (Repository repository =
        Repositories.open(
            new ForwardingStore(store) {
              @Override
              public Stored create(String key, Body body) throws IOException {
                note("create", key);
                return super.create(key, body);
              }

              @Override
              public void read(String key, long offset, ByteBuffer into) throws IOException {
                note("read", key);
                super.read(key, offset, into);
              }

              @Override
              public Page list(String prefix, String startAfter) throws IOException {
                note("list", prefix);
                return super.list(prefix, startAfter);
              }

              @Override
              public void delete(String key) throws IOException {
                note("delete", key);
                super.delete(key);
              }

              private void note(String call, String key) {
                if (key.startsWith("locks/")) {
                  synchronized (calls) {
                    calls.add(call);
                  }
                }
              }
            })) {
      Repositories.backup(repository, source);
      assertEquals(List.of(), repository.locks());
    }
    assertEquals(List.of("create", "list", "delete", "list"), calls);
    assertEquals(0, store.keys("locks/").size());
  }

  @Test
  void backup_ofASourceSomebodyIsAtWorkOn_isRefusedNamingHim_ofAnotherNot() throws IOException {
    put(elsewhere(source.identity()));
    long slots = store.keys("log/").size();
    try (Repository repository = Repositories.open(store.handle())) {
      LockedException refused =
          assertThrows(LockedException.class, () -> repository.backup(source));
      String message = String.valueOf(refused.getMessage());
      assertTrue(
          message.contains("A backup of memory:test@test is going on: process 4711 on far-away"),
          message);
      assertTrue(message.contains("counts as such from 2026-11-01T03:30:00Z on"), message);
      assertEquals(slots, store.keys("log/").size());
      assertEquals(1, store.keys("locks/").size());

      MemorySource other = new MemorySource(SourceIdentity.parse("memory:other@test"));
      Repositories.backup(repository, other);
      repository.backup(source, BackupOptions.builder().dryRun().build());
      Lock lock = repository.locks().get(0);
      assertEquals("far-away", lock.host());
      assertEquals(4711, lock.process());
      assertEquals(List.of(source.identity()), lock.sources());
      assertEquals(now, lock.since());
    }
  }

  @Test
  void lock_ofSomebodyElsewhere_isRemovedByWhoeverMeetsItOnceStale() throws IOException {
    put(elsewhere(source.identity()));
    now = now.plus(ALMOST);
    try (Repository repository = Repositories.open(store.handle())) {
      assertThrows(LockedException.class, () -> repository.backup(source));
      assertEquals(0, repository.removeStaleLocks());
      now = now.plus(Duration.ofMinutes(2));
      Repositories.backup(repository, source);
      assertEquals(0, store.keys("locks/").size());
    }
  }

  @Test
  void removeStaleLocks_removesOnlyThose() throws IOException {
    put(elsewhere(source.identity()));
    now = now.plus(LockHolder.STALE_AFTER).plusSeconds(1);
    put(elsewhere(SourceIdentity.parse("memory:other@test")));
    try (Repository repository = Repositories.open(store.handle())) {
      assertEquals(1, repository.removeStaleLocks());
      assertEquals(1, store.keys("locks/").size());
      assertEquals("memory:other@test", repository.locks().get(0).sources().get(0).toString());
    }
  }

  /** The store's clock was years ahead when the lock was stored, and is right again. */
  @Test
  void lock_fromTheFuture_holdsNobodyUp() throws IOException {
    now = now.plus(Duration.ofDays(3650));
    put(elsewhere(source.identity()));
    now = now.minus(Duration.ofDays(3650));
    try (Repository repository = Repositories.open(store.handle())) {
      Repositories.backup(repository, source);
    }
    assertEquals(0, store.keys("locks/").size());
  }

  @Test
  void recordsOfWhatWasStored_areSignsOfLifeToo() throws IOException {
    LockNote note = elsewhere(source.identity());
    put(note);
    now = now.plus(ALMOST);
    try (Vault vault = vault()) {
      vault
          .log()
          .append(
              Draft.of(
                  new Partial(
                      vault.state().slot(),
                      note.run(),
                      List.of(source.identity()),
                      List.of(),
                      List.of())));
    }
    now = now.plus(ALMOST);
    try (Repository repository = Repositories.open(store.handle())) {
      assertThrows(LockedException.class, () -> repository.backup(source));
      now = now.plus(Duration.ofMinutes(2));
      Repositories.backup(repository, source);
    }
  }

  @Test
  void locks_thatNobodyWithTheKeyStored_areIgnored_andRemovedWhenOld() throws IOException {
    byte[] genuine = put(elsewhere(source.identity()));
    String first = store.keys("locks/").first();
    store.remove(first);
    store.put("locks/" + "1".repeat(32), genuine);
    store.put("locks/" + "2".repeat(32), new byte[100]);
    store.put("locks/" + "3".repeat(32), new byte[0]);
    store.put("locks/" + "4".repeat(32), new byte[LockItem.MAX_BYTES + 1]);
    for (int i = 0; i < genuine.length; i++) {
      byte[] flipped = genuine.clone();
      flipped[i] ^= 1;
      store.put(first, flipped);
      try (Vault vault = vault()) {
        assertEquals(List.of(), vault.locks().holders());
      }
    }
    try (Repository repository = Repositories.open(store.handle())) {
      Repositories.backup(repository, source);
      assertEquals(5, store.keys("locks/").size());
      now = now.plus(LockHolder.STALE_AFTER).plusSeconds(1);
      Repositories.backup(repository, source);
      assertEquals(0, store.keys("locks/").size());
    }
  }

  @Test
  void twoInOneProcess_theSecondIsRefused_andTheLockOfADeadOneIsNot() throws IOException {
    try (Repository repository = Repositories.open(store.handle());
        Vault vault = vault()) {
      Presence other = enter(vault);
      assertThrows(LockedException.class, () -> repository.backup(source));
      byte[] left = store.bytes(store.keys("locks/").first());
      String key = store.keys("locks/").first();
      other.close();
      Repositories.backup(repository, source);
      // As a crash would leave it: this process knows that it is over.
      store.put(key, left);
      Repositories.backup(repository, source);
      assertEquals(0, store.keys("locks/").size());
    }
  }

  @Test
  void backup_waiting_goesOnWhenTheOtherIsDone() throws IOException {
    Deque<Presence> others = new ArrayDeque<>();
    Pause pause =
        new Pause() {
          @Override
          public long nanoTime() {
            return 0;
          }

          @Override
          public void pause(Duration time) {
            Optional.ofNullable(others.poll()).ifPresent(Presence::close);
          }
        };
    try (Vault vault = vault();
        Repository repository =
            Repository.open(
                store.handle(), Repositories.KEY, Repositories.options().pause(pause).build())) {
      others.add(enter(vault));
      Snapshot snapshot =
          repository.backup(source, BackupOptions.builder().waiting().build()).snapshot();
      Repositories.assertRestores(repository, snapshot, source);
      assertTrue(others.isEmpty(), "It waited");
      assertEquals(0, store.keys("locks/").size());
    }
  }

  @Test
  void backup_cancelledWhileWaiting_endsAtOnceAndLeavesNoLock() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    Pause telling =
        new Pause() {
          private final Pause real = new VerbPause();

          @Override
          public long nanoTime() {
            return real.nanoTime();
          }

          @Override
          public void pause(Duration time) {
            waiting.countDown();
            real.pause(Duration.ofDays(1));
          }
        };
    put(elsewhere(source.identity()));
    try (Repository repository =
        Repository.open(
            store.handle(), Repositories.KEY, Repositories.options().pause(telling).build())) {
      FutureTask<Boolean> backup =
          new FutureTask<>(
              () -> {
                assertThrows(
                    CancelledException.class,
                    () -> repository.backup(source, BackupOptions.builder().waiting().build()));
                return Thread.interrupted();
              });
      Thread thread = new Thread(backup);
      thread.start();
      waiting.await();
      thread.interrupt();
      assertTrue(backup.get(), "The interrupt is kept");
    }
    assertEquals(1, store.keys("locks/").size());
  }

  /** Two at the same moment: who came first waits a little for the other to give way. */
  @Test
  void backup_oneThatCameLaterGivesWay_goesOn_elseIsRefused() throws IOException {
    LockNote later = elsewhere(source.identity()).begun(now.plusSeconds(1));
    put(later);
    String key = store.keys("locks/").first();
    try (Repository repository = Repositories.open(store.handle())) {
      assertThrows(LockedException.class, () -> repository.backup(source));
    }
    Pause givingWay =
        new Pause() {
          @Override
          public long nanoTime() {
            return 0;
          }

          @Override
          public void pause(Duration time) {
            store.remove(key);
          }
        };
    try (Repository repository =
        Repository.open(
            store.handle(), Repositories.KEY, Repositories.options().pause(givingWay).build())) {
      Repositories.backup(repository, source);
    }
  }

  @Test
  void beat_replacesTheLockInTime_keepingItsBeginning() throws IOException {
    long[] nanos = {0};
    Pause clock =
        new Pause() {
          @Override
          public long nanoTime() {
            return nanos[0];
          }

          @Override
          public void pause(Duration time) {
            nanos[0] += time.toNanos();
          }
        };
    Instant begin = now;
    try (Vault vault = vault(store, Repositories.options().pause(clock).build());
        Presence presence = enter(vault)) {
      String key = store.keys("locks/").first();
      for (int i = 0; i < 20; i++) {
        now = now.plus(Duration.ofMinutes(5));
        nanos[0] += Duration.ofMinutes(5).toNanos();
        presence.beat();
        assertEquals(1, store.keys("locks/").size());
        LockHolder holder = vault.locks().live().get(0);
        assertEquals(begin, holder.since());
        assertTrue(Duration.between(holder.lastSign(), now).toMinutes() <= 10);
        assertThrows(
            LockedException.class,
            () ->
                vault.locks().enter("backup", List.of(source.identity()), CallId.random()).close());
      }
      assertTrue(!store.keys("locks/").first().equals(key), "It was stored again");
    }
    assertEquals(0, store.keys("locks/").size());
  }

  /** A bucket policy may forbid writers to delete: what is over is said by one more lock. */
  @Test
  void backup_withoutPermissionToDelete_worksAgainAndAgain() {
    Store writeOnly =
        new ForwardingStore(store) {
          @Override
          public void delete(String key) throws IOException {
            throw new AccessDeniedException(key);
          }
        };
    try (Repository repository = Repositories.open(writeOnly)) {
      for (int i = 0; i < 3; i++) {
        Repositories.backup(repository, source);
        assertEquals(List.of(), repository.locks());
      }
    }
    assertEquals(6, store.keys("locks/").size());
    try (Repository repository = Repositories.open(store.handle())) {
      Repositories.backup(repository, source);
    }
    assertEquals(0, store.keys("locks/").size());
  }

  @Test
  void backup_withoutPermissionForLocks_works() {
    Store forbidding =
        new ForwardingStore(store) {
          @Override
          public Stored create(String key, Body body) throws IOException {
            forbid(key);
            return super.create(key, body);
          }

          @Override
          public Page list(String prefix, String startAfter) throws IOException {
            forbid(prefix);
            return super.list(prefix, startAfter);
          }

          private void forbid(String key) throws IOException {
            if (key.startsWith("locks/")) {
              throw new AccessDeniedException(key);
            }
          }
        };
    try (Repository repository = Repositories.open(forbidding)) {
      Snapshot snapshot = Repositories.backup(repository, source);
      Repositories.assertRestores(repository, snapshot, source);
    }
  }

  /** Locks lost, forged and doubled in any number while backups run: nothing else shows it. */
  @Test
  void locks_lostAndForgedAtAnyCall_costNoData() throws IOException {
    Random random = Seeds.random(LocksTest.class);
    long end = Seeds.end();
    int refused = 0;
    int made = 0;
    for (int round = 0; round < 20 || (round < 500 && System.nanoTime() < end); round++) {
      MemoryStore place = store.fork();
      Store meddled =
          new ForwardingStore(place) {
            @Override
            public Stored create(String key, Body body) throws IOException {
              meddle();
              Stored stored = super.create(key, body);
              meddle();
              return stored;
            }

            private void meddle() throws IOException {
              synchronized (random) {
                List<String> there = List.copyOf(place.keys("locks/"));
                if (!there.isEmpty() && random.nextInt(3) == 0) {
                  place.delete(there.get(random.nextInt(there.size())));
                }
                if (random.nextInt(12) == 0) {
                  SourceIdentity on =
                      random.nextBoolean()
                          ? source.identity()
                          : Generated.source("s", 0).identity();
                  String key = LockItem.newKey();
                  place.put(key, sealed(key, elsewhere(on)));
                }
              }
            }
          };
      try (Repository repository = Repositories.open(meddled)) {
        for (int i = 0; i < 2; i++) {
          try {
            repository.backup(Generated.source("s", random.nextInt(3), 6000));
            made++;
          } catch (LockedException e) {
            refused++;
          }
          repository.backup(source, BackupOptions.builder().waiting().build());
          made++;
        }
      }
      try (Repository repository = Repositories.open(place.handle())) {
        assertTrue(
            repository
                .check(CheckOptions.builder().level(CheckOptions.Level.DATA).build())
                .clean());
        Repositories.assertRestores(
            repository,
            repository.snapshots().of(source.identity()).latest().orElseThrow(),
            source);
      }
    }
    System.out.println(made + " backups among forged and lost locks, " + refused + " refused");
  }

  /** A process that was killed holds nobody up on its machine, a suspended one not for long. */
  @Test
  void killedOrSuspendedProcess_holdsNobodyUpForLong(@TempDir Path directory) throws Exception {
    KeyFile key = KeyFile.generate();
    MemorySource large = KilledBackups.large(7);
    Process child =
        Child.start(
            KilledBackups.class,
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            List.of(directory.toString(), key.text(), "large", "7", "once"));
    try (BufferedReader told = child.inputReader()) {
      assertEquals("ready", told.readLine());
      assertEquals("partial", told.readLine());
      assertEquals(0, new ProcessBuilder("kill", "-STOP", "" + child.pid()).start().waitFor());
      try (Repository repository =
          Repository.open(DirectoryStore.open(directory), key, Repositories.options().build())) {
        assertThrows(LockedException.class, () -> repository.backup(large));
        assertEquals(child.pid(), repository.locks().get(0).process());
        makeOld(directory);
        // Looks at the times anew; a backup may look at locks before it has done that.
        assertEquals(child.pid(), repository.locks().get(0).process());
        Snapshot snapshot = repository.backup(large).snapshot();
        Repositories.assertRestores(repository, snapshot, large);
      }
    } finally {
      child.toHandle().destroyForcibly();
      child.waitFor();
    }
    try (Repository repository =
        Repository.open(DirectoryStore.open(directory), key, Repositories.options().build())) {
      Repositories.assertRestores(repository, repository.backup(large).snapshot(), large);
      assertEquals(List.of(), repository.locks());
    }
  }

  @Test
  void killedProcess_holdsNobodyUpAtAllOnItsMachine(@TempDir Path directory) throws Exception {
    KeyFile key = KeyFile.generate();
    Process child =
        Child.start(
            KilledBackups.class,
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            List.of(directory.toString(), key.text(), "large", "7", "once"));
    try (BufferedReader told = child.inputReader()) {
      assertEquals("ready", told.readLine());
      assertEquals("partial", told.readLine());
    } finally {
      child.toHandle().destroyForcibly();
      child.waitFor();
    }
    try (Stream<Path> locks = Files.list(directory.resolve("locks"))) {
      assertEquals(1, locks.count());
    }
    try (Repository repository =
        Repository.open(DirectoryStore.open(directory), key, Repositories.options().build())) {
      assertEquals(List.of(), repository.locks());
      repository.backup(KilledBackups.large(7));
    }
    try (Stream<Path> locks = Files.list(directory.resolve("locks"))) {
      assertEquals(0, locks.count());
    }
  }

  /** Moves locks and records into the past of the store's clock. */
  private static void makeOld(Path directory) throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(LockHolder.STALE_AFTER).minusSeconds(60));
    for (String below : List.of("locks", "log")) {
      try (Stream<Path> items = Files.list(directory.resolve(below))) {
        for (Path item : items.toList()) {
          Files.setLastModifiedTime(item, old);
        }
      }
    }
  }

  private Presence enter(Vault vault) {
    return vault.locks().enter("backup", List.of(source.identity()), CallId.random());
  }

  private static LockNote elsewhere(SourceIdentity on) {
    return new LockNote(
        CallId.random(),
        false,
        "backup",
        List.of(on),
        "far-away",
        4711,
        Instant.EPOCH,
        "elsewhere",
        Optional.empty(),
        "varve test");
  }

  /** Stores a lock as somebody with the key would; its bytes. */
  private byte[] put(LockNote note) throws IOException {
    String key = LockItem.newKey();
    byte[] bytes = sealed(key, note);
    store.put(key, bytes);
    return bytes;
  }

  private byte[] sealed(String key, LockNote note) throws IOException {
    try (Vault vault = vault()) {
      SmallSeal seal = new SmallSeal(vault.keys().key(KeyPurpose.SEAL_LOG));
      return new LockItem(vault.id(), seal).seal(key, note);
    }
  }

  private Vault vault() throws IOException {
    return vault(store, Repositories.options().build());
  }

  private static Vault vault(MemoryStore place, RepositoryOptions options) throws IOException {
    return new VaultDoor(place.handle(), options.forVault()).open(Repositories.KEY).vault();
  }
}
