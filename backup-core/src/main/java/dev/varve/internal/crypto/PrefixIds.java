package dev.varve.internal.crypto;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import java.util.Optional;
import java.util.function.Predicate;
import javax.crypto.Mac;

/**
 * Finds out where a chunk ends of which only the beginning is known, by trying ends until an id is
 * one that is looked for. Reads the bytes once, however many ends are tried. Used by one thread.
 */
public final class PrefixIds {

  private final Mac mac;

  /**
   * Tries ids of chunks of one kind.
   *
   * @throws AbsentKeyException if the id key of this kind is not held
   */
  public PrefixIds(RepositoryKeys keys, ChunkKind kind) throws AbsentKeyException {
    mac = Hmac.under(keys.key(KeyPurpose.idOf(kind)));
  }

  /**
   * The wanted chunk that begins at {@code offset} and has one of some lengths.
   *
   * @param lengths ascending; those beyond {@code end} are not tried
   */
  public Optional<ChunkRef> find(
      byte[] bytes, int offset, int end, int[] lengths, Predicate<ChunkId> wanted) {
    mac.reset();
    int at = offset;
    for (int length : lengths) {
      if (length > end - offset) {
        break;
      }
      mac.update(bytes, at, offset + length - at);
      at = offset + length;
      ChunkId id = ChunkId.at(soFar().doFinal(), 0);
      if (wanted.test(id)) {
        return Optional.of(new ChunkRef(id, length));
      }
    }
    return Optional.empty();
  }

  private Mac soFar() {
    try {
      return (Mac) mac.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("The JDK's HMAC can be cloned", e);
    }
  }
}
