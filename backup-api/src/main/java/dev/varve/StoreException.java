package dev.varve;

/** A store did not do what was asked, retries included: unreachable, full, refused. */
public final class StoreException extends BackupException {

  private static final long serialVersionUID = 1;

  /** An error that says what was attempted, on what, and what to do next. */
  public StoreException(String message) {
    super(message);
  }

  /** An error with what caused it. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
