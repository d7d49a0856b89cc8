package dev.varve;

/** The caller was interrupted; nothing was committed. The interrupt flag is set again. */
public final class CancelledException extends BackupException {

  private static final long serialVersionUID = 1;

  /** An error that says what was attempted, on what, and what to do next. */
  public CancelledException(String message) {
    super(message);
  }

  /** An error with what caused it. */
  public CancelledException(String message, Throwable cause) {
    super(message, cause);
  }
}
