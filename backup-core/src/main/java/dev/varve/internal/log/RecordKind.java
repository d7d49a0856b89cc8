package dev.varve.internal.log;

import java.util.Optional;

/** What a record of the log does. */
public enum RecordKind {
  /** Slot 0: what the repository was made with. */
  SETTINGS(1),
  /** Commits the snapshots of one backup call. */
  SNAPSHOTS(2),
  /** Registers what a running backup has stored so far. */
  PARTIAL(3),
  /** Drops snapshots. */
  FORGET(4),
  /** Brings a forgotten snapshot back. */
  UNDELETE(5),
  /** Changes pins and tags. */
  ATTRIBUTES(6),
  /** Adds runs, after a merge in place of others. */
  INDEX(7),
  /** Names packs not to be reused, and packs that are again. */
  RETIRE(8),
  /** Decides that packs and runs may be deleted. */
  CONDEMN(9),
  /** Claims that blocks are damaged, or that they are not. */
  DAMAGE(10),
  /** Gives up slots that nobody can read. */
  VOID(11),
  /** Something a newer software wrote: nobody who does not know it may write. */
  UNKNOWN(0);

  private final int code;

  RecordKind(int code) {
    this.code = code;
  }

  /** The number that stands for it in records. */
  public int code() {
    return code;
  }

  /** The kind with this code, if this software knows it. */
  static Optional<RecordKind> find(int code) {
    for (RecordKind kind : values()) {
      if (kind.code == code && kind != UNKNOWN) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
