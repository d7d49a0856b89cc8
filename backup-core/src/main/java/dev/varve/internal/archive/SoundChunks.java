package dev.varve.internal.archive;

import dev.varve.internal.catalog.ContentCursor;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.log.LogState;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Tells of the contents of the previous snapshot whether each of their chunks still has a copy that
 * may be relied on. Used by one thread.
 */
final class SoundChunks {

  private final ChunkSource lists;
  private final Predicate<ChunkId> suspect;
  private final boolean anySuspect;

  private SoundChunks(ChunkSource lists, Predicate<ChunkId> suspect, boolean anySuspect) {
    this.lists = lists;
    this.suspect = suspect;
    this.anySuspect = anySuspect;
  }

  /** What is sound in {@code vault} by what its log says now. */
  static SoundChunks of(Vault vault) {
    return everyPackIsActive(vault.state())
        ? everyOne(vault.chunks())
        : but(id -> !contains(vault, id), vault.chunks());
  }

  private static boolean everyPackIsActive(LogState state) {
    AtomicBoolean every = new AtomicBoolean(state.damage().isEmpty());
    state.forEachPack(
        pack -> {
          if (!pack.isActive()) {
            every.set(false);
          }
        });
    return every.get();
  }

  private static boolean contains(Vault vault, ChunkId id) {
    try {
      return vault.contains(id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every chunk is sound: no pack is retired, condemned or damaged. */
  private static SoundChunks everyOne(ChunkSource lists) {
    return new SoundChunks(lists, id -> false, false);
  }

  /** Chunks are sound that are not {@code suspect}. */
  private static SoundChunks but(Predicate<ChunkId> suspect, ChunkSource lists) {
    return new SoundChunks(lists, suspect, true);
  }

  /** Whether all chunks of this content are, and the lists they are found by. */
  boolean all(ChunkList content) {
    if (!anySuspect) {
      return true;
    }
    if (content.refs().stream().anyMatch(ref -> suspect.test(ref.id()))) {
      return false;
    }
    try {
      ContentCursor chunks = new ContentCursor(lists, content);
      for (Optional<ChunkRef> ref = chunks.next(); ref.isPresent(); ref = chunks.next()) {
        if (suspect.test(ref.get().id())) {
          return false;
        }
      }
      return true;
    } catch (ChunkMissingException | FormatException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
