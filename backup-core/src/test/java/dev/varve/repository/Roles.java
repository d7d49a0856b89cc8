package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.BackupOptions;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.CopyOptions;
import dev.varve.CopyReport;
import dev.varve.ForgetPlan;
import dev.varve.PathFilter;
import dev.varve.PruneOptions;
import dev.varve.RepairOptions;
import dev.varve.Retention;
import dev.varve.RewriteReport;
import dev.varve.Snapshot;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What the actors of a {@link Simulation} do, each by processes of its own. */
final class Roles {

  private final Simulation simulation;
  private final Ledger ledger;
  private final Random random;
  private final Mutant mutant;
  private final long seed;

  Roles(Simulation simulation, Ledger ledger, Random random, Mutant mutant, long seed) {
    this.simulation = simulation;
    this.ledger = ledger;
    this.random = random;
    this.mutant = mutant;
    this.seed = seed;
  }

  /** Draws who takes part, beside so many pruners, and so many forgetters at least. */
  void cast(Turns turns, int pruners, int leastForgetters) {
    for (int i = 0, writers = 1 + random.nextInt(3); i < writers; i++) {
      String name = "writer" + i;
      int backups = 2 + random.nextInt(4);
      turns.add(name, actor -> write(actor, name, backups));
    }
    for (int i = 0, forgetters = leastForgetters + random.nextInt(3); i < forgetters; i++) {
      turns.add("forgetter" + i, this::forget);
    }
    pruners(turns, pruners);
    some(turns, 2, "reader", this::read);
    some(turns, 3, "checker", this::check);
    some(turns, 3, "undeleter", this::undelete);
    some(turns, 4, "pinner", this::pin);
    some(turns, 4, "rewriter", this::rewrite);
    some(turns, 5, "repairer", this::repair);
    some(turns, 6, "exporter", this::copyOut);
    some(turns, 6, "importer", this::copyInto);
    if (mutant == Mutant.NONE) {
      some(turns, 5, "labeller", this::label);
      some(turns, 6, "finder", this::find);
    }
  }

  /** Only pruners. */
  void pruners(Turns turns, int pruners) {
    for (int i = 0; i < pruners; i++) {
      turns.add("pruner" + i, this::prune);
    }
  }

  private void some(Turns turns, int oneIn, String name, Turns.Script script) {
    if (random.nextInt(oneIn) == 0) {
      turns.add(name, script);
    }
  }

  private void write(Turns.Actor actor, String name, int backups) {
    Random contents = new Random(seed ^ name.hashCode());
    for (int i = 0; i < backups; i++) {
      String tag = name + "-" + i;
      MemorySource source = Generated.small(name, contents.nextInt(3));
      ledger.knows(tag, source);
      simulation.process(
          actor,
          repository -> {
            repository.backup(source, BackupOptions.builder().tag("run", tag).build());
            ledger.finished(tag);
          });
    }
  }

  private void read(Turns.Actor actor) {
    for (int i = 0; i < 3; i++) {
      simulation.process(
          actor,
          repository -> {
            Optional<Snapshot> snapshot = any(repository.snapshots().list());
            if (snapshot.isPresent()) {
              unlessForgotten(List.of(snapshot.get()), () -> restore(repository, snapshot.get()));
            }
          });
    }
  }

  private void restore(Repository repository, Snapshot snapshot) {
    CollectingTarget target = new CollectingTarget();
    boolean complete = repository.restore(snapshot, target).complete();
    if (complete) {
      target.assertHolds(ledger.source(snapshot));
    }
    assertTrue(
        complete || simulation.mayFail() || ledger.mayBeForgotten(snapshot),
        () -> snapshot + " is incomplete");
  }

  /** What is forgotten may be deleted while somebody reads it, who then fails. */
  private void unlessForgotten(List<Snapshot> snapshots, Runnable work) {
    try {
      work.run();
    } catch (BackupException failure) {
      if (snapshots.stream().noneMatch(ledger::mayBeForgotten)) {
        throw failure;
      }
    }
  }

  private void forget(Turns.Actor actor) {
    for (int i = 0; i < 3; i++) {
      boolean byRule = random.nextInt(3) > 0;
      simulation.process(
          actor,
          repository -> {
            List<Snapshot> all = repository.snapshots().list();
            ForgetPlan plan =
                byRule
                    ? repository.planForget(Retention.keepLast(1 + random.nextInt(2)))
                    : repository.planForget(
                        any(all).filter(one -> !one.pinned()).map(Snapshot::id).stream().toList());
            plan.dropped().forEach(ledger::forgetting);
            repository.apply(plan);
            plan.dropped().forEach(ledger::forgot);
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
      simulation.process(actor, repository -> mutant.prune(repository, options.build()));
    }
  }

  private Duration shortTime() {
    return Duration.ofSeconds(random.nextInt(60));
  }

  private void check(Turns.Actor actor) {
    simulation.process(
        actor,
        repository -> {
          CheckReport report =
              repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
          assertTrue(report.clean() || simulation.mayFail(), () -> report.findings().toString());
        });
  }

  private void undelete(Turns.Actor actor) {
    for (int i = 0; i < 3; i++) {
      simulation.process(
          actor,
          repository -> {
            Optional<Snapshot> snapshot = any(repository.forgotten().list());
            if (snapshot.isPresent()) {
              int before = ledger.forgettings(snapshot.get());
              repository.undelete(snapshot.get().id());
              ledger.undeleted(snapshot.get(), before);
            }
          });
    }
  }

  private void pin(Turns.Actor actor) {
    for (int i = 0; i < 3; i++) {
      simulation.process(
          actor,
          repository -> {
            Optional<Snapshot> snapshot = any(repository.snapshots().list());
            if (snapshot.isPresent() && !snapshot.get().pinned()) {
              repository.pin(List.of(snapshot.get().id()));
              ledger.pinned(snapshot.get());
            } else if (snapshot.isPresent()) {
              ledger.unpinning(snapshot.get());
              repository.unpin(List.of(snapshot.get().id()));
            }
          });
    }
  }

  /** Tags, and does away with locks that count as dead. */
  private void label(Turns.Actor actor) {
    for (int i = 0; i < 3; i++) {
      String value = Integer.toString(i);
      simulation.process(
          actor,
          repository -> {
            Optional<Snapshot> snapshot = any(repository.snapshots().list());
            if (snapshot.isPresent()) {
              repository.tag(List.of(snapshot.get().id()), Map.of("seen", value), List.of());
            }
            repository.removeStaleLocks();
          });
    }
  }

  /** Looks for what was stored and never committed. */
  private void find(Turns.Actor actor) {
    for (int i = 0; i < 2; i++) {
      simulation.process(actor, repository -> repository.lostSnapshots());
    }
  }

  private void rewrite(Turns.Actor actor) {
    for (int i = 0; i < 2; i++) {
      simulation.process(
          actor,
          repository -> {
            Optional<Snapshot> snapshot = any(repository.snapshots().list());
            if (snapshot.isPresent() && !Ledger.isRewritten(snapshot.get())) {
              unlessForgotten(List.of(snapshot.get()), () -> rewrite(repository, snapshot.get()));
            }
          });
    }
  }

  private void rewrite(Repository repository, Snapshot snapshot) {
    PathFilter filter = PathFilter.builder().exclude(Ledger.TAKEN_OUT).build();
    RewriteReport report = repository.rewrite(snapshot, filter);
    ledger.finished(Ledger.key(report.replacement()));
  }

  private void repair(Turns.Actor actor) {
    for (int i = 0; i < 2; i++) {
      simulation.process(
          actor,
          repository -> repository.repair(repository.planRepair(RepairOptions.builder().build())));
    }
  }

  /** Copies everything to another repository, where it restores as well. */
  private void copyOut(Turns.Actor actor) {
    MemoryStore other = Simulation.another();
    for (int i = 0; i < 2; i++) {
      simulation.process(
          actor,
          repository -> {
            try (Repository target = Simulation.open(other)) {
              List<Snapshot> all = repository.snapshots().list();
              unlessForgotten(all, () -> copy(all, repository, target));
              for (Snapshot copy : target.snapshots().list()) {
                Repositories.assertRestores(target, copy, ledger.source(copy));
              }
            }
          });
    }
  }

  private void copy(List<Snapshot> snapshots, Repository from, Repository target) {
    CopyReport report = from.copy(snapshots, target, CopyOptions.defaults());
    boolean forgotten = snapshots.stream().anyMatch(ledger::mayBeForgotten);
    assertTrue(report.complete() || forgotten || simulation.mayLose(), report::toString);
  }

  /** Copies what another repository holds to this one. */
  private void copyInto(Turns.Actor actor) {
    MemoryStore other = Simulation.another();
    for (int i = 0; i < 2; i++) {
      String tag = "foreign-" + i;
      MemorySource source = Generated.small("foreign", random.nextInt(3));
      ledger.knows(tag, source);
      try (Repository from = Simulation.open(other)) {
        from.backup(source, BackupOptions.builder().tag("run", tag).build());
      }
      simulation.process(
          actor,
          repository -> {
            try (Repository from = Simulation.open(other)) {
              CopyReport report =
                  from.copy(from.snapshots().list(), repository, CopyOptions.defaults());
              assertTrue(report.complete(), report::toString);
              ledger.finished(tag);
            }
          });
    }
  }

  private Optional<Snapshot> any(List<Snapshot> all) {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }

  /** Whether somebody was overtaken by others, so that it may well fail without any fault. */
  static boolean isOvertaken(RuntimeException failure) {
    return failure instanceof ConflictException || failure instanceof ConfigurationException;
  }
}
