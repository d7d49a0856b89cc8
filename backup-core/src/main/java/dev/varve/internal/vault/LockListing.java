package dev.varve.internal.vault;

import dev.varve.Lock;
import dev.varve.internal.log.LockNote;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/** Shows who is at work. Used by one thread. Changes nothing. */
public final class LockListing {

  private final Vault vault;
  private final InstantSource clock;

  /** Lists the locks of {@code vault}. */
  public LockListing(Vault vault) {
    this.vault = vault;
    this.clock = InstantSource.system();
  }

  /**
   * The runs that are not known to be over or dead. Which of them count as dead is told by this
   * machine's clock, because asking the store's would mean to write; nothing is decided by it.
   */
  public List<Lock> list() throws IOException {
    vault.refresh();
    Instant now = clock.instant();
    return vault.locks().holders().stream()
        .map(holder -> lock(holder, now))
        .sorted(Comparator.comparing(Lock::since).thenComparing(Lock::id))
        .toList();
  }

  private static Lock lock(LockHolder holder, Instant now) {
    LockNote note = holder.note();
    return new Lock(
        note.run().hex(),
        note.work(),
        note.sources(),
        note.host(),
        note.process(),
        note.software(),
        holder.since(),
        holder.lastSign(),
        holder.isStale(now));
  }
}
