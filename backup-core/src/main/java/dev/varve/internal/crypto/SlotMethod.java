package dev.varve.internal.crypto;

import dev.varve.internal.format.FormatException;
import dev.varve.key.Key;
import dev.varve.key.KeyFile;
import dev.varve.key.Passphrase;

/** By what kind of key a slot is opened. */
public enum SlotMethod {
  /** A passphrase, by Argon2id. */
  PASSPHRASE(1, "passphrase"),
  /** A key file, by HKDF-SHA-256. */
  KEY_FILE(2, "key file"),
  /** The host's own functions. */
  HOST(3, "host-supplied key");

  private final int code;
  private final String words;

  SlotMethod(int code, String words) {
    this.code = code;
    this.words = words;
  }

  /** The method that this key opens slots by. */
  public static SlotMethod of(Key key) {
    if (key instanceof Passphrase) {
      return PASSPHRASE;
    }
    return key instanceof KeyFile ? KEY_FILE : HOST;
  }

  int code() {
    return code;
  }

  static SlotMethod ofCode(int code) throws FormatException {
    for (SlotMethod method : values()) {
      if (method.code == code) {
        return method;
      }
    }
    throw new FormatException("No way to open a key slot has the code " + code);
  }

  /** What the key is called in messages and lists. */
  @Override
  public String toString() {
    return words;
  }
}
