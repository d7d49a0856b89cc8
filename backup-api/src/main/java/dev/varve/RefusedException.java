package dev.varve;

import java.io.IOException;

/**
 * A plugin's peer refuses for good: wrong credentials, wrong region, forbidden by policy. Trying
 * again cannot help.
 */
public final class RefusedException extends IOException {

  private static final long serialVersionUID = 1;

  /** A refusal that says what was attempted and what must change. */
  public RefusedException(String message) {
    super(message);
  }

  /** A refusal with what caused it. */
  public RefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
