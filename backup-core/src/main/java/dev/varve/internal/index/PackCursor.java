package dev.varve.internal.index;

import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.util.Collection;

/**
 * Goes through all that some runs say of packs, ascending by name; a pack several runs speak of
 * comes several times. Used by one thread. Meets damage like {@link ChunkCursor}, but may fail once
 * for each pack on a damaged page.
 */
public final class PackCursor {

  private final MergedCursor<PackStep> merged;

  PackCursor(Collection<Run> runs) {
    merged = PackStep.merge(runs);
  }

  /** Goes to the next pack, if there is one. */
  public boolean next() throws IOException {
    return merged.next();
  }

  /** What is said of it. */
  public PackEntry pack() throws IOException {
    return merged.current().entry();
  }

  /** Which run says so. */
  public RunName run() {
    return merged.current().run().name();
  }
}
