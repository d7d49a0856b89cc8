package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CancelledException;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * The caller of each {@link PublicVerb} is interrupted while any of its store calls is under way:
 * it is cancelled or done, the interrupt can be seen, nothing is lost or half there, nothing stays
 * open, and the next run succeeds.
 */
class VerbInterruptsTest {

  private static final int DEEP_ROUNDS = 500;

  private final Random random = Seeds.random(VerbInterruptsTest.class);
  private final Scene made = new Scene(new MemoryStore(), new MemoryStore());

  @Test
  void anyVerb_interruptedAtAnyCall_isCancelledOrDone() {
    Map<PublicVerb, Scene> prepared = new EnumMap<>(PublicVerb.class);
    Map<PublicVerb, Integer> calls = new EnumMap<>(PublicVerb.class);
    for (PublicVerb verb : PublicVerb.values()) {
      prepared.put(verb, verb.prepare(made));
      calls.put(verb, 40);
    }
    int cancelled = 0;
    int trials = 0;
    long end = Seeds.nearEnd();
    for (int i = 0; i < 1 || (Seeds.DEEP ? i < DEEP_ROUNDS : System.nanoTime() < end); i++) {
      for (PublicVerb verb : PublicVerb.values()) {
        Scene scene = Objects.requireNonNull(prepared.get(verb)).take().onThreads();
        Interrupting store =
            new Interrupting(
                scene.place.handle(), 1 + random.nextInt(Objects.requireNonNull(calls.get(verb))));
        try {
          cancelled += isDone(verb, store, scene) ? 0 : 1;
          assertEquals(0, scene.place.openHandles());
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError(verb + " at call " + store.which + ": " + e, e);
        }
        calls.put(verb, Math.max(5, store.calls.get()));
        trials++;
      }
    }
    System.out.println(trials + " interrupted verbs, of which " + cancelled + " were cancelled");
    assertTrue(cancelled > 0 && cancelled < trials, cancelled + " of " + trials);
  }

  private static boolean isDone(PublicVerb verb, Interrupting store, Scene scene) {
    Optional<Throwable> failure = Optional.empty();
    try (Repository repository =
        Repository.open(store, Repositories.KEY, Scene.options().despiteDamage().build())) {
      verb.run(repository, scene);
    } catch (CancelledException | IOException e) {
      failure = Optional.of(e);
    }
    boolean seen = Thread.interrupted();
    assertEquals(store.calls.get() >= store.which, seen, "The interrupt was swallowed");
    scene.judge(verb, scene.place::handle, failure);
    return failure.isEmpty();
  }

  /** Interrupts who made it while a call is under way. */
  private static final class Interrupting extends ForwardingStore {
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger calls = new AtomicInteger();
    private final int which;

    Interrupting(Store store, int which) {
      super(store);
      this.which = which;
    }

    private void count() {
      if (calls.incrementAndGet() == which) {
        caller.interrupt();
        // So that it mostly is noticed before the call ends.
        LockSupport.parkNanos(500_000);
      }
    }

    @Override
    public Stored create(String key, Body body) throws IOException {
      count();
      return super.create(key, body);
    }

    @Override
    public void read(String key, long offset, ByteBuffer into) throws IOException {
      count();
      super.read(key, offset, into);
    }

    @Override
    public Page list(String prefix, String startAfter) throws IOException {
      count();
      return super.list(prefix, startAfter);
    }

    @Override
    public void delete(String key) throws IOException {
      count();
      super.delete(key);
    }
  }
}
