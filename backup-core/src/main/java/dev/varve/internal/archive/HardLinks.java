package dev.varve.internal.archive;

import dev.varve.Entry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers the results of files that have several names, so that each is read once. Used by one
 * thread. Forgets the oldest beyond a bound; a forgotten file is read again under its next name.
 */
final class HardLinks {

  private static final int REMEMBERED = 16_384;

  private final Map<Long, Result> results =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Result> eldest) {
          return size() > REMEMBERED;
        }
      };

  Optional<Result> find(Entry entry) {
    return entry.hardLinkGroup().isPresent()
        ? Optional.ofNullable(results.get(entry.hardLinkGroup().getAsLong()))
        : Optional.empty();
  }

  void remember(Entry entry, Result result) {
    entry.hardLinkGroup().ifPresent(group -> results.put(group, result));
  }
}
