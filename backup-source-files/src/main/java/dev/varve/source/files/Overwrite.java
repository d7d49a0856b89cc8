package dev.varve.source.files;

/** What a {@link FilesTarget} does where something of the same name is there already. */
public enum Overwrite {
  /**
   * It stays, and is reported unless it is right already; a directory that is there is filled but
   * otherwise left alone.
   */
  NEVER,
  /** It stays if it was modified later than in the snapshot or is right already. */
  NEWER,
  /**
   * It stays if its size and modification time are right, and is replaced if not; so an interrupted
   * restore goes on where it stopped.
   */
  CHANGED,
  /** It is replaced. */
  ALWAYS
}
