package dev.varve.internal.prune;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.index.RowCursor;
import dev.varve.internal.index.RowSet;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;

/** What is marked, asked for in ascending order. Used by one thread. */
final class MarkedChunks implements Closeable {

  private final RowCursor cursor;
  private boolean more;
  private boolean found;
  private long passed;

  MarkedChunks(Collection<RowSet> marked) throws IOException {
    cursor = RowSet.union(marked);
    more = cursor.next();
  }

  /** Whether a chunk, which comes after the one asked for before, is marked. */
  boolean contains(ChunkId id) throws IOException {
    while (more) {
      int order = at().compareTo(id);
      if (order == 0) {
        found = true;
        return true;
      }
      if (order > 0) {
        return false;
      }
      pass();
    }
    return false;
  }

  /** What the chunk is that {@link #contains} found last. */
  ChunkKind kind() throws FormatException {
    return ChunkKind.of(cursor.row()[ChunkId.BYTES]);
  }

  /** Goes to the end. */
  void passAll() throws IOException {
    while (more) {
      pass();
    }
  }

  /** How many marked chunks were not asked for. */
  long passed() {
    return passed;
  }

  @Override
  public void close() throws IOException {
    cursor.close();
  }

  private ChunkId at() {
    return ChunkId.at(cursor.row(), 0);
  }

  private void pass() throws IOException {
    passed += found ? 0 : 1;
    found = false;
    more = cursor.next();
  }
}
