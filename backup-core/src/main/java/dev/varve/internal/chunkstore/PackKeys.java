package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.BlockKey;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.PackEntry;
import dev.varve.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds and opens the block keys of packs: out of the index, or of the pack itself where the index
 * does not know it. Remembers the last ones. Safe for use by many threads.
 */
public final class PackKeys {

  private static final int REMEMBERED = 4096;
  private static final int HEADER_GUESS_BYTES = PackHeader.ROOM_BYTES;

  private final Store store;
  private final RepositoryId repository;
  private final RepositoryKeys keys;
  private final ChunkIndex index;
  private final Map<PackName, PackKey> remembered =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PackName, PackKey> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Finds keys of the packs in {@code store} with the help of {@code index}. */
  public PackKeys(Store store, RepositoryId repository, RepositoryKeys keys, ChunkIndex index) {
    this.store = store;
    this.repository = repository;
    this.keys = keys;
    this.index = index;
  }

  /**
   * What is needed to open blocks of a pack.
   *
   * @param name the pack
   * @param kind what it holds
   * @param key its block key
   */
  public record PackKey(PackName name, PackKind kind, BlockKey key) {}

  /** The key of a pack that the index knows. */
  public PackKey of(PackName pack) throws IOException {
    synchronized (remembered) {
      PackKey known = remembered.get(pack);
      if (known != null) {
        return known;
      }
    }
    Optional<PackEntry> entry = index.pack(pack);
    if (entry.isEmpty()) {
      throw new FormatException("The index does not know " + pack.key());
    }
    PackKind kind = entry.get().kind();
    PackKey found =
        new PackKey(
            pack, kind, BlockKey.open(entry.get().sealedBlockKey(), keys, repository, kind, pack));
    synchronized (remembered) {
      remembered.put(pack, found);
    }
    return found;
  }

  /** The key as the pack itself, which has so many bytes, tells it in its header. */
  PackKey fromHeader(PackName pack, PackKind kind, long storedBytes) throws IOException {
    byte[] sealed = header(pack, kind, storedBytes).sealedBlockKey();
    return new PackKey(pack, kind, BlockKey.open(sealed, keys, repository, kind, pack));
  }

  /** The header of a pack that has so many bytes. */
  PackHeader header(PackName pack, PackKind kind, long storedBytes) throws IOException {
    byte[] bytes = new byte[(int) Math.min(HEADER_GUESS_BYTES, storedBytes)];
    store.read(pack.key(), 0, ByteBuffer.wrap(bytes));
    return PackHeader.decode(kind, bytes);
  }
}
