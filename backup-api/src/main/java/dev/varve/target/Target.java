package dev.varve.target;

import java.io.IOException;

/**
 * What a restore writes. Describes where and how to write and may be used for any number of
 * restores, one after the other.
 */
public interface Target {

  /**
   * Restores the selected contents of a snapshot, called by one thread of the engine.
   *
   * <p>A target that takes things as they come asks {@link SnapshotContents#deliver}; one that must
   * choose its own order lists and opens. By default a target refuses what would overwrite. What it
   * cannot hold it reports by {@link TargetContext#warn} and leaves out.
   *
   * @throws IOException if the restore as a whole cannot go on
   */
  void restore(SnapshotContents contents, TargetContext context) throws IOException;
}
