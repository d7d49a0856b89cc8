package dev.varve.internal.archive;

import dev.varve.SnapshotId;
import dev.varve.internal.catalog.ProblemList;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.vault.Vault;
import dev.varve.source.Source;
import java.io.IOException;
import java.util.Optional;

/** What a snapshot is made of, and in which ways backups and copies differ. Used by one thread. */
interface Making {

  /** What is read. */
  Source source();

  /** The snapshot that contents may be taken over from. */
  Optional<LiveSnapshot> previous() throws IOException;

  /** Decides what is taken over, of chunks that {@code sound} vouches for. */
  TakeOver takeOver(SoundChunks sound) throws IOException;

  /** What the new snapshot is called. */
  default SnapshotId id() {
    return SnapshotId.random();
  }

  /** Adds the problems there were before it was read now. */
  default void addProblems(ProblemList problems) throws IOException {}

  /** The snapshot as it is to be committed. */
  default SnapshotRecord finished(SnapshotRecord made) {
    return made;
  }

  /** A backup of a source. */
  static Making backup(Source source, Vault vault) {
    return new Making() {
      @Override
      public Source source() {
        return source;
      }

      @Override
      public Optional<LiveSnapshot> previous() throws IOException {
        return vault.findNewest(source.identity());
      }

      @Override
      public TakeOver takeOver(SoundChunks sound) {
        return TakeOver.whenUnchanged(sound);
      }

      @Override
      public SnapshotId id() {
        return source instanceof Branch branch ? branch.snapshotId() : SnapshotId.random();
      }
    };
  }
}
