package dev.varve.internal.format;

/** An item was written by a newer version of the format. */
public final class NewerFormatException extends FormatException {

  private static final long serialVersionUID = 1;

  private final int version;

  /** Names the version met. */
  public NewerFormatException(int version) {
    this("It", version);
  }

  /** Names the item and the version met. */
  public NewerFormatException(String item, int version) {
    super(
        item
            + " has format version "
            + version
            + ", of a newer Varve; this one knows versions up to "
            + ItemKind.VERSION
            + ": use a newer one");
    this.version = version;
  }

  /** The version met. */
  public int version() {
    return version;
  }
}
