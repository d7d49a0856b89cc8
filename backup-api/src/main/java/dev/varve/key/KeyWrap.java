package dev.varve.key;

import java.security.GeneralSecurityException;

/**
 * A key that never leaves its home, such as a KMS: the host supplies the functions that wrap and
 * unwrap. They are called once per slot made or opened, never per item. Safe for use by many
 * threads if the functions are.
 */
public final class KeyWrap implements Key {

  /** Encrypts or decrypts with authentication, as Tink's {@code Aead} does. */
  @FunctionalInterface
  public interface Operation {

    /**
     * Encrypts or decrypts {@code input}, bound to {@code associatedData}. Where the keys stand in
     * plain, in the input or in what is returned, they are wiped after use: to be kept is a copy.
     *
     * @throws GeneralSecurityException if that cannot be done, or the input does not authenticate
     */
    byte[] apply(byte[] input, byte[] associatedData) throws GeneralSecurityException;
  }

  private final Operation wrap;
  private final Operation unwrap;

  private KeyWrap(Operation wrap, Operation unwrap) {
    this.wrap = wrap;
    this.unwrap = unwrap;
  }

  /** A key by functions, e.g. {@code KeyWrap.of(aead::encrypt, aead::decrypt)}. */
  public static KeyWrap of(Operation wrap, Operation unwrap) {
    return new KeyWrap(wrap, unwrap);
  }

  /**
   * Encrypts {@code keys}.
   *
   * @throws GeneralSecurityException if the host's function does
   */
  public byte[] wrap(byte[] keys, byte[] associatedData) throws GeneralSecurityException {
    return wrap.apply(keys, associatedData);
  }

  /**
   * Decrypts what {@link #wrap} made.
   *
   * @throws GeneralSecurityException if the host's function does, e.g. because another key wrapped
   *     it
   */
  public byte[] unwrap(byte[] wrapped, byte[] associatedData) throws GeneralSecurityException {
    return unwrap.apply(wrapped, associatedData);
  }

  @Override
  public String toString() {
    return "host-supplied key";
  }
}
