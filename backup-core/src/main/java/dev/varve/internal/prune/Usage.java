package dev.varve.internal.prune;

import dev.varve.internal.format.PackName;
import dev.varve.internal.index.RowSet;
import dev.varve.internal.index.Scratch;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.RunningCall;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What snapshots need, and of which packs. Used by one thread. Knows what it marked, so that
 * snapshots that came since cost no more than what is new in them.
 */
final class Usage {

  private final Vault vault;
  private final Scratch scratch;
  private final PruneRules rules;
  private final Unreadable unreadable;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final List<RowSet> marked = new ArrayList<>();
  private final Set<String> snapshots = new HashSet<>();

  Usage(
      Vault vault,
      Scratch scratch,
      PruneRules rules,
      Unreadable unreadable,
      Reporter reporter,
      Cancellation cancellation) {
    this.vault = vault;
    this.scratch = scratch;
    this.rules = rules;
    this.unreadable = unreadable;
    this.reporter = reporter;
    this.cancellation = cancellation;
  }

  /** What was marked so far. */
  List<RowSet> marked() {
    return marked;
  }

  /** Marks what the snapshots live at a state reach, as far as that is not done. */
  void mark(LogState state) throws IOException {
    List<LiveSnapshot> more = new ArrayList<>();
    for (LiveSnapshot snapshot : state.snapshots()) {
      if (snapshots.add(snapshot.id().hex())) {
        more.add(snapshot);
      }
    }
    if (marked.isEmpty() || !more.isEmpty()) {
      reporter.phase("following catalogs", OptionalLong.empty(), OptionalLong.empty());
      Marking marking = new Marking(vault, scratch, marked, unreadable, reporter, cancellation);
      Iterator<SnapshotRecord> records = more.stream().map(LiveSnapshot::record).iterator();
      marked.add(marking.run(() -> records));
    }
  }

  /** Goes through what the runs live at a state say of chunks. */
  ClaimedChunks claimed(LogState state, PackTable packs) throws IOException {
    return new ClaimedChunks(vault, state, packs, unreadable, cancellation);
  }

  /** Counts what of each pack is needed at a state. */
  UseCount count(LogState state, PackTable packs) throws IOException {
    reporter.phase("counting", OptionalLong.empty(), OptionalLong.empty());
    UseCount count = new UseCount(packs, !rules.isOpening());
    count.run(scratch, claimed(state, packs), marked, cancellation);
    if (count.missing() > 0) {
      unreadable.note(
          count.missing()
              + " chunks that snapshots need are in no pack that the index knows. Run check");
    }
    return count;
  }

  /** What is needed of each pack that is not condemned, ascending by name. */
  Iterable<PackUse> uses(
      LogState state, PackTable packs, UseCount count, AtWork others, Instant now) {
    Set<Long> registering = new HashSet<>();
    for (RunningCall call : state.calls()) {
      if (rules.isGoing(call, others, now)) {
        registering.addAll(call.slots());
      }
    }
    return () ->
        IntStream.range(0, packs.size())
            .mapToObj(
                pack -> {
                  PackStatus status = packs.status(pack);
                  return count.use(
                      pack, state.isSuspended(status), registering.contains(status.registeredAt()));
                })
            .iterator();
  }

  /** The packs of a table by their names. */
  static List<PackName> names(List<PackStatus> packs) {
    return packs.stream().map(PackStatus::name).toList();
  }
}
