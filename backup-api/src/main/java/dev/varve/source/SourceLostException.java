package dev.varve.source;

import java.io.IOException;

/** A source as a whole can no longer be read, not just one entry; the backup commits nothing. */
public final class SourceLostException extends IOException {

  private static final long serialVersionUID = 1;

  /** A loss that says what was attempted and what to do next. */
  public SourceLostException(String message) {
    super(message);
  }

  /** A loss with what caused it. */
  public SourceLostException(String message, Throwable cause) {
    super(message, cause);
  }
}
