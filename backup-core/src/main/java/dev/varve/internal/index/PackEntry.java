package dev.varve.internal.index;

import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import java.util.Arrays;

/**
 * What an index run says of a pack.
 *
 * @param name the pack
 * @param kind what it holds
 * @param storedBytes its length in the store
 * @param sha256 the SHA-256 of its stored bytes, 32 bytes; all zero if whoever wrote the entry did
 *     not read them
 * @param epoch the epoch of the key that seals its block key, 0 in version 1
 * @param sealing how its block key is sealed, 1 for AEAD
 * @param sealedBlockKey the block key, sealed
 */
public record PackEntry(
    PackName name,
    PackKind kind,
    long storedBytes,
    byte[] sha256,
    int epoch,
    int sealing,
    byte[] sealedBlockKey) {

  /** Stands for a hash that nobody took: the entry was made again from the pack's header. */
  public static byte[] unknownSha256() {
    return new byte[32];
  }

  /** Whether the hash is known. */
  public boolean knowsSha256() {
    return !Arrays.equals(sha256, unknownSha256());
  }
}
