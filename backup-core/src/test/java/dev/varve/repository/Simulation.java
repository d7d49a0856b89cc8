package dev.varve.repository;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.BackupOptions;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.ConflictException;
import dev.varve.ForgetPlan;
import dev.varve.PruneOptions;
import dev.varve.PrunePlan;
import dev.varve.Retention;
import dev.varve.Snapshot;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * One repository in a simulated store and several processes at work in it, one store call at a
 * time, in an order that follows from a seed; calls fail, are late or done twice, processes die or
 * are suspended. After each call that can lose anything every snapshot that ought to be there is
 * restored and compared.
 */
final class Simulation {

  /** What a simulation has met. */
  record Result(
      int turns,
      int changes,
      int deletions,
      int restores,
      int faults,
      int deaths,
      int conflicts,
      int history) {}

  private record Late(int turn, String key, SimulatedStore.Change change) {}

  private final long seed;
  private final Random random;
  private final boolean faulty;
  private final MemoryStore place = new MemoryStore().pageSize(7);
  private final Turns turns;
  private final Map<String, MemorySource> known = new TreeMap<>();
  private final Set<String> finished = new HashSet<>();
  private final Set<String> forgotten = new HashSet<>();
  private final List<Late> late = new ArrayList<>();
  private final Deque<String> trace = new ArrayDeque<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private boolean toBeVerified;
  private int changes;
  private int restores;
  private int faults;
  private int deletions;
  private int deaths;
  private int pruners;
  private int conflicts;
  private int history;

  Simulation(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
    this.faulty = random.nextInt(3) > 0;
    this.turns = new Turns(random);
  }

  /** Runs it to its end. */
  Result run() throws Exception {
    SeededRandomness.seed(seed);
    place.clock(this::tick);
    Repositories.create(place.handle()).close();
    cast();
    try {
      turns.run(this::afterTurn);
      for (Late each : List.copyOf(late)) {
        apply(each);
      }
      verify();
      clearUp();
      verify();
      return new Result(
          turns.taken(), changes, deletions, restores, faults, deaths, conflicts, history);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "Schedule of seed " + seed + " failed: " + e + "\n" + String.join("\n", trace), e);
    }
  }

  /** Whatever happened, some prunes later all space has come back that nobody needs. */
  private void clearUp() {
    PruneOptions thorough =
        PruneOptions.builder().now().staleAfter(Duration.ZERO).repackBelow(1).build();
    try (Repository repository = Repositories.openInline(place.handle())) {
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

  private void cast() {
    for (int i = 0, writers = 1 + random.nextInt(3); i < writers; i++) {
      String name = "writer" + i;
      int backups = 2 + random.nextInt(4);
      turns.add(name, actor -> write(actor, name, backups));
    }
    for (int i = 0, readers = random.nextInt(2); i < readers; i++) {
      turns.add("reader" + i, this::read);
    }
    for (int i = 0, forgetters = random.nextInt(3); i < forgetters; i++) {
      turns.add("forgetter" + i, this::forget);
    }
    pruners = random.nextInt(3);
    for (int i = 0; i < pruners; i++) {
      turns.add("pruner" + i, this::prune);
    }
    if (random.nextInt(3) == 0) {
      turns.add("checker", this::check);
    }
  }

  private void write(Turns.Actor actor, String name, int backups) {
    Random contents = new Random(seed ^ name.hashCode());
    for (int i = 0; i < backups; i++) {
      String tag = name + "-" + i;
      MemorySource source = Generated.source(name, contents.nextInt(3), 6000);
      known.put(tag, source);
      process(
          actor,
          repository -> {
            repository.backup(source, BackupOptions.builder().tag("run", tag).build());
            finished.add(tag);
          });
    }
  }

  private void read(Turns.Actor actor) {
    for (int i = 0; i < 3; i++) {
      process(
          actor,
          repository -> {
            List<Snapshot> all = repository.snapshots().list();
            if (!all.isEmpty()) {
              Snapshot snapshot = all.get(random.nextInt(all.size()));
              CollectingTarget target = new CollectingTarget();
              boolean complete = repository.restore(snapshot, target).complete();
              String tag = tag(snapshot);
              if (complete) {
                target.assertHolds(source(tag));
              }
              assertTrue(complete || faulty || forgotten.contains(tag), tag + " is incomplete");
            }
          });
    }
  }

  private void forget(Turns.Actor actor) {
    for (int i = 0; i < 3; i++) {
      process(
          actor,
          repository -> {
            ForgetPlan plan = repository.planForget(Retention.keepLast(1 + random.nextInt(2)));
            plan.dropped().forEach(snapshot -> forgotten.add(tag(snapshot)));
            try {
              repository.apply(plan);
            } catch (ConflictException overtaken) {
              note(actor + " is overtaken: " + overtaken.getMessage());
            }
          });
    }
  }

  private void prune(Turns.Actor actor) {
    for (int i = 0; i < 4; i++) {
      PruneOptions.Builder options = PruneOptions.builder().repackBelow(random.nextInt(11) / 10.0);
      if (random.nextInt(3) > 0) {
        options.now();
      } else {
        options.grace(shortTime()).readerDelay(shortTime()).staleAfter(shortTime());
      }
      process(actor, repository -> repository.prune(options.build()));
    }
  }

  private Duration shortTime() {
    return Duration.ofSeconds(random.nextInt(60));
  }

  private void check(Turns.Actor actor) {
    process(
        actor,
        repository -> {
          CheckReport report =
              repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
          assertTrue(report.clean() || faulty, () -> report.findings().toString());
        });
  }

  private interface Work {
    void with(Repository repository) throws Exception;
  }

  /** What one process does from its start to its end; nothing fails but by a fault. */
  private void process(Turns.Actor actor, Work work) {
    SimulatedStore store = new SimulatedStore(place, actor, this);
    int before = faults;
    try (Repository repository = Repositories.openInline(store)) {
      work.with(repository);
    } catch (BackupException failure) {
      note(actor + " gives up: " + failure.getMessage());
      boolean overtaken = failure instanceof ConflictException && pruners > 0;
      conflicts += overtaken ? 1 : 0;
      assertTrue(overtaken || faults > before, () -> "Failed though all was well: " + failure);
    } catch (Exception failure) {
      throw new AssertionError("A failure nobody translated", failure);
    }
  }

  /** What becomes of a call. */
  SimulatedStore.Fate fate(Turns.Actor actor, String what, boolean changes) {
    SimulatedStore.Fate fate = SimulatedStore.Fate.DONE;
    if (faulty && random.nextInt(40) == 0) {
      SimulatedStore.Fate[] all = SimulatedStore.Fate.values();
      fate = all[random.nextInt(all.length)];
      boolean late = fate != SimulatedStore.Fate.FAILED && fate != SimulatedStore.Fate.DIES_BEFORE;
      fate = changes || !late ? fate : SimulatedStore.Fate.DONE;
      faults += fate == SimulatedStore.Fate.DONE ? 0 : 1;
      deaths += fate.isDeath() ? 1 : 0;
    }
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

  /** To be told of each change that was made. */
  void changed(String key) {
    changes++;
    toBeVerified |= !key.startsWith("locks/");
  }

  private void afterTurn() throws Exception {
    for (Late each : List.copyOf(late)) {
      if (each.turn <= turns.taken()) {
        apply(each);
      }
    }
    if (toBeVerified) {
      verify();
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
    changed(each.key);
  }

  private void verify() {
    toBeVerified = false;
    Set<String> there = new HashSet<>();
    try (Repository repository = Repositories.openInline(place.fork().handle())) {
      for (Snapshot snapshot : repository.snapshots().list()) {
        String tag = tag(snapshot);
        there.add(tag);
        Repositories.assertRestores(repository, snapshot, source(tag));
        restores++;
      }
    }
    for (String tag : finished) {
      assertTrue(there.contains(tag) || forgotten.contains(tag), "Snapshot " + tag + " is gone");
    }
  }

  private MemorySource source(String tag) {
    return Optional.ofNullable(known.get(tag)).orElseThrow();
  }

  private static String tag(Snapshot snapshot) {
    return requireNonNull(snapshot.tags().get("run"));
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
