package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.internal.catalog.CatalogEntry;
import java.util.Optional;

/** Decides whether an entry's content can be taken over from the previous snapshot unread. */
@FunctionalInterface
interface TakeOver {

  /** The entry with the content it had before, if that is certainly what it still has. */
  Optional<CatalogEntry> find(Entry entry, CatalogEntry before);

  /** Takes nothing over. */
  static TakeOver never() {
    return (entry, before) -> Optional.empty();
  }

  /** Takes over what has the same revision and only chunks that {@code sound} vouches for. */
  static TakeOver whenUnchanged(SoundChunks sound) {
    return (entry, before) -> {
      boolean unchanged =
          entry.revision().isPresent()
              && entry.revision().equals(before.entry().revision())
              && before.entry().kind() == entry.kind()
              && !before.problem()
              && sound.all(before.content());
      return unchanged
          ? Optional.of(
              new CatalogEntry(
                  entry.toBuilder().size(before.entry().size()).build(), before.content(), false))
          : Optional.empty();
    };
  }
}
