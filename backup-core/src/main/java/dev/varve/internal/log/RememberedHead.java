package dev.varve.internal.log;

import java.io.IOException;
import java.util.Optional;

/**
 * Remembers how far a log was seen, apart from the store and from the cache that may be deleted, so
 * that an older state shown later is noticed. Hosts without a disk implement it. Used by one thread
 * at a time.
 */
public interface RememberedHead {

  /** Remembers nothing. */
  RememberedHead NONE =
      new RememberedHead() {
        @Override
        public Optional<Position> load() {
          return Optional.empty();
        }

        @Override
        public void save(Position position) {}

        @Override
        public void accept(Position position) {}
      };

  /**
   * How far a log was seen.
   *
   * @param slot the last slot
   * @param hash the hash of its own bytes
   */
  record Position(long slot, SlotHash hash) {}

  /** What was saved last. */
  Optional<Position> load() throws IOException;

  /** Saves a position instead of the one before, unless that was further on. */
  void save(Position position) throws IOException;

  /** Saves a position instead of the one before, whatever that was: a rollback is accepted. */
  void accept(Position position) throws IOException;
}
