package dev.varve.internal.archive;

import dev.varve.SnapshotId;
import dev.varve.source.Source;

/** One of several that read a source together; their snapshots share a name. */
interface Branch extends Source {

  /** What the snapshot of it is called. */
  SnapshotId snapshotId();
}
