package dev.varve;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a prune would do now. All bytes are stored bytes.
 *
 * @param slot the position in the log it was made at
 * @param kept packs that stay as they are
 * @param usedBytes about how many bytes of all packs snapshots need
 * @param retire packs that nobody needs, not to be reused from now on
 * @param repack packs of which little is needed
 * @param copiedBytes about how many bytes of them have to be copied into new packs
 * @param condemn packs retired long enough, whose deletion would be decided, unless a chunk in them
 *     turns out to be needed
 * @param delete packs and index runs condemned long enough, which would be deleted
 * @param spared packs that a backup still running may be about to commit
 * @param due what is due later, and when
 * @param unreadable what cannot be read and stands in the way; while anything does, nothing is
 *     retired or condemned
 */
public record PrunePlan(
    long slot,
    Amount kept,
    long usedBytes,
    Amount retire,
    Amount repack,
    long copiedBytes,
    Amount condemn,
    Amount delete,
    Amount spared,
    List<Due> due,
    List<String> unreadable) {

  /** Copies the lists. */
  public PrunePlan {
    due = List.copyOf(due);
    unreadable = List.copyOf(unreadable);
  }

  /** Whether there is nothing to do now. */
  public boolean isEmpty() {
    return retire.items() + repack.items() + condemn.items() + delete.items() == 0;
  }

  /**
   * Some stored items.
   *
   * @param items how many
   * @param bytes how long they are together
   */
  public record Amount(long items, long bytes) {

    /** Nothing. */
    public static final Amount NONE = new Amount(0, 0);

    /** Both together. */
    public Amount plus(Amount more) {
      return new Amount(items + more.items, bytes + more.bytes);
    }

    /** This and one item more. */
    public Amount plus(long itemBytes) {
      return new Amount(items + 1, bytes + itemBytes);
    }
  }

  /** What a call of prune does later with what an earlier one began. */
  public enum Step {
    /** Decide that it may be deleted. */
    CONDEMN,
    /** Delete it. */
    DELETE
  }

  /**
   * Something due later.
   *
   * @param step what is due
   * @param amount what it is due for
   * @param at when, by the store's clock; absent if that is not known, and only a prune that waits
   *     for nothing does it
   */
  public record Due(Step step, Amount amount, Optional<Instant> at) {}
}
