package dev.varve.internal.restore;

import dev.varve.EntryPath;
import dev.varve.internal.catalog.CatalogCursor;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.FormatException;
import java.util.Optional;

/** Hears of stretches of a catalog that cannot be read. */
@FunctionalInterface
interface LostStretches {

  /**
   * Entries are lost.
   *
   * @param from the first path that may be among them
   * @param before the first path behind them; empty if they are the last
   */
  void lost(EntryPath from, Optional<EntryPath> before, String reason);

  /** A cursor that goes on behind them; it fails only if nothing at all can be read. */
  static Selection.Cursor persevering(CatalogCursor cursor, LostStretches lost) {
    boolean[] any = new boolean[1];
    return () -> {
      while (true) {
        try {
          Optional<CatalogEntry> next = cursor.next();
          any[0] |= next.isPresent();
          return next;
        } catch (ChunkMissingException | FormatException e) {
          EntryPath from = cursor.at();
          Optional<EntryPath> before = cursor.passDamage();
          if (!any[0] && before.isEmpty()) {
            throw e;
          }
          lost.lost(from, before, String.valueOf(e.getMessage()));
          any[0] = true;
        }
      }
    };
  }
}
