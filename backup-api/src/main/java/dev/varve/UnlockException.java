package dev.varve;

/** A key opens none of the repository's slots, or the slot it should open is damaged. */
public final class UnlockException extends BackupException {

  private static final long serialVersionUID = 1;

  /** An error that says what was attempted, on what, and what to do next. */
  public UnlockException(String message) {
    super(message);
  }

  /** An error with what caused it. */
  public UnlockException(String message, Throwable cause) {
    super(message, cause);
  }
}
