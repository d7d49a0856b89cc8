package dev.varve.internal.prune;

import dev.varve.internal.catalog.ChunkLinks;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.RowCursor;
import dev.varve.internal.index.RowSet;
import dev.varve.internal.index.Scratch;
import dev.varve.internal.index.SortedRows;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.Work;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Finds all chunks that snapshots reach. Used by one thread; reads with several.
 *
 * <p>It goes through all catalogs at once, from their topmost level down: the references of one
 * level are sorted, so that each chunk is read once however many snapshots share it, and then read
 * in the order in which they lie in packs. What does not fit into a few megabytes is on disk.
 */
final class Marking {

  /** A row of what is marked: 32 bytes of id and its kind. */
  static final int ROW_BYTES = ChunkId.BYTES + 1;

  private static final int REF_BYTES = ChunkId.BYTES + 4;
  private static final int PLACED_BYTES = 16 + 4 + 4 + REF_BYTES;
  private static final int REFS_AT_ONCE = 32;
  private static final int MEMORY_BYTES = 1 << 20;
  private static final int MARKED_MEMORY_BYTES = 4 << 20;

  private final Vault vault;
  private final Scratch scratch;
  private final Collection<RowSet> known;
  private final Unreadable unreadable;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final SortedRows marked;
  private final SortedRows[] catalogs = new SortedRows[ChunkList.MAX_DEPTH + 1];
  private final SortedRows[] lists = new SortedRows[ChunkList.MAX_DEPTH + 1];

  /** Marks what is not {@code known}, with all that is below it, already. */
  Marking(
      Vault vault,
      Scratch scratch,
      Collection<RowSet> known,
      Unreadable unreadable,
      Reporter reporter,
      Cancellation cancellation) {
    this.vault = vault;
    this.scratch = scratch;
    this.known = List.copyOf(known);
    this.unreadable = unreadable;
    this.reporter = reporter;
    this.cancellation = cancellation;
    this.marked = scratch.rows(ROW_BYTES, MARKED_MEMORY_BYTES);
    for (int level = 0; level < catalogs.length; level++) {
      catalogs[level] = scratch.rows(REF_BYTES, MEMORY_BYTES);
      lists[level] = scratch.rows(REF_BYTES, MEMORY_BYTES);
    }
  }

  /** The chunks these snapshots reach and that are not known; once. */
  RowSet run(Iterable<SnapshotRecord> snapshots) throws IOException {
    for (SnapshotRecord snapshot : snapshots) {
      ChunkLinks.of(ChunkKind.CATALOG, snapshot.catalog().fences(), this::found);
      for (ChunkRef ref : snapshot.problems().refs()) {
        mark(ChunkKind.CATALOG, ref);
      }
    }
    for (int level = ChunkList.MAX_DEPTH; level >= 0; level--) {
      follow(ChunkKind.CATALOG, level, catalogs[level].finish());
    }
    for (int level = ChunkList.MAX_DEPTH; level > 0; level--) {
      follow(ChunkKind.LIST, level, lists[level].finish());
    }
    return marked.finish();
  }

  /** The key of a chunk in what is marked. */
  static byte[] key(ChunkId id) {
    byte[] key = new byte[ChunkId.BYTES];
    id.write(key, 0);
    return key;
  }

  private void mark(ChunkKind kind, ChunkRef ref) throws IOException {
    byte[] row = new byte[ROW_BYTES];
    ref.id().write(row, 0);
    row[ChunkId.BYTES] = (byte) kind.code();
    marked.add(row);
  }

  private void found(ChunkKind kind, int level, ChunkRef ref) throws IOException {
    mark(kind, ref);
    if (kind != ChunkKind.DATA) {
      Encoder row = new Encoder(REF_BYTES);
      row.id(ref.id()).u32(ref.length());
      (kind == ChunkKind.CATALOG ? catalogs : lists)[level].add(row.toBytes());
    }
  }

  private void follow(ChunkKind kind, int level, RowSet refs) throws IOException {
    try (RowCursor placed = placed(refs).cursor();
        Work work = new Work(vault.threads(), cancellation)) {
      List<ChunkRef> some = new ArrayList<>();
      while (placed.next()) {
        some.add(ref(new Decoder(placed.row(), PLACED_BYTES - REF_BYTES, REF_BYTES)));
        if (some.size() == REFS_AT_ONCE) {
          List<ChunkRef> full = some;
          some = new ArrayList<>();
          work.submit(() -> read(kind, level, full));
        }
      }
      read(kind, level, some);
      work.await();
    }
  }

  /** The same references in the order in which they lie in packs. */
  private RowSet placed(RowSet refs) throws IOException {
    SortedRows placed = scratch.rows(PLACED_BYTES, MEMORY_BYTES);
    try (RowCursor cursor = refs.cursor()) {
      while (cursor.next()) {
        ChunkRef ref = ref(new Decoder(cursor.row()));
        if (!isKnown(ref.id())) {
          placed.add(placed(ref));
        }
      }
    }
    refs.delete();
    return placed.finish();
  }

  private boolean isKnown(ChunkId id) throws IOException {
    for (RowSet set : known) {
      if (set.contains(key(id))) {
        return true;
      }
    }
    return false;
  }

  private byte[] placed(ChunkRef ref) throws IOException {
    Encoder row = new Encoder(PLACED_BYTES);
    Optional<ChunkLocation> place = place(ref.id());
    row.u64(place.map(p -> p.pack().high()).orElse(0L));
    row.u64(place.map(p -> p.pack().low()).orElse(0L));
    row.u32(place.map(ChunkLocation::block).orElse(0));
    row.u32(place.map(ChunkLocation::chunkOffset).orElse(0));
    return row.id(ref.id()).u32(ref.length()).toBytes();
  }

  /** That a run is damaged is told when the chunk is read and not found elsewhere. */
  private Optional<ChunkLocation> place(ChunkId id) throws IOException {
    try {
      return vault.index().find(id);
    } catch (FormatException e) {
      return Optional.empty();
    }
  }

  private static ChunkRef ref(Decoder in) throws FormatException {
    return new ChunkRef(in.id(), (int) in.u32());
  }

  private void read(ChunkKind kind, int level, List<ChunkRef> refs) throws IOException {
    for (ChunkRef ref : refs) {
      cancellation.check();
      try {
        ChunkLinks.of(kind, level, vault.chunks().get(kind, ref), this::found);
      } catch (ChunkMissingException | FormatException e) {
        unreadable.inTheWay(
            "A chunk that catalogs consist of cannot be read, so that nobody knows what they"
                + " need: "
                + e.getMessage()
                + ". Run check, then repair");
      }
      reporter.done(1, ref.length(), Optional.empty());
    }
  }
}
