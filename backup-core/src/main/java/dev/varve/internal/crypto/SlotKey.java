package dev.varve.internal.crypto;

import dev.varve.internal.format.FormatException;
import dev.varve.key.KeyFile;
import dev.varve.key.Passphrase;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The key that wraps the table of one slot, made from what somebody knows or holds. Used by one
 * thread; wiped when closed. Never prints itself.
 */
final class SlotKey implements AutoCloseable {

  private static final byte[] NO_SALT = {};
  private static final byte[] KEY_FILE = info("key-file");
  private static final byte[] COMMITMENT = info("slot-commitment");
  private static final byte[] SEAL = info("slot-seal");

  private final byte[] key;

  private SlotKey(byte[] key) {
    this.key = key;
  }

  static SlotKey of(Passphrase passphrase, Argon2Cost cost, byte[] salt) {
    return new SlotKey(passphrase.use(secret -> cost.derive(secret, salt)));
  }

  static SlotKey of(KeyFile file, byte[] salt) {
    return new SlotKey(file.use(secret -> Hkdf.derive(secret, salt, KEY_FILE, 32)));
  }

  /** What shows that a key is this one, and nothing else about it. */
  byte[] commitment() {
    return Hkdf.derive(key, NO_SALT, COMMITMENT, KeySlotItem.COMMITMENT_BYTES);
  }

  byte[] seal(byte[] table, byte[] associated) {
    return smallSeal().seal(table, associated);
  }

  byte[] open(byte[] sealed, byte[] associated) throws FormatException {
    return smallSeal().open(sealed, associated);
  }

  byte[] unconfirmed(byte[] sealed) throws FormatException {
    return smallSeal().unconfirmed(sealed);
  }

  private SmallSeal smallSeal() {
    return new SmallSeal(Hkdf.derive(key, NO_SALT, SEAL, RepositoryKeys.KEY_BYTES));
  }

  @Override
  public void close() {
    Arrays.fill(key, (byte) 0);
  }

  private static byte[] info(String label) {
    return ("varve-1 " + label).getBytes(StandardCharsets.US_ASCII);
  }
}
