package dev.varve.internal.archive;

import dev.varve.internal.catalog.ChunkLinks;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkCursor;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.RowSet;
import dev.varve.internal.index.Scratch;
import dev.varve.internal.index.SortedRows;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.LogEntry;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.Snapshots;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Tells of the contents of the previous snapshot whether each of their chunks still has a copy that
 * may be relied on. Used by one thread.
 *
 * <p>At its own base every chunk of that snapshot had one. So only chunks in packs that were
 * retired, condemned or damaged since are doubted: their ids are collected once, from the index,
 * and only if there are such packs.
 */
final class SoundChunks {

  private static final int MEMORY_BYTES = 4 << 20;

  private final ChunkSource lists;
  private final Predicate<ChunkId> suspect;
  private final boolean anySuspect;

  private SoundChunks(ChunkSource lists, Predicate<ChunkId> suspect, boolean anySuspect) {
    this.lists = lists;
    this.suspect = suspect;
    this.anySuspect = anySuspect;
  }

  /** What is sound of a snapshot by what a call goes by. */
  static SoundChunks of(Vault vault, Ground ground, LiveSnapshot previous, Scratch scratch)
      throws IOException {
    LogState state = ground.state();
    Set<PackName> doubtful =
        isEveryPackActive(state) ? Set.of() : doubtful(state, commit(vault, previous));
    if (doubtful.isEmpty() && state.damage().isEmpty()) {
      return everyOne(vault.chunks());
    }
    Optional<RowSet> ids = ids(vault, state, doubtful, scratch);
    return but(id -> isDoubtful(ids, id) && !isThere(vault, ground, id), vault.chunks());
  }

  private static boolean isEveryPackActive(LogState state) {
    boolean[] every = {true};
    state.forEachPack(pack -> every[0] &= pack.isActive() || !pack.isRegistered());
    return every[0];
  }

  /** The record that committed a snapshot, if it can still be had. */
  private static Optional<Snapshots> commit(Vault vault, LiveSnapshot snapshot) throws IOException {
    List<LogEntry> entries = vault.log().entries(snapshot.slot(), snapshot.slot());
    return entries.stream()
        .map(LogEntry::record)
        .filter(Snapshots.class::isInstance)
        .map(Snapshots.class::cast)
        .findFirst();
  }

  /** Packs that a snapshot may lie in and that a new one may not rely on unnamed. */
  private static Set<PackName> doubtful(LogState state, Optional<Snapshots> commit) {
    Set<PackName> doubtful = new HashSet<>();
    long base = commit.map(Snapshots::base).orElse(-1L);
    state.forEachPack(
        pack -> {
          boolean since = pack.retiredAt() > base || pack.condemnedAt() > base;
          if (pack.isRegistered() && since) {
            doubtful.add(pack.name());
          }
        });
    commit.ifPresent(
        record ->
            record.drawn().stream()
                .map(state::pack)
                .filter(pack -> !pack.isActive())
                .map(PackStatus::name)
                .forEach(doubtful::add));
    return doubtful;
  }

  /**
   * The ids of all chunks in doubtful packs or damaged blocks; none if the index cannot tell, so
   * that every chunk is looked for.
   */
  private static Optional<RowSet> ids(
      Vault vault, LogState state, Set<PackName> doubtful, Scratch scratch) throws IOException {
    SortedRows ids = scratch.rows(ChunkId.BYTES, MEMORY_BYTES);
    ChunkCursor chunks = vault.index().chunks();
    byte[] row = new byte[ChunkId.BYTES];
    try {
      while (chunks.next()) {
        ChunkLocation place = chunks.location();
        if (doubtful.contains(place.pack()) || state.isDamaged(place.pack(), place.block())) {
          chunks.id().write(row, 0);
          ids.add(row);
        }
      }
    } catch (FormatException e) {
      return Optional.empty();
    }
    return Optional.of(ids.finish());
  }

  private static boolean isDoubtful(Optional<RowSet> ids, ChunkId id) {
    byte[] key = new byte[ChunkId.BYTES];
    id.write(key, 0);
    try {
      return ids.isEmpty() || ids.get().contains(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isThere(Vault vault, Ground ground, ChunkId id) {
    try {
      return vault.index().contains(id, ground::isUsable);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every chunk is sound: no pack is retired, condemned or damaged. */
  static SoundChunks everyOne(ChunkSource lists) {
    return new SoundChunks(lists, id -> false, false);
  }

  /** Chunks are sound that are not {@code suspect}. */
  private static SoundChunks but(Predicate<ChunkId> suspect, ChunkSource lists) {
    return new SoundChunks(lists, suspect, true);
  }

  /** Whether a chunk is, and if it is a list, all that is found by it. */
  private boolean isSound(ChunkKind kind, int level, ChunkRef ref) throws IOException {
    if (suspect.test(ref.id())) {
      return false;
    }
    boolean[] sound = {true};
    if (kind == ChunkKind.LIST) {
      ChunkLinks.of(
          kind,
          level,
          lists.get(kind, ref),
          (k, l, below) -> sound[0] = sound[0] && isSound(k, l, below));
    }
    return sound[0];
  }

  /** Whether all chunks of this content are, and the lists they are found by. */
  boolean all(ChunkList content) {
    if (!anySuspect) {
      return true;
    }
    try {
      boolean[] sound = {true};
      ChunkLinks.of(
          ChunkKind.DATA,
          content,
          (kind, level, ref) -> sound[0] = sound[0] && isSound(kind, level, ref));
      return sound[0];
    } catch (ChunkMissingException | FormatException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
