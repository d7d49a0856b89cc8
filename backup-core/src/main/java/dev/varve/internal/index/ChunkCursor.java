package dev.varve.internal.index;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;

/**
 * Goes through all chunk entries of some runs, ascending by id; entries about one chunk follow each
 * other. Used by one thread. Takes a page of memory for each run.
 *
 * <p>When {@link #next} meets a damaged page it fails, naming run and page, and when it is called
 * again goes on without that page: so a check can find all damage, and nobody overlooks any.
 */
public final class ChunkCursor {

  private final MergedCursor<RunCursor> merged;

  ChunkCursor(Collection<Run> runs) {
    merged =
        new MergedCursor<>(
            runs.stream().map(run -> new RunCursor(run, run.chunkRows())).toList(),
            Comparator.comparing(step -> ChunkRow.id(step.rows(), step.at())));
  }

  /** Goes to the next entry, if there is one. */
  public boolean next() throws IOException {
    return merged.next();
  }

  /** Which chunk the entry is about. */
  public ChunkId id() {
    RunCursor at = merged.current();
    return ChunkRow.id(at.rows(), at.at());
  }

  /** Where the chunk is said to be. */
  public ChunkLocation location() throws IOException {
    RunCursor at = merged.current();
    return at.run().location(at.rows(), at.at(), at.row());
  }

  /** Which run says so. */
  public RunName run() {
    return merged.current().run().name();
  }
}
