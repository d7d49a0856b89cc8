package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.util.Set;

/**
 * What one record does away with and another relies on. Immutable.
 *
 * @param packs the packs
 * @param runs the runs
 * @param snapshots the snapshots
 * @param all whether it is everything, because one of the two is a {@link VoidSlots}
 */
public record Overlap(
    Set<PackName> packs, Set<RunName> runs, Set<SnapshotId> snapshots, boolean all) {

  /** Nothing. */
  static final Overlap NONE = new Overlap(Set.of(), Set.of(), Set.of(), false);

  public Overlap {
    packs = Set.copyOf(packs);
    runs = Set.copyOf(runs);
    snapshots = Set.copyOf(snapshots);
  }

  /** Whether there is no such thing. */
  public boolean isEmpty() {
    return packs.isEmpty() && runs.isEmpty() && snapshots.isEmpty() && !all;
  }

  /** The first few of them, for messages. */
  @Override
  public String toString() {
    if (all) {
      return "everything";
    }
    StringBuilder out = new StringBuilder();
    name(out, "pack", packs);
    name(out, "run", runs);
    name(out, "snapshot", snapshots);
    return out.toString();
  }

  private static void name(StringBuilder out, String what, Set<?> things) {
    if (!things.isEmpty()) {
      out.append(out.isEmpty() ? "" : ", ").append(what).append(' ');
      out.append(things.stream().map(Object::toString).sorted().findFirst().orElseThrow());
      out.append(things.size() > 1 ? " and " + (things.size() - 1) + " more" : "");
    }
  }
}
