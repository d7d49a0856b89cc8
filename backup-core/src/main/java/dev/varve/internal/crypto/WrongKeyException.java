package dev.varve.internal.crypto;

import java.io.IOException;

/** A key slot is sound as far as can be told, but this key is not the one it was made with. */
public final class WrongKeyException extends IOException {

  private static final long serialVersionUID = 1;

  /** Says which slot the key does not open. */
  public WrongKeyException(String message) {
    super(message);
  }

  /** Says which slot the key does not open, and what showed it. */
  public WrongKeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
