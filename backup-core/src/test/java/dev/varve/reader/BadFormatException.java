package dev.varve.reader;

/** The repository is not as {@code docs/format.md} says. */
final class BadFormatException extends RuntimeException {

  private static final long serialVersionUID = 1;

  BadFormatException(String message) {
    super(message);
  }

  BadFormatException(String message, Throwable cause) {
    super(message, cause);
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new BadFormatException(otherwise);
    }
  }
}
