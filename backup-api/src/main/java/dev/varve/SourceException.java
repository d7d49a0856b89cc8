package dev.varve;

/** A source cannot be read so that a snapshot would be worth something; nothing was committed. */
public final class SourceException extends BackupException {

  private static final long serialVersionUID = 1;

  /** An error that says what was attempted, on what, and what to do next. */
  public SourceException(String message) {
    super(message);
  }

  /** An error with what caused it. */
  public SourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
