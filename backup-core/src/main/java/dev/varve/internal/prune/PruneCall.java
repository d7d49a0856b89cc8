package dev.varve.internal.prune;

import dev.varve.PrunePlan;
import dev.varve.PrunePlan.Amount;
import dev.varve.PrunePlan.Due;
import dev.varve.PrunePlan.Step;
import dev.varve.PruneReport;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.internal.index.Scratch;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.Retire;
import dev.varve.internal.log.RunningCall;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Presence;
import dev.varve.internal.vault.Vault;
import dev.varve.store.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/** One try of a prune: what is seen, what is due, and the steps taken. Used by one thread, once. */
final class PruneCall {

  private final Vault vault;
  private final PruneRules rules;
  private final InstantSource clock;
  private final PruneTally tally;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final Unreadable unreadable;
  private final SlotTimes times;
  private final Retiring retiring;
  private final Optional<Presence> presence;
  private AtWork others = AtWork.NOBODY;

  PruneCall(
      Vault vault,
      PruneRules rules,
      InstantSource clock,
      PruneTally tally,
      Optional<Presence> presence,
      Reporter reporter,
      Cancellation cancellation) {
    this.vault = vault;
    this.presence = presence;
    this.rules = rules;
    this.clock = clock;
    this.tally = tally;
    this.reporter = reporter;
    this.cancellation = cancellation;
    this.unreadable = new Unreadable();
    this.times = new SlotTimes(vault.log());
    this.retiring = new Retiring(vault, tally);
  }

  /** Tells what could not be read. */
  void tell() {
    unreadable.tell(reporter);
  }

  /** What would be done now. */
  PrunePlan plan() throws IOException {
    Leftovers leftovers = look();
    LogState state = vault.state();
    Instant now = estimate(state);
    Amount delete = Amount.NONE;
    List<Due> due = new ArrayList<>();
    for (Map.Entry<Long, List<Stored>> each : leftovers.condemned().entrySet()) {
      if (rules.isOver(times.of(each.getKey()), rules.readerDelay(), now)) {
        delete = delete.plus(amount(each.getValue()));
      } else {
        due.add(due(Step.DELETE, amount(each.getValue()), each.getKey(), rules.readerDelay()));
      }
    }
    try (Scratch scratch = new Scratch()) {
      Usage usage = new Usage(vault, scratch, rules, unreadable, reporter, cancellation);
      PruneSteps steps = steps(usage, state, now);
      for (Map.Entry<Long, Amount> each : steps.waiting().entrySet()) {
        due.add(due(Step.CONDEMN, each.getValue(), each.getKey(), rules.grace()));
      }
      boolean blocked = unreadable.blocks();
      List<PackStatus> repacked = steps.repack().stream().map(PackUse::pack).toList();
      Amount orphans = amount(orphans(leftovers, now));
      return new PrunePlan(
          state.slot(),
          steps.kept(),
          steps.usedBytes(),
          blocked ? orphans : PruneSteps.amount(steps.retire()).plus(orphans),
          blocked ? Amount.NONE : PruneSteps.amount(repacked),
          steps.repack().stream().mapToLong(PackUse::neededStoredBytes).sum(),
          blocked ? Amount.NONE : PruneSteps.amount(steps.condemn()),
          delete,
          steps.spared().plus(amount(young(leftovers, now))),
          due,
          unreadable.list());
    }
  }

  /** Takes every step now due. */
  PruneReport run() throws IOException {
    long slot = vault.state().slot();
    Leftovers leftovers = look();
    Instant now = settled(leftovers);
    tally.protectedLonger(new Protecting(vault, reporter, cancellation).run(vault.state(), now));
    delete(leftovers, now);
    Set<PackName> retired = new HashSet<>(retiring.byName(orphans(leftovers, now)));
    boolean orphaned = !orphanRuns(leftovers, now).isEmpty() || mayCondemnAtOnce(retired);
    if (isWorthMarking(now) || orphaned) {
      try (Scratch scratch = new Scratch()) {
        mark(scratch, leftovers, retired, now);
      }
    }
    new RunMerge(vault, tally, unreadable, cancellation).run();
    if (rules.readerDelay().isZero()) {
      leftovers = Leftovers.of(vault, vault.state(), rules, cancellation);
      delete(leftovers, now);
    }
    vault.log().checkpoint();
    tally.deleted(new OldCheckpoints(vault).trim());
    vault.runs().trimCache();
    boolean appended = vault.state().slot() > slot;
    Instant end = appended ? vault.state().headTime().orElse(now) : now;
    return tally.report(due(leftovers, end), unreadable.list());
  }

  /**
   * Looks at the store, then for others, then at the log again: what is seen in the store and still
   * named by nobody belongs to somebody who is seen at work, or to nobody.
   */
  private Leftovers look() throws IOException {
    Leftovers seen = Leftovers.of(vault, vault.state(), rules, cancellation);
    others = AtWork.in(vault, presence.map(Presence::run));
    vault.refresh();
    return seen.unnamedIn(vault.state(), rules);
  }

  private boolean mayCondemnAtOnce(Set<PackName> retired) {
    return rules.grace().isZero() && !retired.isEmpty();
  }

  private void mark(Scratch scratch, Leftovers leftovers, Set<PackName> retired, Instant now)
      throws IOException {
    LogState state = vault.state();
    Usage usage = new Usage(vault, scratch, rules, unreadable, reporter, cancellation);
    PackTable packs = new PackTable(state);
    usage.mark(state);
    presence.ifPresent(Presence::beat);
    UseCount count = usage.count(state, packs);
    PruneSteps steps =
        PruneSteps.plan(usage.uses(state, packs, count, others, now), rules, over(now));
    if (unreadable.blocks()) {
      return;
    }
    repack(scratch, usage, state, packs, count, steps, retired);
    retiring.run(state, steps.retire(), steps.resume());
    retired.addAll(Usage.names(steps.retire()));
    tally.left(steps.leftBytes());
    Set<PackName> candidates = new HashSet<>(Usage.names(steps.condemn()));
    if (mayCondemnAtOnce(retired)) {
      candidates.addAll(retired);
    }
    presence.ifPresent(Presence::beat);
    condemn(scratch, usage, candidates, leftovers, now);
    remember(state, steps, now);
  }

  private void repack(
      Scratch scratch,
      Usage usage,
      LogState state,
      PackTable packs,
      UseCount count,
      PruneSteps steps,
      Set<PackName> retired)
      throws IOException {
    if (steps.repack().isEmpty()) {
      return;
    }
    reporter.phase(
        "repacking",
        OptionalLong.of(steps.repack().size()),
        OptionalLong.of(steps.repack().stream().mapToLong(use -> use.pack().storedBytes()).sum()));
    new Repack(vault, state, packs, steps, unreadable, reporter, cancellation)
        .run(
            scratch,
            usage.claimed(state, packs),
            count,
            usage.marked(),
            (emptied, bytes) -> {
              retiring.repacked(emptied, bytes);
              retired.addAll(Usage.names(emptied));
              presence.ifPresent(Presence::beat);
            });
  }

  private void condemn(
      Scratch scratch, Usage usage, Set<PackName> candidates, Leftovers leftovers, Instant now)
      throws IOException {
    List<RunName> runs = new ArrayList<>();
    for (Stored run : orphanRuns(leftovers, now)) {
      runs.add(RunName.ofKey(run.key()));
    }
    if (candidates.isEmpty() && runs.isEmpty()) {
      return;
    }
    vault.log().verify();
    vault.refresh();
    LogState state = vault.state();
    usage.mark(state);
    new Condemning(vault, scratch, rules, leftovers, unreadable, reporter, cancellation, tally)
        .run(usage, state, candidates, runs);
  }

  private PruneSteps steps(Usage usage, LogState state, Instant now) throws IOException {
    PackTable packs = new PackTable(state);
    usage.mark(state);
    UseCount count = usage.count(state, packs);
    return PruneSteps.plan(usage.uses(state, packs, count, others, now), rules, over(now));
  }

  /** Deletes what was condemned long enough. */
  private void delete(Leftovers leftovers, Instant now) throws IOException {
    if (!leftovers.condemned().isEmpty()) {
      reporter.phase("deleting", OptionalLong.empty(), OptionalLong.empty());
    }
    Deletion deletion = new Deletion(vault, rules, reporter, cancellation);
    for (Map.Entry<Long, List<Stored>> each : leftovers.condemned().entrySet()) {
      if (rules.isOver(times.of(each.getKey()), rules.readerDelay(), now)) {
        tally.deleted(deletion.run(each.getKey(), each.getValue()));
      }
    }
  }

  private boolean isWorthMarking(Instant now) throws IOException {
    LogState state = vault.state();
    Optional<LastPrune> last = vault.notes().find(LastPrune.NAME).flatMap(LastPrune::parse);
    if (last.isEmpty() || !last.get().holds(vault.log(), state, rules, others, now)) {
      return true;
    }
    LongPredicate over = over(now);
    return retiredSlots(state).keySet().stream()
        .anyMatch(slot -> slot > last.get().consideredSlot() && over.test(slot));
  }

  /** Remembers that nothing is left to do, if so. */
  private void remember(LogState state, PruneSteps steps, Instant now) {
    if (steps.leftBytes() > 0 || !unreadable.list().isEmpty()) {
      return;
    }
    LongPredicate over = over(now);
    long considered =
        rules.grace().isZero()
            ? state.slot()
            : retiredSlots(state).keySet().stream().filter(over::test).reduce(0L, Math::max);
    vault
        .notes()
        .put(
            LastPrune.NAME,
            new LastPrune(
                    state.slot(),
                    LastPrune.text(state.hash()),
                    considered,
                    LastPrune.dead(state, rules, others, now),
                    rules.settings())
                .line());
  }

  private LongPredicate over(Instant now) {
    return slot -> {
      try {
        return rules.isOver(times.of(slot), rules.grace(), now);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private List<Stored> orphans(Leftovers leftovers, Instant now) {
    return leftovers.packs().stream()
        .filter(item -> rules.isOrphan(item.time(), others, now))
        .toList();
  }

  private List<Stored> young(Leftovers leftovers, Instant now) {
    return leftovers.packs().stream()
        .filter(item -> !rules.isOrphan(item.time(), others, now))
        .toList();
  }

  /** Runs are not retired: they only need as much time. */
  private List<Stored> orphanRuns(Leftovers leftovers, Instant now) {
    return leftovers.runs().stream()
        .filter(item -> rules.isOrphan(item.time().plus(rules.grace()), others, now))
        .toList();
  }

  /** What is still waiting: packs retired, and what is condemned and not deleted. */
  private List<Due> due(Leftovers leftovers, Instant now) throws IOException {
    LogState state = vault.state();
    List<Due> due = new ArrayList<>();
    for (Map.Entry<Long, Amount> each : retiredSlots(state).entrySet()) {
      Due one = due(Step.CONDEMN, each.getValue(), each.getKey(), rules.grace());
      if (!rules.isOver(times.of(each.getKey()), rules.grace(), now)) {
        due.add(one);
      }
    }
    Map<Long, Amount> condemned = new TreeMap<>();
    tally.condemnedSlots().forEach(condemned::put);
    leftovers.condemned().forEach((slot, items) -> condemned.put(slot, amount(items)));
    for (Map.Entry<Long, Amount> each : condemned.entrySet()) {
      if (!rules.isOver(times.of(each.getKey()), rules.readerDelay(), now)) {
        due.add(due(Step.DELETE, each.getValue(), each.getKey(), rules.readerDelay()));
      }
    }
    return due;
  }

  private Due due(Step step, Amount amount, long slot, Duration wait) throws IOException {
    return new Due(step, amount, times.of(slot).map(time -> time.plus(wait)));
  }

  private static Map<Long, Amount> retiredSlots(LogState state) {
    Map<Long, Amount> slots = new TreeMap<>();
    state.forEachPack(
        pack -> {
          if (pack.isRetired() && !pack.isCondemned()) {
            slots.merge(
                pack.retiredAt(), Amount.NONE.plus(pack.storedBytes()), (a, b) -> a.plus(b));
          }
        });
    return slots;
  }

  private static Amount amount(List<Stored> items) {
    return new Amount(items.size(), items.stream().mapToLong(Stored::size).sum());
  }

  /** The latest time there is a sign of: the store's of the last slot, or this machine's. */
  private Instant estimate(LogState state) {
    Instant here = clock.instant();
    return state.headTime().filter(here::isBefore).orElse(here);
  }

  /**
   * The time by the store's clock, for deciding: that of one's own lock. If there is none, and
   * anything would be due by this machine's clock and not by the last slot's time, a record that
   * does nothing is appended: its own time decides.
   */
  private Instant settled(Leftovers leftovers) throws IOException {
    LogState state = vault.state();
    Instant seen = state.headTime().orElse(Instant.EPOCH);
    Optional<Instant> began = presence.flatMap(Presence::since);
    if (began.isPresent()) {
      return began.get().isAfter(seen) ? began.get() : seen;
    }
    Instant estimate = estimate(state);
    List<Instant> deadlines = new ArrayList<>();
    for (Long slot : retiredSlots(state).keySet()) {
      times.of(slot).ifPresent(time -> deadlines.add(time.plus(rules.grace())));
    }
    for (Long slot : leftovers.condemned().keySet()) {
      times.of(slot).ifPresent(time -> deadlines.add(time.plus(rules.readerDelay())));
    }
    Stream.concat(leftovers.packs().stream(), leftovers.runs().stream())
        .forEach(item -> deadlines.add(rules.staleAt(item.time())));
    for (RunningCall call : state.calls()) {
      call.lastSign().ifPresent(sign -> deadlines.add(rules.staleAt(sign)));
    }
    boolean matters =
        deadlines.stream().anyMatch(time -> time.isAfter(seen) && !time.isAfter(estimate));
    if (!matters) {
      return estimate;
    }
    vault.log().append(Draft.computed(at -> new Retire(at.slot(), List.of(), List.of())));
    vault.refresh();
    return vault.state().headTime().orElse(seen);
  }
}
