package dev.varve.examples.cli;

/** The arguments make no sense together or cannot be used; nothing was tried. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
