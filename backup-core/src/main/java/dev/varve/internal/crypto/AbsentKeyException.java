package dev.varve.internal.crypto;

import java.io.IOException;

/** The slot that opened the repository does not hold a key that is needed. */
public final class AbsentKeyException extends IOException {

  private static final long serialVersionUID = 1;

  /** Names what the key is for. */
  public AbsentKeyException(KeyPurpose purpose) {
    super(
        "The key slot in use does not hold the key '"
            + purpose.label()
            + "'; open the repository with a key whose slot holds it");
  }
}
