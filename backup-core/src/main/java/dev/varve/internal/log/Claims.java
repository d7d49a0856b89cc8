package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a record relies on and what it does away with: all that decides whether two records may
 * follow each other. Immutable.
 *
 * @param base the slot the record was computed at
 * @param usesActivePacks whether it relies, without naming them, on all packs that were active at
 *     its base
 * @param usesPacks the packs it relies on by name
 * @param usesRuns the runs it relies on
 * @param usesSnapshots the snapshots it relies on
 * @param killsPacks the packs it does away with, each with the slot from which on new records have
 *     not relied on it unnamed: that of its latest {@link Retire}, or {@link #NEVER}
 * @param killsRuns the runs it does away with
 * @param killsSnapshots the snapshots it does away with
 * @param meetsAll whether it conflicts with every record
 */
public record Claims(
    long base,
    boolean usesActivePacks,
    Set<PackName> usesPacks,
    Set<RunName> usesRuns,
    Set<SnapshotId> usesSnapshots,
    Map<PackName, Long> killsPacks,
    Set<RunName> killsRuns,
    Set<SnapshotId> killsSnapshots,
    boolean meetsAll) {

  /** The slot of a {@link Retire} that has not been: everybody may rely on the pack unnamed. */
  public static final long NEVER = Long.MAX_VALUE;

  /** What of {@code user}'s uses {@code this} does away with. */
  Overlap kills(Claims user) {
    Set<PackName> packs = new HashSet<>();
    killsPacks.forEach(
        (pack, retiredAt) -> {
          if (user.usesPacks.contains(pack) || (user.usesActivePacks && user.base < retiredAt)) {
            packs.add(pack);
          }
        });
    return new Overlap(
        packs,
        common(killsRuns, user.usesRuns),
        common(killsSnapshots, user.usesSnapshots),
        meetsAll);
  }

  static Builder at(long base) {
    return new Builder(base);
  }

  private static <T> Set<T> common(Set<T> some, Set<T> others) {
    if (some.isEmpty() || others.isEmpty()) {
      return Set.of();
    }
    Set<T> common = new HashSet<>(some);
    common.retainAll(others);
    return common;
  }

  /** Collects claims. Used by one thread. */
  static final class Builder {
    private final long base;
    private boolean usesActivePacks;
    private boolean meetsAll;
    private final Set<PackName> usesPacks = new HashSet<>();
    private final Set<RunName> usesRuns = new HashSet<>();
    private final Set<SnapshotId> usesSnapshots = new HashSet<>();
    private final Map<PackName, Long> killsPacks = new HashMap<>();
    private final Set<RunName> killsRuns = new HashSet<>();
    private final Set<SnapshotId> killsSnapshots = new HashSet<>();

    private Builder(long base) {
      this.base = base;
    }

    Builder usesActivePacks() {
      usesActivePacks = true;
      return this;
    }

    Builder meetsAll() {
      meetsAll = true;
      return this;
    }

    Builder uses(Collection<PackName> packs) {
      usesPacks.addAll(packs);
      return this;
    }

    Builder usesNew(Collection<NewPack> packs, Collection<NewRun> runs) {
      packs.forEach(pack -> usesPacks.add(pack.name()));
      runs.forEach(run -> usesRuns.add(run.name()));
      return this;
    }

    Builder usesRuns(Collection<RunName> runs) {
      usesRuns.addAll(runs);
      return this;
    }

    Builder usesSnapshots(Collection<SnapshotId> snapshots) {
      usesSnapshots.addAll(snapshots);
      return this;
    }

    Builder kills(PackName pack, long retiredAt) {
      killsPacks.put(pack, retiredAt);
      return this;
    }

    Builder killsRuns(Collection<RunName> runs) {
      killsRuns.addAll(runs);
      return this;
    }

    Builder killsSnapshots(Collection<SnapshotId> snapshots) {
      killsSnapshots.addAll(snapshots);
      return this;
    }

    Claims build() {
      return new Claims(
          base,
          usesActivePacks,
          usesPacks,
          usesRuns,
          usesSnapshots,
          killsPacks,
          killsRuns,
          killsSnapshots,
          meetsAll);
    }
  }
}
