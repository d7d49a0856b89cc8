package dev.varve.internal.crypto;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import java.security.GeneralSecurityException;
import java.util.EnumMap;
import java.util.Map;
import javax.crypto.Mac;

/**
 * Names chunks: HMAC-SHA-256 of the plaintext under the id key of the chunk's kind. Used by one
 * thread.
 */
public final class ChunkIds {

  private final Map<ChunkKind, Mac> macs = new EnumMap<>(ChunkKind.class);
  private final byte[] hash = new byte[ChunkId.BYTES];

  /** Names chunks of the repository with these keys, of those kinds that it holds id keys of. */
  public ChunkIds(RepositoryKeys keys) throws AbsentKeyException {
    for (ChunkKind kind : ChunkKind.values()) {
      if (keys.holds(KeyPurpose.idOf(kind))) {
        macs.put(kind, Hmac.under(keys.key(KeyPurpose.idOf(kind))));
      }
    }
  }

  /**
   * The name of the chunk that these {@code count} bytes from {@code offset} on are.
   *
   * @throws AbsentKeyException if the id key of this kind is not held
   */
  public ChunkId id(ChunkKind kind, byte[] bytes, int offset, int count) throws AbsentKeyException {
    Mac mac = macs.get(kind);
    if (mac == null) {
      throw new AbsentKeyException(KeyPurpose.idOf(kind));
    }
    mac.update(bytes, offset, count);
    try {
      mac.doFinal(hash, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("32 bytes are too few for a SHA-256", e);
    }
    return ChunkId.at(hash, 0);
  }
}
