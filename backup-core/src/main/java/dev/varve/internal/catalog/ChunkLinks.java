package dev.varve.internal.catalog;

import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.FormatException;
import java.io.IOException;
import java.util.Optional;

/**
 * What one chunk of a catalog, or one list of a content, refers to. Stateless. For who goes through
 * many catalogs level by level and each chunk once; {@link ReachableChunks} goes through one.
 */
public final class ChunkLinks {

  private ChunkLinks() {}

  /** Takes a reference. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes a reference.
     *
     * @param kind what it refers to
     * @param level how high: 0 for entries and contents
     */
    void visit(ChunkKind kind, int level, ChunkRef ref) throws IOException;
  }

  /** The topmost chunks that a catalog's root or an entry's content refers to. */
  public static void of(ChunkKind kind, ChunkList list, Visitor visitor) throws IOException {
    ChunkKind topmost = kind == ChunkKind.DATA && list.depth() > 0 ? ChunkKind.LIST : kind;
    for (ChunkRef ref : list.refs()) {
      visitor.visit(topmost, list.depth(), ref);
    }
  }

  /**
   * What a chunk of this kind, CATALOG or LIST, and level refers to.
   *
   * @throws FormatException if it is none
   */
  public static void of(ChunkKind kind, int level, byte[] bytes, Visitor visitor)
      throws IOException {
    if (bytes.length > Chunks.MAX_BYTES) {
      throw new FormatException("A chunk of " + bytes.length + " bytes is too long for a catalog");
    }
    Decoder in = Chunks.open(bytes, level);
    if (kind == ChunkKind.LIST) {
      list(in, level, visitor);
    } else if (level > 0) {
      fences(in, level, visitor);
    } else {
      entries(in, visitor);
    }
  }

  private static void list(Decoder in, int level, Visitor visitor) throws IOException {
    while (in.remaining() > 0) {
      ChunkRef ref = ChunkRef.read(in);
      if (level > 1) {
        in.varint();
      }
      visitor.visit(level == 1 ? ChunkKind.DATA : ChunkKind.LIST, level - 1, ref);
    }
  }

  private static void fences(Decoder in, int level, Visitor visitor) throws IOException {
    FenceDecoder fences = new FenceDecoder(in, level);
    for (Optional<Fence> fence = fences.next(); fence.isPresent(); fence = fences.next()) {
      visitor.visit(ChunkKind.CATALOG, level - 1, fence.get().ref());
    }
  }

  private static void entries(Decoder in, Visitor visitor) throws IOException {
    EntryDecoder entries = new EntryDecoder(in);
    for (Optional<CatalogEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
      of(ChunkKind.DATA, entry.get().content(), visitor);
    }
  }
}
