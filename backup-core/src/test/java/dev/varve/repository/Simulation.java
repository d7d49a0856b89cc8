package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.BackupOptions;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.PruneOptions;
import dev.varve.PrunePlan;
import dev.varve.RepairOptions;
import dev.varve.internal.log.BrokenLogRules;
import dev.varve.internal.store.Pause;
import dev.varve.store.Store;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One repository in a simulated store and several processes at work in it, one store call at a
 * time, in an order that follows from a seed; calls fail, are late or done twice, processes die or
 * are suspended, an item of the index gets lost. After each call that can lose anything every
 * snapshot that ought to be there is restored and compared, but for those that {@link Proofs} knows
 * to be as they were.
 */
final class Simulation {

  /** What a simulation has met. */
  record Result(
      int turns,
      int changes,
      int deletions,
      int verified,
      int restores,
      int faults,
      int deaths,
      int conflicts,
      int history) {}

  /** An item that was there and is not. */
  private record Lost(String key, byte[] bytes) {}

  private record Late(int turn, String key, SimulatedStore.Change change) {}

  /** How seldom an item is verified about that nobody can know yet. */
  private static final int SELDOM = 16;

  /** One in so many times everything is restored, whether anything has changed or not. */
  private static final int ALL = 16;

  /** What becomes of calls in an outage. */
  private static final SimulatedStore.Fate[] DISTURBED = {
    SimulatedStore.Fate.FAILED,
    SimulatedStore.Fate.FAILED,
    SimulatedStore.Fate.LATE,
    SimulatedStore.Fate.REPLY_LOST
  };

  private final long seed;
  private final Random random;
  private final Mutant mutant;
  private final boolean faulty;
  private final boolean vandalised;
  private final MemoryStore place = place();
  private final Turns turns;
  private final Ledger ledger = new Ledger();
  private final List<Late> late = new ArrayList<>();
  private final Deque<String> trace = new ArrayDeque<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private boolean toBeVerified;
  private Optional<Lost> lost = Optional.empty();
  private Turns.@Nullable Actor cutOff;
  private int outage;
  private int changes;
  private int verifications;
  private int verified;
  private int faults;
  private int deletions;
  private int deaths;
  private int pruners;
  private int conflicts;
  private int history;

  Simulation(long seed, Mutant mutant) {
    this.seed = seed;
    this.mutant = mutant;
    this.random = new Random(seed);
    this.faulty = random.nextInt(3) > 0;
    this.vandalised = mutant == Mutant.NONE && random.nextInt(8) == 0;
    this.turns = new Turns(random);
  }

  /** Small packs and chunks: many of them, and fast. */
  static RepositoryOptions.Builder options() {
    return Repositories.options()
        .inline()
        .chunkSizes(4 << 10, 8 << 10, 16 << 10)
        .packSizes(32 << 10, 8 << 10)
        .pause(new SteppedClock());
  }

  /** A clock that goes on by a second whenever it is looked at, whatever chance says to wait. */
  private static final class SteppedClock implements Pause {

    private final AtomicLong seconds = new AtomicLong();

    @Override
    public long nanoTime() {
      return TimeUnit.SECONDS.toNanos(seconds.incrementAndGet());
    }

    @Override
    public void pause(Duration time) {
      seconds.incrementAndGet();
    }
  }

  /** A connection that nothing happens to. */
  static Repository open(MemoryStore place) {
    return Repository.open(place.handle(), Repositories.KEY, options().build());
  }

  /** Another repository, empty. */
  static MemoryStore another() {
    MemoryStore place = place();
    Repository.create(place.handle(), Repositories.KEY, options().build()).close();
    return place;
  }

  /** Lets everything draw its randomness that is drawn once in a process. */
  static void warmUp() {
    MemoryStore place = another();
    MemorySource source = Generated.small("first", 0);
    try (Repository repository = open(place)) {
      Repositories.assertRestores(repository, Repositories.backup(repository, source), source);
      repository.prune();
    }
  }

  private static MemoryStore place() {
    return new MemoryStore().pageSize(7);
  }

  /** Runs it to its end. */
  Result run() throws Exception {
    SeededRandomness.seed(seed);
    SeededRandomness.repeat(mutant == Mutant.REUSED_PACK_NAMES);
    place.clock(this::tick);
    Repository.create(place.handle(), Repositories.KEY, options().build()).close();
    if (mutant == Mutant.PLAIN_PUT) {
      place.ignoringConditions();
    }
    // What is wrong shows where much is forgotten and pruned.
    int least = mutant == Mutant.NONE ? 0 : 1;
    pruners = least + random.nextInt(3 - least);
    Roles roles = new Roles(this, ledger, random, mutant, seed);
    if (mutant == Mutant.CHECKPOINT_BELIEVED) {
      mislead(roles);
    } else {
      roles.cast(turns, pruners, least);
    }
    try {
      turns.run(this::afterTurn);
      for (Late each : List.copyOf(late)) {
        apply(each);
      }
      heal();
      verify(true);
      clearUp();
      verify(true);
      Ledger.verifyLog(place);
      return new Result(
          turns.taken(),
          changes,
          deletions,
          verified,
          ledger.restored(),
          faults,
          deaths,
          conflicts,
          history);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "Schedule of seed " + seed + " failed: " + e + "\n" + String.join("\n", trace), e);
    }
  }

  /** Backs up, and stores a checkpoint that lies; then there are pruners and nobody else. */
  private void mislead(Roles roles) throws IOException {
    try (Repository repository = open(place)) {
      for (int i = 0; i < 3; i++) {
        String tag = "writer-" + i;
        MemorySource source = Generated.small("writer" + i, random.nextInt(9));
        ledger.knows(tag, source);
        repository.backup(source, BackupOptions.builder().tag("run", tag).build());
        ledger.finished(tag);
      }
      assertTrue(BrokenLogRules.plantFalseCheckpoint(repository.vault().log()));
    }
    roles.pruners(turns, 1 + random.nextInt(2));
  }

  /** Whatever was lost, a repair brings it back. */
  private void heal() {
    if (lost.isPresent()) {
      try (Repository repository = open(place)) {
        repository.repair(repository.planRepair(RepairOptions.defaults()));
      }
      lost = Optional.empty();
    }
  }

  /** Whatever happened, some prunes later all space has come back that nobody needs. */
  private void clearUp() {
    PruneOptions thorough =
        PruneOptions.builder().now().staleAfter(Duration.ZERO).repackBelow(1).build();
    try (Repository repository = open(place)) {
      int prunes = 0;
      while (!repository.prune(thorough).isEmpty()) {
        assertTrue(++prunes <= 6, "Pruning comes to no end");
      }
      PrunePlan plan = repository.planPrune(thorough);
      assertTrue(plan.isEmpty() && plan.unreadable().isEmpty(), plan::toString);
      CheckReport report =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(report.clean(), () -> report.findings().toString());
    }
  }

  /** What a process does with the repository. */
  interface Work {
    void with(Repository repository) throws Exception;
  }

  /** What one process does from its start to its end; nothing fails but by a fault. */
  void process(Turns.Actor actor, Work work) {
    Store store = new SimulatedStore(place, actor, this);
    int before = faults;
    try (Repository repository =
        Repository.open(store, Repositories.KEY, mutant.options().build())) {
      work.with(repository);
    } catch (BackupException failure) {
      note(actor + " gives up: " + failure.getMessage());
      boolean overtaken = Roles.isOvertaken(failure);
      conflicts += overtaken ? 1 : 0;
      assertTrue(
          overtaken || faults > before || vandalised,
          () -> "Failed though all was well: " + failure);
    } catch (Exception failure) {
      throw new AssertionError("A failure nobody translated", failure);
    }
  }

  /** Whether anything may fail, or find something wrong. */
  boolean mayFail() {
    return faulty || vandalised;
  }

  /** Whether what somebody reads may be pruned meanwhile. */
  boolean mayLose() {
    return mayFail() || pruners > 0;
  }

  /** What becomes of a call. */
  SimulatedStore.Fate fate(Turns.Actor actor, String what, boolean changes) {
    SimulatedStore.Fate fate = SimulatedStore.Fate.DONE;
    if (faulty && outage > 0 && actor == cutOff) {
      outage--;
      fate = DISTURBED[random.nextInt(DISTURBED.length)];
    } else if (faulty && random.nextInt(40) == 0) {
      SimulatedStore.Fate[] all = SimulatedStore.Fate.values();
      fate = all[random.nextInt(all.length)];
      cutOff = random.nextInt(4) == 0 ? actor : cutOff;
      outage = cutOff == actor ? random.nextInt(40) : outage;
    }
    boolean late = fate != SimulatedStore.Fate.FAILED && fate != SimulatedStore.Fate.DIES_BEFORE;
    fate = changes || !late ? fate : SimulatedStore.Fate.DONE;
    faults += fate == SimulatedStore.Fate.DONE ? 0 : 1;
    deaths += fate.isDeath() ? 1 : 0;
    if (random.nextInt(60) == 0) {
      actor.sleep(random.nextInt(400));
    }
    deletions += what.startsWith("delete packs/") ? 1 : 0;
    note(actor + " " + what + (fate == SimulatedStore.Fate.DONE ? "" : " " + fate));
    return fate;
  }

  /** Does something after some more turns. */
  void later(String key, SimulatedStore.Change change) {
    late.add(new Late(turns.taken() + 1 + random.nextInt(200), key, change));
  }

  /** To be told of each item that was created. */
  void created(String key) {
    changes++;
    boolean known = key.startsWith("packs/") || key.startsWith("index/");
    toBeVerified |= !key.startsWith("locks/") && (!known || random.nextInt(SELDOM) == 0);
  }

  /** To be told of each item that was deleted. */
  void deleted(String key) {
    changes++;
    toBeVerified |= !key.startsWith("locks/");
  }

  private void afterTurn() throws Exception {
    for (Late each : List.copyOf(late)) {
      if (each.turn <= turns.taken()) {
        apply(each);
      }
    }
    if (vandalised && lost.isEmpty() && random.nextInt(200) == 0) {
      vandalise();
    }
    if (toBeVerified) {
      verify(++verifications % ALL == 0);
    }
  }

  private void vandalise() {
    List<String> runs = List.copyOf(place.keys("index/"));
    if (!runs.isEmpty()) {
      String key = runs.get(random.nextInt(runs.size()));
      note("lost: " + key);
      lost = Optional.of(new Lost(key, place.bytes(key)));
      place.remove(key);
    }
  }

  private void apply(Late each) throws IOException {
    late.remove(each);
    note("late " + each.key);
    try {
      each.change.make();
    } catch (FileAlreadyExistsException nobodyHears) {
      return;
    }
    deleted(each.key);
  }

  /**
   * Restores all, or what has changed for the reader since it was restored last.
   *
   * <p>What only a lost item of the index tells of cannot be found, and whoever reads is told so;
   * but nobody may give it up. So here the item is put back to see that all is there.
   */
  private void verify(boolean all) {
    toBeVerified = false;
    MemoryStore fork = place.fork();
    lost.ifPresent(item -> fork.put(item.key(), item.bytes()));
    try (Repository repository = open(fork)) {
      verified += ledger.verify(repository, fork, all);
    }
  }

  private Instant tick() {
    now = now.plus(Duration.ofMillis(1 + random.nextInt(1000)));
    return now;
  }

  private void note(String event) {
    history = 31 * history + event.hashCode();
    trace.add(turns.taken() + " " + event);
    if (trace.size() > 400) {
      trace.remove();
    }
  }
}
