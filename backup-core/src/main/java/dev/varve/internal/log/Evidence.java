package dev.varve.internal.log;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackName;
import java.util.stream.Stream;

/**
 * What an appender found out by reading more than the log, as {@link Validity} asks for it. The
 * appender vouches for it; nothing of it is in the log.
 */
public interface Evidence {

  /**
   * The chunks a snapshot reaches, of all kinds. Those that an active pack is known to hold without
   * looking may be left out, such as the ids taken over from a snapshot live at the base once they
   * were compared with what is retired, condemned or damaged there.
   */
  Stream<ChunkId> reached(SnapshotRecord snapshot);

  /** Where the runs live at the base, and those the record adds, say that a chunk lies. */
  Stream<Copy> claimed(ChunkId chunk);

  /**
   * Whether it is known what a pack holds: its footer was read, and every live run, or it is known
   * that there is no such pack.
   */
  boolean isListed(PackName pack);

  /**
   * The chunks that a footer or any live run places in a pack and that a snapshot live at the base
   * reaches.
   */
  Stream<ChunkId> liveIn(PackName pack);

  /** The copies of a chunk that the appender opened itself, its id recomputed. */
  Stream<Copy> opened(ChunkId chunk);

  /** The packs about which the new runs of a merge leave out an entry that a replaced run has. */
  Stream<PackName> leftOut(Index merge);
}
