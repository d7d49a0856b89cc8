package dev.varve.examples.cli;

/** What was asked for cannot be done, for a reason that the command line itself found. */
final class FailureException extends RuntimeException {

  private static final long serialVersionUID = 1;

  FailureException(String message) {
    super(message);
  }
}
