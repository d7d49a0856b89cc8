package dev.varve.internal.format;

/** What a chunk is a piece of; each kind has an id key of its own. */
public enum ChunkKind {
  /** Content of entries. */
  DATA(1, PackKind.DATA),
  /** Entries, fences and problems. */
  CATALOG(2, PackKind.CATALOG),
  /** Chunk ids of contents with very many chunks. */
  LIST(3, PackKind.CATALOG);

  private final int code;
  private final PackKind pack;

  ChunkKind(int code, PackKind pack) {
    this.code = code;
    this.pack = pack;
  }

  /** The number that stands for it in footers. */
  public int code() {
    return code;
  }

  /** The kind of pack it is kept in. */
  public PackKind pack() {
    return pack;
  }

  /** The kind with this code. */
  public static ChunkKind of(int code) throws FormatException {
    for (ChunkKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new FormatException("No chunk kind has the code " + code);
  }
}
