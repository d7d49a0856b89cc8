package dev.varve;

/** A location, option or name cannot be used as it is given; nothing was changed. */
public final class ConfigurationException extends BackupException {

  private static final long serialVersionUID = 1;

  /** An error that says what was attempted, on what, and what to do next. */
  public ConfigurationException(String message) {
    super(message);
  }

  /** An error with what caused it. */
  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
