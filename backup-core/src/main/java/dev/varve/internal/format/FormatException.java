package dev.varve.internal.format;

import java.io.IOException;

/** Persisted bytes are not what the format demands: damaged, foreign or hostile. Final. */
public class FormatException extends IOException {

  private static final long serialVersionUID = 1;

  /** Says what is wrong with the bytes. */
  public FormatException(String message) {
    super(message);
  }

  /** Says what is wrong with the bytes, and what showed it. */
  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
