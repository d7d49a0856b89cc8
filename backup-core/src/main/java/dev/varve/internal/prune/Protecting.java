package dev.varve.internal.prune;

import dev.varve.PrunePlan.Amount;
import dev.varve.internal.crypto.KeySlotItem;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.LogState;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Items;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.Work;
import dev.varve.store.Stored;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where the store keeps items from being deleted for a time: sees that this time does not run out
 * for what is still needed, which is the config, key slots, the log and the packs that snapshots
 * rely on. Used by one thread.
 *
 * <p>Comes round when half of the time has passed since it did so last, as far as this machine
 * remembers, and leaves out what was created in the last quarter: so what is needed stays kept for
 * a quarter of the time at least, if somebody prunes as often as that.
 */
final class Protecting {

  private static final String NOTE = "protected";

  private final Vault vault;
  private final Reporter reporter;
  private final Cancellation cancellation;

  Protecting(Vault vault, Reporter reporter, Cancellation cancellation) {
    this.vault = vault;
    this.reporter = reporter;
    this.cancellation = cancellation;
  }

  /** Keeps what is needed for longer, if that is due; tells what it was. */
  Amount run(LogState state, Instant now) throws IOException {
    Optional<Duration> protection = vault.store().protection();
    if (protection.isEmpty() || !isDue(protection.get(), now)) {
      return Amount.NONE;
    }
    reporter.phase("keeping", OptionalLong.empty(), OptionalLong.empty());
    Instant young = now.minus(protection.get().dividedBy(4));
    Amount[] kept = {Amount.NONE};
    try (Work work = new Work(vault.threads(), cancellation)) {
      for (String prefix : List.of("config", KeySlotItem.PREFIX, "log/", "packs/")) {
        Items.forEach(
            vault.store(),
            prefix,
            item -> {
              if (item.time().isBefore(young) && isNeeded(item, state)) {
                work.submit(() -> vault.store().protect(item.key()));
                kept[0] = kept[0].plus(item.size());
                reporter.done(1, 0, Optional.empty());
              }
            });
      }
      work.await();
    }
    vault.notes().put(NOTE, now.getEpochSecond() + " " + protection.get().toSeconds());
    return kept[0];
  }

  private boolean isDue(Duration protection, Instant now) {
    Optional<String> note = vault.notes().find(NOTE);
    if (note.isEmpty()) {
      return true;
    }
    String[] words = note.get().strip().split(" ", -1);
    try {
      Instant last = Instant.ofEpochSecond(Long.parseLong(words[0]));
      boolean same = words.length == 2 && Long.parseLong(words[1]) == protection.toSeconds();
      boolean recent = !last.isAfter(now) && last.plus(protection.dividedBy(2)).isAfter(now);
      return !(same && recent);
    } catch (NumberFormatException | DateTimeException e) {
      return true;
    }
  }

  private static boolean isNeeded(Stored item, LogState state) {
    if (!item.key().startsWith("packs/")) {
      return true;
    }
    try {
      return state.pack(PackName.ofKey(item.key())).isActive();
    } catch (FormatException e) {
      return false;
    }
  }
}
