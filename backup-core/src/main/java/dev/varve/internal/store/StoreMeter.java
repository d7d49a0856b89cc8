package dev.varve.internal.store;

/** Hears of every call of a store. Safe for use by many threads. */
@FunctionalInterface
public interface StoreMeter {

  /** How a call ended. */
  enum Outcome {
    /** As it was meant to. */
    DONE,
    /** There is no such item. */
    ABSENT,
    /** There is such an item already. */
    EXISTS,
    /** In any other way. */
    FAILED
  }

  /**
   * A call has ended.
   *
   * @param operation create, read, list, delete, delete-all or protect
   * @param nanos how long it took, waiting for its share of a limited bandwidth included
   * @param bytes the contents that were sent or fetched; 0 unless it is done
   */
  void ended(String operation, Outcome outcome, long nanos, long bytes);
}
