package dev.varve;

/** A target cannot take what was to be restored. */
public final class TargetException extends BackupException {

  private static final long serialVersionUID = 1;

  /** An error that says what was attempted, on what, and what to do next. */
  public TargetException(String message) {
    super(message);
  }

  /** An error with what caused it. */
  public TargetException(String message, Throwable cause) {
    super(message, cause);
  }
}
