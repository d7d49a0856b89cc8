package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.FormatException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Goes through a catalog from its first entry to its last. Used by one thread. It stands before a
 * chunk, which can be opened or passed over unread; or before an entry; or at the end. Holds one
 * chunk of each level. Checks that paths ascend and that each chunk begins as its fence says.
 *
 * <p>If a chunk cannot be opened, or turns out to be wrong further on, the walk stands before
 * nothing, and {@link #pass()} goes on behind that chunk.
 */
final class CatalogWalk {

  private final ChunkSource source;
  private final Deque<FenceDecoder> levels = new ArrayDeque<>();
  private final int depth;
  private EntryDecoder leaf = EntryDecoder.ended();
  private Optional<CatalogEntry> entry = Optional.empty();
  private Optional<Fence> fence;
  private EntryPath at = Fence.LOWEST;
  private boolean failed;

  /** Stands before the topmost chunk, if there is one. */
  CatalogWalk(ChunkSource source, CatalogRoot root) throws FormatException {
    ChunkList top = root.fences();
    if (top.refs().size() > 1
        || top.depth() > ChunkList.MAX_DEPTH
        || top.refs().isEmpty() != (root.entries() == 0)) {
      throw new FormatException(
          "A catalog of "
              + root.entries()
              + " entries cannot have "
              + top.refs().size()
              + " topmost chunks");
    }
    this.source = source;
    this.depth = top.depth();
    this.fence = top.refs().stream().map(ref -> new Fence(Fence.LOWEST, ref)).findFirst();
  }

  boolean atEntry() {
    return !failed && entry.isPresent();
  }

  boolean atChunk() {
    return !failed && entry.isEmpty() && fence.isPresent();
  }

  boolean atEnd() {
    return !failed && entry.isEmpty() && fence.isEmpty();
  }

  /** The path stood before: an entry's, or the first in a chunk; for the topmost, the lowest. */
  EntryPath path() {
    return at;
  }

  /** The entry stood before. */
  CatalogEntry entry() {
    return entry.orElseThrow(); // Fails unless atEntry().
  }

  /** The chunk stood before. */
  Fence chunk() {
    return fence.orElseThrow(); // Fails unless atChunk().
  }

  /** The level of the chunk stood before: 0 for a chunk of entries. */
  int level() {
    return levels.isEmpty() ? depth : levels.getLast().level() - 1;
  }

  /** Opens the chunk stood before, and stands before the first thing in it. */
  void open() throws IOException {
    Fence chunk = chunk();
    failed = true;
    boolean topmost = levels.isEmpty();
    int level = level();
    Decoder in = Chunks.read(source, ChunkKind.CATALOG, chunk.ref(), level);
    if (level == 0) {
      EntryDecoder entries = new EntryDecoder(in);
      Optional<CatalogEntry> first = entries.next();
      requireFirst(topmost, chunk, first.map(CatalogEntry::path));
      leaf = entries;
      entry = first;
      at = first.orElseThrow().path();
    } else {
      FenceDecoder fences = new FenceDecoder(in, level);
      Optional<Fence> first = fences.next();
      requireFirst(topmost, chunk, first.map(Fence::first));
      levels.addLast(fences);
      fence = first;
      at = first.orElseThrow().first();
    }
    failed = false;
  }

  private static void requireFirst(boolean topmost, Fence chunk, Optional<EntryPath> first)
      throws FormatException {
    if (!topmost && !first.equals(Optional.of(chunk.first()))) {
      throw new FormatException(
          "The catalog's chunk "
              + chunk.ref().id()
              + " does not begin with '"
              + chunk.first()
              + "'");
    }
  }

  /** Passes over what is stood before: an entry, a chunk unread, or what failed. */
  void pass() throws IOException {
    failed = true;
    settle();
    failed = false;
    if (!atEnd()) {
      EntryPath next = atEntry() ? entry().path() : chunk().first();
      if (next.compareTo(at) <= 0) {
        failed = true;
        throw new FormatException("The catalog's '" + next + "' comes after '" + at + "'");
      }
      at = next;
    }
  }

  private void settle() throws FormatException {
    entry = Optional.empty();
    EntryDecoder entries = leaf;
    leaf = EntryDecoder.ended();
    entry = entries.next();
    if (entry.isPresent()) {
      leaf = entries;
      return;
    }
    Optional<Fence> next = Optional.empty();
    while (next.isEmpty() && !levels.isEmpty()) {
      next = levels.getLast().next();
      if (next.isEmpty()) {
        levels.removeLast();
      }
    }
    fence = next;
  }

  /**
   * Goes on to where {@code target} is or would be, passing over whole chunks: afterwards it stands
   * before the first entry from {@code target} on, before a chunk that begins with it, or at the
   * end. Never goes back.
   */
  void skipTo(EntryPath target) throws IOException {
    while (!atEnd() && at.compareTo(target) < 0) {
      if (leaveFor(target)) {
        continue;
      }
      if (atChunk()) {
        open();
      } else {
        pass();
      }
    }
  }

  /** The first path behind the chunk stood before, or behind the one that failed. */
  Optional<EntryPath> following() {
    Iterator<FenceDecoder> upwards = levels.descendingIterator();
    while (upwards.hasNext()) {
      Optional<Fence> next = upwards.next().peek();
      if (next.isPresent()) {
        return next.map(Fence::first);
      }
    }
    return Optional.empty();
  }

  /** Goes to the next chunk of the highest level possible that begins no later than the target. */
  private boolean leaveFor(EntryPath target) throws IOException {
    int keep = 0;
    for (FenceDecoder level : levels) {
      keep++;
      Optional<Fence> next = level.peek();
      if (next.isPresent() && next.get().first().compareTo(target) <= 0) {
        while (levels.size() > keep) {
          levels.removeLast();
        }
        leaf = EntryDecoder.ended();
        pass();
        return true;
      }
    }
    return false;
  }
}
