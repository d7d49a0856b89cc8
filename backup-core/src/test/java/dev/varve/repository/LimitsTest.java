package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CancelledException;
import dev.varve.key.KeyFile;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Verbs on a line so slow that they would take days, and a caller who does not wait for it. */
class LimitsTest {

  private static final long SLOWEST = 64 * 1024;
  private static final long DAYS_OF_IT = 20L << 30;

  private final MemoryStore place = new MemoryStore();
  private final KeyFile key = KeyFile.generate();
  private final CountDownLatch begun = new CountDownLatch(1);

  /** Tells when a pack is on its way. */
  private final class Telling extends ForwardingStore {

    Telling(Store store) {
      super(store);
    }

    @Override
    public Stored create(String key, Body body) throws IOException {
      tell(key);
      return super.create(key, body);
    }

    @Override
    public void read(String key, long offset, ByteBuffer into) throws IOException {
      tell(key);
      super.read(key, offset, into);
    }

    private void tell(String key) {
      if (key.startsWith("packs/")) {
        begun.countDown();
      }
    }
  }

  private Repository open(RepositoryOptions.Builder options) {
    RepositoryOptions slow = options.withoutCache().withoutState().build();
    return Repository.openOrCreate(new Telling(place.handle()), key, slow);
  }

  private void interruptedOnTheWay(Runnable verb) throws Exception {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                verb.run();
                end.completeExceptionally(new AssertionError("It ended by itself"));
              } catch (RuntimeException e) {
                end.complete(e);
              }
            });
    caller.start();
    begun.await();
    caller.interrupt();
    try {
      assertTrue(end.get() instanceof CancelledException, () -> "" + end.join());
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
    caller.join();
  }

  @Test
  void backup_cancelledWhileItWaitsForItsTurn_endsAndStoresNothing() throws Exception {
    MemorySource endless = new MemorySource().file("large", DAYS_OF_IT, 1);
    try (Repository repository = open(RepositoryOptions.builder().uploadLimit(SLOWEST))) {
      interruptedOnTheWay(() -> repository.backup(endless));
    }
    assertEquals(0, place.list("packs/", "").items().size());
  }

  @Test
  void restore_cancelledWhileItWaitsForItsTurn_ends() throws Exception {
    MemorySource source = new MemorySource().file("large", 20_000_000, 1);
    try (Repository repository =
        Repository.create(place.handle(), key, Repositories.options().build())) {
      repository.backup(source);
    }
    try (Repository repository = open(RepositoryOptions.builder().downloadLimit(SLOWEST))) {
      interruptedOnTheWay(
          () ->
              repository.restore(
                  repository.snapshots().latest().orElseThrow(), new CollectingTarget()));
    }
  }
}
