package dev.varve.internal.prune;

import dev.varve.internal.log.CallId;
import dev.varve.internal.vault.LockHolder;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who else is at work, as far as locks tell: what they stored and did not register yet is spared.
 * Immutable. Wrong, it costs work.
 *
 * @param runs their runs
 * @param since when the first of them began, by the store's clock
 */
record AtWork(Set<CallId> runs, Optional<Instant> since) {

  /** Nobody. */
  static final AtWork NOBODY = new AtWork(Set.of(), Optional.empty());

  /** All but one's own run. */
  static AtWork in(Vault vault, Optional<CallId> own) throws IOException {
    List<LockHolder> others =
        vault.locks().live().stream()
            .filter(holder -> !own.equals(Optional.of(holder.note().run())))
            .toList();
    return new AtWork(
        others.stream().map(holder -> holder.note().run()).collect(Collectors.toSet()),
        others.stream().map(LockHolder::since).min(Comparator.naturalOrder()));
  }
}
