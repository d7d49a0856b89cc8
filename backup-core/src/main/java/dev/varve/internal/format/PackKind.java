package dev.varve.internal.format;

/** What a pack holds; browsing and garbage marking never touch data packs. */
public enum PackKind {
  /** Chunks of contents. */
  DATA(1, ItemKind.DATA_PACK),
  /** Chunks of catalogs and of chunk lists. */
  CATALOG(2, ItemKind.CATALOG_PACK);

  private final int code;
  private final ItemKind item;

  PackKind(int code, ItemKind item) {
    this.code = code;
    this.item = item;
  }

  /** The number that stands for it in runs and records. */
  public int code() {
    return code;
  }

  /** What such a pack is called in its header. */
  public ItemKind item() {
    return item;
  }

  /** The kind with this code. */
  public static PackKind of(int code) throws FormatException {
    for (PackKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new FormatException("No pack kind has the code " + code);
  }
}
