package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Listener;
import dev.varve.Progress;
import dev.varve.PruneOptions;
import dev.varve.PruneReport;
import dev.varve.Snapshot;
import dev.varve.internal.prune.Prune;
import dev.varve.internal.store.Pause;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.LockHolder;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** What a prune lets others see while it works, and how soon it stops when it is told to. */
class PruneProgressTest {

  private static final PruneOptions NOW =
      PruneOptions.builder().now().staleAfter(Duration.ZERO).build();

  private final MemoryStore store = new MemoryStore();
  private final MemorySource few = new MemorySource().directory("d");

  /** Two packs to empty, and some that nobody needs. */
  private Snapshot prepare() {
    Snapshot kept;
    try (Repository repository = Repositories.create(store.handle())) {
      MemorySource wide = new MemorySource().directory("d").file("rest", 700_000, 3);
      for (int i = 0; i < 6; i++) {
        wide.file("d/" + i, 5_000, 20 + i);
        few.file("d/" + i, 5_000, 20 + i);
      }
      Snapshot dropped = Repositories.backup(repository, wide);
      kept = Repositories.backup(repository, few);
      Forgetting.forget(store.handle(), dropped);
    }
    return kept;
  }

  private static Repository inline(Store place) {
    return Repositories.openInline(place);
  }

  /** Hears of every step, by phase. */
  private static final class Steps implements Listener {
    private final Map<String, List<Progress>> phases = new LinkedHashMap<>();

    @Override
    public void progress(Progress progress) {
      phases.computeIfAbsent(progress.phase(), phase -> new ArrayList<>()).add(progress);
    }

    Progress last(String phase) {
      List<Progress> all = phases.getOrDefault(phase, List.of());
      return all.get(all.size() - 1);
    }
  }

  @Test
  void phases_ofAPruneThatDoesEverything_areToldWithWhatIsDone() throws IOException {
    Snapshot kept = prepare();
    try (Repository repository = inline(store.handle())) {
      Steps steps = new Steps();
      final long before = store.keys("packs/").size();
      PruneReport report =
          new Prune(repository.vault(), NOW, new Reporter(steps, Duration.ZERO), new Cancellation())
              .run();
      assertEquals(
          List.of(
              "following catalogs",
              "counting",
              "repacking",
              "looking into packs",
              "opening copies",
              "deleting"),
          List.copyOf(steps.phases.keySet()));
      Progress followed = steps.last("following catalogs");
      assertTrue(followed.entries() > 0 && followed.bytes() > 0, followed::toString);
      Progress repacked = steps.last("repacking");
      assertEquals(report.repacked().items(), repacked.entries());
      assertEquals(OptionalLong.of(report.repacked().items()), repacked.totalEntries());
      assertEquals(report.repacked().bytes(), repacked.bytes());
      assertEquals(OptionalLong.of(report.repacked().bytes()), repacked.totalBytes());
      Progress looked = steps.last("looking into packs");
      assertEquals(report.condemned().items(), looked.entries());
      assertEquals(OptionalLong.of(report.condemned().items()), looked.totalEntries());
      Progress opened = steps.last("opening copies");
      assertTrue(opened.bytes() > 0, opened::toString);
      Progress deleted = steps.last("deleting");
      assertEquals(report.condemned().items(), deleted.entries());
      assertEquals(report.condemned().bytes(), deleted.bytes());
      assertTrue(store.keys("packs/").size() < before);
      Repositories.assertRestores(repository, kept, few);
    }
  }

  @Test
  void lastProgress_isAlwaysTold() throws IOException {
    prepare();
    try (Repository repository = inline(store.handle())) {
      Steps steps = new Steps();
      Reporter reporter = new Reporter(steps, Duration.ofDays(1));
      PruneReport report = new Prune(repository.vault(), NOW, reporter, new Cancellation()).run();
      assertEquals(report.condemned().items(), steps.last("deleting").entries());
    }
  }

  @Test
  void plan_tellsWhatItLooksAt() throws IOException {
    prepare();
    try (Repository repository = inline(store.handle())) {
      Steps steps = new Steps();
      new Prune(repository.vault(), NOW, new Reporter(steps, Duration.ZERO), new Cancellation())
          .plan();
      assertEquals(List.of("following catalogs", "counting"), List.copyOf(steps.phases.keySet()));
    }
  }

  /** Cancels at a call, and counts those that come all the same. */
  private static final class CancellingStore extends ForwardingStore {
    private final Cancellation cancellation;
    private final long at;
    private final List<String> calls = new ArrayList<>();
    private int atWork;

    CancellingStore(Store store, Cancellation cancellation, long at) {
      super(store);
      this.cancellation = cancellation;
      this.at = at;
    }

    private void call(String what) {
      // Locks are removed whatever happens, and opening the repository is not cancelled.
      if (atWork > 0 && !what.contains("locks/")) {
        calls.add(what);
        if (calls.size() == at) {
          cancellation.cancel();
        }
      }
    }

    List<String> after() {
      return calls.size() <= at ? List.of() : calls.subList((int) at, calls.size());
    }

    @Override
    public Stored create(String key, Body body) throws IOException {
      call("create " + key);
      return super.create(key, body);
    }

    @Override
    public void read(String key, long offset, ByteBuffer into) throws IOException {
      call("read " + key);
      super.read(key, offset, into);
    }

    @Override
    public Page list(String prefix, String startAfter) throws IOException {
      call("list " + prefix);
      return super.list(prefix, startAfter);
    }

    @Override
    public Map<String, IOException> deleteAll(Collection<String> keys) {
      call("delete " + keys);
      return super.deleteAll(keys);
    }
  }

  /** Wherever it is cancelled, it ends after a few calls, and what it kept restores. */
  @Test
  void cancelled_atAnyCall_stopsSoonAndHasLostNothing() throws IOException {
    Snapshot kept = prepare();
    store.pageSize(1);
    int cancelled = 0;
    long longest = 0;
    for (long at = 1; ; at++) {
      MemoryStore place = store.fork();
      Cancellation cancellation = new Cancellation();
      CancellingStore cancelling = new CancellingStore(place.handle(), cancellation, at);
      try (Repository repository = inline(cancelling)) {
        cancelling.atWork = 1;
        Prune prune = new Prune(repository.vault(), NOW, new Reporter(Listener.NONE), cancellation);
        boolean done = true;
        try {
          prune.run();
        } catch (CancellationException e) {
          done = false;
          cancelled++;
        } catch (IOException e) {
          // What was being written is abandoned with that reason; a verb says the same of both.
          assertEquals("The prune was cancelled", e.getMessage());
          done = false;
          cancelled++;
        }
        cancelling.atWork = 0;
        List<String> after = cancelling.after();
        longest = Math.max(longest, after.size());
        if (done && cancelling.calls.size() < at) {
          break;
        }
      }
      if (at % 7 == 0) {
        try (Repository repository = inline(place.handle())) {
          Repositories.assertRestores(repository, kept, few);
          repository.prune(NOW);
          Repositories.assertRestores(repository, kept, few);
        }
      }
    }
    assertTrue(cancelled > 30, cancelled + " times");
    assertTrue(longest <= 12, longest + " calls");
  }

  /** A clock by which the time for the next sign of life has always come. */
  @Test
  void run_takesLong_givesSignsOfLife() throws IOException {
    prepare();
    long[] nanos = {0};
    Pause slow =
        new Pause() {
          @Override
          public long nanoTime() {
            nanos[0] += LockHolder.STALE_AFTER.toNanos();
            return nanos[0];
          }

          @Override
          public void pause(Duration time) {}
        };
    List<String> locks = new ArrayList<>();
    Store noting =
        new ForwardingStore(store.handle()) {
          @Override
          public Stored create(String key, Body body) throws IOException {
            if (key.startsWith("locks/")) {
              locks.add(key);
            }
            return super.create(key, body);
          }
        };
    RepositoryOptions options = Repositories.options().inline().pause(slow).build();
    try (Repository repository = Repository.open(noting, Repositories.KEY, options)) {
      PruneReport report = repository.prune(NOW);
      assertTrue(report.repacked().items() > 0);
    }
    // When it begins, and after marking, repacking and before condemning.
    assertEquals(4, locks.size());
    assertEquals(0, store.keys("locks/").size());
  }

  @Test
  void cancelled_before_doesNothing() throws IOException {
    prepare();
    try (Repository repository = inline(store.handle())) {
      Cancellation cancellation = new Cancellation();
      cancellation.cancel();
      Prune prune = new Prune(repository.vault(), NOW, new Reporter(Listener.NONE), cancellation);
      long slots = store.keys("log/").size();
      assertThrows(CancellationException.class, prune::run);
      assertThrows(CancellationException.class, prune::plan);
      assertEquals(slots, store.keys("log/").size());
    }
  }
}
