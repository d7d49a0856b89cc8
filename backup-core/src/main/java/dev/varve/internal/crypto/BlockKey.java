package dev.varve.internal.crypto;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import java.security.SecureRandom;

/**
 * The key that seals the blocks of the packs that one run writes of one kind. Immutable; never
 * prints itself.
 *
 * <p>Sealed it has {@value #SEALED_BYTES} bytes: its 32 bytes by {@link SmallSeal} under the
 * sealing key of the pack's kind, bound to the pack at position {@link Binding#BLOCK_KEY}; so it is
 * sealed anew for each pack.
 */
public final class BlockKey {

  /** The length of a sealed block key. */
  public static final int SEALED_BYTES = RepositoryKeys.KEY_BYTES + SmallSeal.OVERHEAD_BYTES;

  private final byte[] key;

  private BlockKey(byte[] key) {
    this.key = key;
  }

  /** A new key. */
  public static BlockKey draw() {
    byte[] key = new byte[RepositoryKeys.KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return new BlockKey(key);
  }

  /**
   * Opens the key in the header of a pack.
   *
   * @throws FormatException if it is not the key that was sealed for this pack
   * @throws AbsentKeyException if the sealing key of this kind is not held
   */
  public static BlockKey open(
      byte[] sealed, RepositoryKeys keys, RepositoryId repository, PackKind kind, PackName pack)
      throws FormatException, AbsentKeyException {
    byte[] key =
        new SmallSeal(keys.key(KeyPurpose.sealOf(kind)))
            .open(sealed, binding(repository, kind, pack));
    if (key.length != RepositoryKeys.KEY_BYTES) {
      throw new FormatException("A block key has 32 bytes, this " + key.length);
    }
    return new BlockKey(key);
  }

  /**
   * Seals this key for the header of a pack.
   *
   * @throws AbsentKeyException if the sealing key of this kind is not held
   */
  public byte[] seal(RepositoryKeys keys, RepositoryId repository, PackKind kind, PackName pack)
      throws AbsentKeyException {
    return new SmallSeal(keys.key(KeyPurpose.sealOf(kind)))
        .seal(key, binding(repository, kind, pack));
  }

  /** A new seal with this key, for one thread. */
  public StreamSeal stream() {
    return new StreamSeal(key);
  }

  @Override
  public String toString() {
    return "block key";
  }

  private static byte[] binding(RepositoryId repository, PackKind kind, PackName pack) {
    return Binding.of(repository, kind.item(), pack.key(), Binding.BLOCK_KEY);
  }
}
