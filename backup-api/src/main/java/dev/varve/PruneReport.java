package dev.varve;

import java.util.List;

/**
 * What a prune did. All bytes are stored bytes.
 *
 * @param retired packs that nobody needs, or no longer after their chunks were copied
 * @param repacked those of them that chunks were copied out of
 * @param copiedBytes how long the packs and index runs are that the copies went into
 * @param resumed packs that were retired and are used again
 * @param condemned packs and index runs whose deletion was decided
 * @param deleted packs, index runs and checkpoints deleted
 * @param mergedRuns how many index runs were merged into fewer
 * @param leftBytes about how many bytes are left to be copied by the next prune, for want of room
 *     in this one
 * @param protectedLonger what the store protects from being deleted for longer now, where it does
 *     that
 * @param due what is due later, and when
 * @param unreadable what cannot be read and stood in the way; while anything does, nothing is
 *     retired or condemned
 */
public record PruneReport(
    PrunePlan.Amount retired,
    PrunePlan.Amount repacked,
    long copiedBytes,
    PrunePlan.Amount resumed,
    PrunePlan.Amount condemned,
    PrunePlan.Amount deleted,
    int mergedRuns,
    long leftBytes,
    PrunePlan.Amount protectedLonger,
    List<PrunePlan.Due> due,
    List<String> unreadable) {

  /** Copies the lists. */
  public PruneReport {
    due = List.copyOf(due);
    unreadable = List.copyOf(unreadable);
  }

  /** Whether there was nothing to do. */
  public boolean isEmpty() {
    return retired.items() + resumed.items() + condemned.items() + deleted.items() + mergedRuns
        == 0;
  }
}
