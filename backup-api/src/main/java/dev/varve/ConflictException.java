package dev.varve;

/** The repository moved on so that what was prepared is no longer valid; nothing was changed. */
public final class ConflictException extends BackupException {

  private static final long serialVersionUID = 1;

  /** An error that says what was attempted, on what, and what to do next. */
  public ConflictException(String message) {
    super(message);
  }

  /** An error with what caused it. */
  public ConflictException(String message, Throwable cause) {
    super(message, cause);
  }
}
