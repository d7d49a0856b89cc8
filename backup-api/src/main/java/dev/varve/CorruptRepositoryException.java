package dev.varve;

/** What the repository holds contradicts itself or does not authenticate. */
public final class CorruptRepositoryException extends BackupException {

  private static final long serialVersionUID = 1;

  /** An error that says what was attempted, on what, and what to do next. */
  public CorruptRepositoryException(String message) {
    super(message);
  }

  /** An error with what caused it. */
  public CorruptRepositoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
