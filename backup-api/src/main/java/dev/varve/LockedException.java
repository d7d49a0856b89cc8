package dev.varve;

/** Another run of the same work is going on; nothing was changed. */
public final class LockedException extends BackupException {

  private static final long serialVersionUID = 1;

  /** An error that says what was attempted, on what, and what to do next. */
  public LockedException(String message) {
    super(message);
  }

  /** An error with what caused it. */
  public LockedException(String message, Throwable cause) {
    super(message, cause);
  }
}
