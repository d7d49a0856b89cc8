package dev.varve.internal.prune;

import dev.varve.PruneOptions;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.Condemn;
import dev.varve.internal.log.Damage;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.Forget;
import dev.varve.internal.log.LogEntry;
import dev.varve.internal.log.LogRecord;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.RunStatus;
import dev.varve.internal.log.RunningCall;
import dev.varve.internal.log.VoidSlots;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What prune may do with what, each rule a pure function of its own. Immutable. A test may break
 * one by overriding it.
 */
class PruneRules {

  private final PruneOptions options;
  private final boolean opening;

  /**
   * Rules of a call.
   *
   * @param opening whether contents can be opened: without their keys no copy of a chunk counts for
   *     another and nothing is repacked
   */
  PruneRules(PruneOptions options, boolean opening) {
    this.options = options;
    this.opening = opening;
  }

  /** Whether copies can be opened, and so count for one another. */
  boolean isOpening() {
    return opening;
  }

  /** What is to become of a registered pack that is not condemned. */
  enum Verdict {
    /** It stays as it is. */
    KEEP,
    /** Nobody needs it. */
    RETIRE,
    /** Little of it is needed, and better kept elsewhere. */
    REPACK,
    /** It is retired, but needed again. */
    RESUME,
    /** It is retired and not needed: to be condemned when the grace time is over. */
    CONDEMN
  }

  /** What is to become of a pack, as far as it can be said without opening anything. */
  Verdict verdict(PackUse use) {
    boolean retired = use.pack().isRetired();
    if (use.holds() || use.registering()) {
      return Verdict.KEEP;
    }
    if (use.neededBytes() == 0) {
      return retired ? Verdict.CONDEMN : Verdict.RETIRE;
    }
    if (use.suspended()) {
      return Verdict.KEEP;
    }
    if (opening && use.share() < options.repackBelow()) {
      return Verdict.REPACK;
    }
    return retired ? Verdict.RESUME : Verdict.KEEP;
  }

  /** Of the packs worth repacking those that this call has room for, the least used first. */
  List<PackUse> withinBound(List<PackUse> worthwhile) {
    long[] left = {options.mostRepackBytes()};
    return worthwhile.stream()
        .sorted(Comparator.comparingDouble(PackUse::share).thenComparing(use -> use.pack().name()))
        .takeWhile(
            use -> {
              left[0] -= use.neededStoredBytes();
              return left[0] >= 0;
            })
        .toList();
  }

  /** How long a pack stays retired before it may be condemned. */
  Duration grace() {
    return options.now() ? Duration.ZERO : options.grace();
  }

  /** How long what is condemned stays for those who still read it. */
  Duration readerDelay() {
    return options.now() ? Duration.ZERO : options.readerDelay();
  }

  /** Whether so long a time is over that began at {@code since}; an unknown time never is. */
  boolean isOver(Optional<Instant> since, Duration time, Instant now) {
    return time.isZero() || since.filter(from -> !from.plus(time).isAfter(now)).isPresent();
  }

  /**
   * Whether an item that nobody registered was left by somebody who died: it is older than any run
   * at work, and so old that a run without locks would have registered it; or nobody is at work,
   * and nothing is to be waited for.
   */
  boolean isOrphan(Instant stored, AtWork others, Instant now) {
    if (others.since().filter(since -> !stored.isBefore(since)).isPresent()) {
      return false;
    }
    boolean nobody = options.now() && others.runs().isEmpty();
    return nobody || !staleAt(stored).isAfter(now);
  }

  /** When somebody who gave a sign counts as dead without another. */
  Instant staleAt(Instant sign) {
    return sign.plus(options.staleAfter());
  }

  /** Whether a backup call that has not committed yet is thought to be alive. */
  boolean isGoing(RunningCall call, AtWork others, Instant now) {
    boolean seen = others.runs().contains(call.call());
    boolean nobody = options.now() && others.runs().isEmpty();
    return seen
        || (!nobody && call.lastSign().filter(sign -> !staleAt(sign).isAfter(now)).isEmpty());
  }

  /** Whether a pack that is in the store was never named by any record. */
  boolean isUnnamed(PackStatus pack) {
    return !pack.isRegistered() && !pack.isRetired() && !pack.isCondemned();
  }

  /** Whether a run that is in the store was never named by any record. */
  boolean isUnnamed(RunStatus run) {
    return run.addedAt() == 0 && !run.isCondemned();
  }

  /** Whether a pack may be condemned by the state it is condemned at. */
  boolean mayCondemn(PackStatus pack) {
    return pack.isRetired() && !pack.isCondemned();
  }

  /** What of the options decides what is garbage, as a word. */
  String settings() {
    return options.repackBelow() + "-" + opening;
  }

  /** Whether a record may have made something garbage, so that it is worth looking for it. */
  boolean leavesGarbage(LogRecord record) {
    return record instanceof Forget || record instanceof VoidSlots || record instanceof Damage;
  }

  /**
   * Whether a pack can keep a chunk in place of one to be condemned, once the copy was opened: it
   * is registered and stays, and nothing lost may have condemned it.
   */
  boolean mayKeep(LogState state, PackName pack, boolean alsoCondemned) {
    PackStatus status = state.pack(pack);
    return status.isRegistered()
        && !status.isCondemned()
        && !state.isSuspended(status)
        && !alsoCondemned;
  }

  /** Whether copies have to be opened before they count. */
  boolean opensKeepers() {
    return true;
  }

  /** The slot that condemned a pack, so that it is to be deleted; empty if none has. */
  OptionalLong condemnedAt(PackStatus pack) {
    return pack.isCondemned() ? OptionalLong.of(pack.condemnedAt()) : OptionalLong.empty();
  }

  /** The slot that condemned a run, so that it is to be deleted; empty if none has. */
  OptionalLong condemnedAt(RunStatus run) {
    return run.isCondemned() ? OptionalLong.of(run.condemnedAt()) : OptionalLong.empty();
  }

  /** The keys of items that a record allows to delete. */
  Predicate<String> condemnedBy(List<LogEntry> entries) {
    Set<String> keys = new HashSet<>();
    entries.forEach(entry -> keys.addAll(Deletion.condemnedBy(entry.record())));
    return keys::contains;
  }

  /** How packs are condemned by a record that was computed before. */
  Draft condemning(Condemn record) {
    return new Condemning.CondemnDraft(record);
  }
}
