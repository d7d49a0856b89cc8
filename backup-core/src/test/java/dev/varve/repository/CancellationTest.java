package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CancelledException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.Snapshot;
import dev.varve.internal.store.VerbPause;
import dev.varve.key.KeyFile;
import dev.varve.source.Source;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.LeakCheck;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The caller is interrupted at any instant: the verb ends soon, either as cancelled, having done
 * nothing that counts, or done, with the interrupt still to be seen; and nothing stays open.
 */
class CancellationTest {

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  private final Random random = Seeds.random(CancellationTest.class);
  private final MemorySource source = new MemorySource();

  /** Goes up with each that is cancelled, down with each that is done, so that both come. */
  private long longestNanos = 30_000_000;

  @Test
  void backup_interruptedAtAnyInstant_isCancelledOrCommitted() throws Exception {
    int cancelled = 0;
    int done = 0;
    long end = Seeds.end();
    while (cancelled == 0 || done == 0 || cancelled + done < 20 || System.nanoTime() < end) {
      edit();
      MemoryStore store = new MemoryStore();
      try (Repository repository = Repositories.create(leaks.watch(store.handle()))) {
        Source watched = leaks.watch(source);
        boolean committed =
            interruptedOrDone(
                () -> repository.backup(watched),
                () -> assertEquals(1, repository.snapshots().list().size()));
        // Whoever is told that it was cancelled is told that nothing was committed.
        assertEquals(committed ? 1 : 0, repository.snapshots().list().size());
        cancelled += committed ? 0 : 1;
        done += committed ? 1 : 0;
        Snapshot next = Repositories.backup(repository, source);
        Repositories.assertRestores(repository, next, source);
        CheckReport report =
            repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
        assertTrue(report.clean(), () -> report.findings().toString());
      }
      assertEquals(0, store.openHandles());
      assertEquals(List.of(), source.misuses());
      leaks.assertNothingIsLeft();
    }
    System.out.println("Interrupted backups: " + cancelled + " cancelled, " + done + " done");
  }

  /** An interrupted thread cannot read files; trying again for long would not help. */
  @Test
  void open_callerIsInterrupted_isCancelledAtOnce(@TempDir Path folder) {
    String location = folder.resolve("repository").toString();
    KeyFile key = KeyFile.generate();
    Repository.create(location, key).close();

    Thread.currentThread().interrupt();
    try {
      assertThrows(CancelledException.class, () -> Repository.open(location, key));
    } finally {
      assertTrue(Thread.interrupted(), "the host must still see the interrupt");
    }

    Repository.open(location, key).close();
  }

  /** Opening is done by the host's thread, whose interrupt closes the file an index run goes to. */
  @Test
  void open_callerIsInterruptedWhileTheIndexIsRead_isCancelled() {
    edit();
    MemoryStore store = new MemoryStore();
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, source);
    }
    Thread caller = Thread.currentThread();
    Store interrupting =
        new ForwardingStore(store.handle()) {
          @Override
          public void read(String key, long offset, ByteBuffer into) throws IOException {
            if (key.startsWith("index/")) {
              caller.interrupt();
            }
            super.read(key, offset, into);
          }
        };
    try {
      assertThrows(CancelledException.class, () -> Repositories.open(interrupting).close());
    } finally {
      assertTrue(Thread.interrupted(), "the host must still see the interrupt");
    }
    assertEquals(0, store.openHandles());
  }

  @Test
  void restoreAndCheck_interruptedAtAnyInstant_leaveTheRepositoryUsable() throws Exception {
    edit();
    MemoryStore store = new MemoryStore();
    try (Repository repository = Repositories.create(leaks.watch(store.handle()))) {
      Snapshot snapshot = Repositories.backup(repository, source);
      int cancelled = 0;
      long end = Seeds.end();
      for (int i = 0; cancelled == 0 || i < 20 || System.nanoTime() < end; i++) {
        CollectingTarget target = new CollectingTarget();
        boolean done =
            interruptedOrDone(
                i % 2 == 0
                    ? () -> repository.restore(snapshot, target)
                    : () -> repository.check(CheckOptions.defaults()),
                () -> {});
        cancelled += done ? 0 : 1;
        Repositories.assertRestores(repository, snapshot, source);
      }
    }
    assertEquals(0, store.openHandles());
  }

  /** A commit that was sent is resolved, by the real waiting between attempts, before it ends. */
  @Test
  void backup_interruptedWhenTheReplyToItsCommitIsLost_isCommittedAndSaysSo() throws Exception {
    edit();
    MemoryStore store = new MemoryStore();
    Repositories.create(store.handle()).close();
    Thread caller = Thread.currentThread();
    AtomicBoolean once = new AtomicBoolean(true);
    Store losing =
        new ForwardingStore(store.handle()) {
          @Override
          public Stored create(String key, Body body) throws IOException {
            Stored stored = super.create(key, body);
            if (key.startsWith("log/") && once.getAndSet(false)) {
              caller.interrupt();
              LockSupport.parkNanos(50_000_000);
              throw new IOException("The reply was lost");
            }
            return stored;
          }
        };
    RepositoryOptions waiting = Repositories.options().pause(new VerbPause()).build();
    try (Repository repository = Repository.open(losing, Repositories.KEY, waiting)) {
      Snapshot snapshot = Repositories.backup(repository, source);
      assertTrue(Thread.interrupted(), "The interrupt was swallowed");
      Repositories.assertRestores(repository, snapshot, source);
    }
  }

  private void edit() {
    for (int i = 0; i < 8; i++) {
      source.file("d/file" + i, 200_000, random.nextLong());
    }
  }

  /**
   * Whether it was done rather than cancelled; the interrupt must be seen in either case.
   *
   * @param whenDone what must hold if the interrupt came when it was done already
   */
  private boolean interruptedOrDone(Callable<?> verb, Runnable whenDone) throws Exception {
    Outcome outcome = new Outcome(verb);
    Thread caller = new Thread(outcome);
    caller.start();
    outcome.started.await();
    LockSupport.parkNanos((long) (random.nextDouble() * longestNanos));
    caller.interrupt();
    caller.join();
    if (outcome.failure instanceof CancelledException) {
      assertTrue(outcome.flagSeen, "The interrupt was swallowed");
      longestNanos += longestNanos / 4;
      return false;
    }
    if (outcome.failure != null) {
      throw new AssertionError("Interrupted, it failed otherwise", outcome.failure);
    }
    longestNanos = Math.max(longestNanos / 2, outcome.tookNanos);
    whenDone.run();
    return true;
  }

  /** Runs a verb and keeps what came of it; read by others after the thread has ended. */
  private static final class Outcome implements Runnable {
    private final Callable<?> verb;
    private final CountDownLatch started = new CountDownLatch(1);
    private @org.jspecify.annotations.Nullable Exception failure;
    private boolean flagSeen;
    private long tookNanos;

    Outcome(Callable<?> verb) {
      this.verb = verb;
    }

    @Override
    public void run() {
      started.countDown();
      long begin = System.nanoTime();
      try {
        verb.call();
      } catch (Exception e) {
        failure = e;
      }
      tookNanos = System.nanoTime() - begin;
      flagSeen = Thread.interrupted();
    }
  }
}
