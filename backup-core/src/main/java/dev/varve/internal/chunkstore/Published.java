package dev.varve.internal.chunkstore;

import dev.varve.internal.format.RunName;
import dev.varve.internal.index.PackEntry;
import java.util.List;

/**
 * Index runs that were written, and the packs they speak of: all durable, none registered yet.
 *
 * @param runs the runs
 * @param packs the packs
 */
public record Published(List<StoredRun> runs, List<PackEntry> packs) {

  /** A run and its length in the store. */
  public record StoredRun(RunName name, long storedBytes) {}

  /** How long the runs are together, in bytes. */
  public long runBytes() {
    return runs.stream().mapToLong(StoredRun::storedBytes).sum();
  }
}
