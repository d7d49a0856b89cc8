package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.store.Store;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Opens single blocks of a pack whose header or footer may be damaged, wherever somebody says that
 * one lies, and gives out nothing but chunks whose ids were computed again. Used by one thread.
 */
public final class PackRemains implements AutoCloseable {

  private final Store store;
  private final PackKeys packKeys;
  private final BlockOpener opener;
  private int plainBytes;

  /** Looks into packs of this repository. */
  public PackRemains(Store store, RepositoryId repository, RepositoryKeys keys, PackKeys packKeys)
      throws IOException {
    this.store = store;
    this.packKeys = packKeys;
    this.opener = new BlockOpener(repository, keys);
  }

  /** A pack's block key, from its header, or if that is of no use from the index. */
  public Optional<PackKeys.PackKey> key(PackName pack, PackKind kind, long storedBytes)
      throws IOException {
    try {
      return Optional.of(packKeys.fromHeader(pack, kind, storedBytes));
    } catch (FormatException | EOFException | NoSuchFileException fromHeader) {
      try {
        return Optional.of(packKeys.of(pack)).filter(key -> key.kind() == kind);
      } catch (FormatException neither) {
        return Optional.empty();
      }
    }
  }

  /**
   * Opens a block; its chunks can then be asked for.
   *
   * @throws FormatException if it is not there or not what was sealed
   */
  public void open(PackKeys.PackKey key, int ordinal, long offset, int storedBytes)
      throws IOException {
    if (storedBytes < 0 || storedBytes > BlockOpener.MAX_SEALED_BYTES) {
      throw new FormatException("No block has " + storedBytes + " bytes");
    }
    byte[] sealed = new byte[storedBytes];
    try {
      store.read(key.name().key(), offset, ByteBuffer.wrap(sealed));
    } catch (EOFException | NoSuchFileException e) {
      throw new FormatException("It is not there: " + e.getMessage(), e);
    }
    plainBytes = opener.open(key, ordinal, ByteBuffer.wrap(sealed));
  }

  /**
   * Opens a block whose bytes are at hand.
   *
   * @throws FormatException if it is not what was sealed
   */
  public void open(PackKeys.PackKey key, int ordinal, ByteBuffer sealed) throws IOException {
    plainBytes = opener.open(key, ordinal, sealed);
  }

  /** How many bytes of plaintext the block opened last has. */
  public int plainBytes() {
    return plainBytes;
  }

  /** The plaintext of the block opened last; what follows it is worthless. */
  public byte[] plain() {
    return opener.plain();
  }

  /** Which kind of chunk lies in these bytes of the block opened last, if its id is this one. */
  public Optional<ChunkKind> kindOf(PackKind pack, ChunkId id, int offset, int length)
      throws IOException {
    for (ChunkKind kind : ChunkKind.values()) {
      if (kind.pack() == pack) {
        try {
          opener.verify(kind, id, offset, length);
          return Optional.of(kind);
        } catch (FormatException other) {
          // Not a chunk of this kind; perhaps of the next.
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    opener.close();
  }
}
