package dev.varve.internal.index;

import dev.varve.internal.format.RunName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which runs to merge, so that there are never many and none is rewritten often. Stateless.
 *
 * <p>Runs are of one tier if they are of like length, within a factor of {@value #RUNS_PER_TIER}.
 * When a tier has that many, it is merged together with all smaller ones. So there are at most 7
 * runs for each factor of 8 in size, some 30 altogether, and an entry is rewritten once a tier.
 */
public final class MergePlan {

  /** How many runs of like length are too many. */
  static final int RUNS_PER_TIER = 8;

  /** Runs from here on, 4.5 million chunks, are left alone; eight of the next tier make 2 GiB. */
  static final long LONG_BYTES = 256L << 20;

  private static final int TIERS = 6;

  private MergePlan() {}

  /** The runs to be merged into one, if any; asked again afterwards, it may name more. */
  public static Set<RunName> choose(Map<RunName, Long> storedBytes) {
    List<Set<RunName>> tiers = new ArrayList<>();
    for (int tier = 0; tier < TIERS; tier++) {
      tiers.add(new HashSet<>());
    }
    storedBytes.forEach(
        (run, bytes) -> {
          if (bytes < LONG_BYTES) {
            tiers.get(tier(bytes)).add(run);
          }
        });
    Set<RunName> smaller = new HashSet<>();
    for (Set<RunName> tier : tiers) {
      smaller.addAll(tier);
      if (tier.size() >= RUNS_PER_TIER) {
        return smaller;
      }
    }
    return Set.of();
  }

  /** Tier 5 ends at {@link #LONG_BYTES}, tier 4 at an eighth of that, and so on; 0 is the rest. */
  private static int tier(long bytes) {
    int tier = TIERS - 1;
    for (long least = LONG_BYTES / RUNS_PER_TIER; tier > 0 && bytes < least; tier--) {
      least /= RUNS_PER_TIER;
    }
    return tier;
  }
}
