package dev.varve.internal.index;

import dev.varve.internal.format.FormatException;

/** A run or one of its pages is not what was sealed; the message names it. Final. */
final class RunDamagedException extends FormatException {

  private static final long serialVersionUID = 1;

  RunDamagedException(String message, Throwable cause) {
    super(message, cause);
  }
}
