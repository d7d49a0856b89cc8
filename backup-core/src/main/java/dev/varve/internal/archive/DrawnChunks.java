package dev.varve.internal.archive;

import dev.varve.internal.chunkstore.ChunkReuse;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.index.RowCursor;
import dev.varve.internal.index.RowSet;
import dev.varve.internal.index.Scratch;
import dev.varve.internal.index.SortedRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The chunks that a backup call read and found stored already: what it draws on beside the previous
 * snapshots. Safe for use by many threads. Keeps little in memory and the rest on disk.
 */
final class DrawnChunks implements ChunkReuse {

  private static final int ROW_BYTES = ChunkId.BYTES + 1 + 4;
  private static final int MEMORY_BYTES = 1 << 20;

  private final Scratch scratch;
  private final List<RowSet> earlier = new ArrayList<>();
  private SortedRows rows;

  DrawnChunks(Scratch scratch) {
    this.scratch = scratch;
    this.rows = scratch.rows(ROW_BYTES, MEMORY_BYTES);
  }

  /** Looks at a chunk. */
  @FunctionalInterface
  interface Visitor {
    void visit(ChunkKind kind, ChunkRef ref) throws IOException;
  }

  @Override
  public void reused(ChunkKind kind, ChunkRef ref) throws IOException {
    byte[] row = new byte[ROW_BYTES];
    ref.id().write(row, 0);
    row[ChunkId.BYTES] = (byte) kind.code();
    ByteBuffer.wrap(row).putInt(ChunkId.BYTES + 1, ref.length());
    synchronized (this) {
      rows.add(row);
    }
  }

  /** Shows all so far, each once or more. */
  void forEach(Visitor visitor) throws IOException {
    List<RowSet> all;
    synchronized (this) {
      earlier.add(rows.finish());
      rows = scratch.rows(ROW_BYTES, MEMORY_BYTES);
      all = List.copyOf(earlier);
    }
    try (RowCursor cursor = RowSet.union(all)) {
      while (cursor.next()) {
        visit(cursor.row(), visitor);
      }
    }
  }

  private static void visit(byte[] row, Visitor visitor) throws IOException {
    int length = ByteBuffer.wrap(row).getInt(ChunkId.BYTES + 1);
    if (length <= 0 || length > ChunkRef.MAX_LENGTH) {
      throw new FormatException("A temporary file was changed");
    }
    visitor.visit(ChunkKind.of(row[ChunkId.BYTES]), new ChunkRef(ChunkId.at(row, 0), length));
  }
}
