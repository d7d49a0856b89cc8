package dev.varve;

/** What an entry is. The codes are part of the repository format and never change. */
public enum EntryKind {
  /** Something with content: a file, a table's rows, a bucket key, a command's output. */
  FILE(1),
  /** Something that holds others; optional, a bucket has none. */
  DIRECTORY(2),
  /** A name that points to another; see {@link Entry#linkTarget()}. */
  SYMBOLIC_LINK(3),
  /** A named pipe. */
  FIFO(4),
  /** A socket's name. */
  SOCKET(5),
  /** A device read by characters; its number is the attribute {@code posix.device}. */
  CHARACTER_DEVICE(6),
  /** A device read by blocks; its number is the attribute {@code posix.device}. */
  BLOCK_DEVICE(7);

  private final int code;

  EntryKind(int code) {
    this.code = code;
  }

  /** The number that stands for this kind in a catalog, from 1 to 127. */
  public int code() {
    return code;
  }

  /** Whether entries of this kind have content. */
  public boolean hasContent() {
    return this == FILE;
  }
}
