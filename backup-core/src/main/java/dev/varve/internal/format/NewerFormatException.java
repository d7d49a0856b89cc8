package dev.varve.internal.format;

/** An item was written by a newer version of the format. */
public final class NewerFormatException extends FormatException {

  private static final long serialVersionUID = 1;

  /** Names the version met. */
  public NewerFormatException(int version) {
    super(
        "It has format version "
            + version
            + "; this software knows versions up to "
            + ItemKind.VERSION
            + ": use a newer one");
  }
}
