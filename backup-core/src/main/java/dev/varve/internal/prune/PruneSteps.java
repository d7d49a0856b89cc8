package dev.varve.internal.prune;

import dev.varve.PrunePlan.Amount;
import dev.varve.internal.log.PackStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * What is to become of all packs: computed from what was counted, pure. Immutable.
 *
 * @param retire packs that nobody needs
 * @param repack packs to copy chunks out of in this call, the least used first
 * @param leftBytes how many stored bytes are left to be copied by later calls
 * @param resume retired packs that are needed again
 * @param condemn retired packs that nobody needs, their grace time over
 * @param waiting the same, their grace time not over, by the slot that retired them
 * @param kept all others
 * @param spared those of them that a running backup registered
 * @param usedBytes about how many stored bytes of all packs are needed
 */
record PruneSteps(
    List<PackStatus> retire,
    List<PackUse> repack,
    long leftBytes,
    List<PackStatus> resume,
    List<PackStatus> condemn,
    Map<Long, Amount> waiting,
    Amount kept,
    Amount spared,
    long usedBytes) {

  /**
   * Decides for each pack by itself, and which repacking is within the bound of one call.
   *
   * @param graceOver whether the grace time is over of what was retired in a slot
   */
  static PruneSteps plan(Iterable<PackUse> uses, PruneRules rules, LongPredicate graceOver) {
    List<PackStatus> retire = new ArrayList<>();
    List<PackUse> worthwhile = new ArrayList<>();
    List<PackStatus> resume = new ArrayList<>();
    List<PackStatus> condemn = new ArrayList<>();
    Map<Long, Amount> waiting = new TreeMap<>();
    Amount kept = Amount.NONE;
    Amount spared = Amount.NONE;
    long used = 0;
    for (PackUse use : uses) {
      PackStatus pack = use.pack();
      used += use.neededStoredBytes();
      switch (rules.verdict(use)) {
        case RETIRE -> retire.add(pack);
        case REPACK -> worthwhile.add(use);
        case RESUME -> resume.add(pack);
        case CONDEMN -> {
          if (graceOver.test(pack.retiredAt())) {
            condemn.add(pack);
          } else {
            waiting.merge(
                pack.retiredAt(), Amount.NONE.plus(pack.storedBytes()), (a, b) -> a.plus(b));
          }
        }
        case KEEP -> {
          kept = kept.plus(pack.storedBytes());
          spared = use.registering() ? spared.plus(pack.storedBytes()) : spared;
        }
      }
    }
    List<PackUse> repack = rules.withinBound(worthwhile);
    long left = bytes(worthwhile) - bytes(repack);
    return new PruneSteps(retire, repack, left, resume, condemn, waiting, kept, spared, used);
  }

  private static long bytes(List<PackUse> packs) {
    return packs.stream().mapToLong(PackUse::neededStoredBytes).sum();
  }

  /** How much some packs are. */
  static Amount amount(List<PackStatus> packs) {
    return new Amount(packs.size(), packs.stream().mapToLong(PackStatus::storedBytes).sum());
  }
}
