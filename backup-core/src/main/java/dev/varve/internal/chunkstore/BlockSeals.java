package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.Binding;
import dev.varve.internal.crypto.BlockKey;
import dev.varve.internal.crypto.Marker;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The block keys of one run: one for each kind of pack, drawn anew. Safe for use by many threads.
 */
final class BlockSeals {

  /** How many bytes stand before each sealed block. */
  static final int MARKER_BYTES = Marker.BYTES;

  private final RepositoryId repository;
  private final RepositoryKeys keys;
  private final Map<PackKind, BlockKey> blockKeys = new EnumMap<>(PackKind.class);

  BlockSeals(RepositoryId repository, RepositoryKeys keys) {
    this.repository = repository;
    this.keys = keys;
    for (PackKind kind : PackKind.values()) {
      blockKeys.put(kind, BlockKey.draw());
    }
  }

  BlockKey key(PackKind kind) {
    return Objects.requireNonNull(blockKeys.get(kind));
  }

  byte[] sealedFor(PackKind kind, PackName pack) throws IOException {
    return key(kind).seal(keys, repository, kind, pack);
  }

  byte[] binding(PackKind kind, PackName pack, long position) {
    return Binding.of(repository, kind.item(), pack.key(), position);
  }
}
