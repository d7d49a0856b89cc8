package dev.varve.internal.repair;

import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.LostSlot;
import dev.varve.internal.log.LostSlotException;
import dev.varve.internal.log.RecordAudit;
import dev.varve.internal.vault.ConfigCare;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Folds the log again from its first slot, compares that with what is gone by, and looks whether
 * every record was valid where it stands. Used by one thread.
 */
final class LogCheck {

  private static final String LOG = "log/";

  private final Vault vault;
  private final Findings findings;
  private final Wounds wounds;
  private final LongAdder items;

  LogCheck(Vault vault, Findings findings, Wounds wounds, LongAdder items) {
    this.vault = vault;
    this.findings = findings;
    this.wounds = wounds;
    this.items = items;
  }

  void run() throws IOException {
    try {
      Log anew = vault.foldedDespiteDamage();
      items.add(anew.state().slot() + 1);
      if (anew.lost().isEmpty()) {
        compare(anew.state());
      }
      wounds.log(new LogWounds(anew, config(), slots(anew)));
      conflicts(anew);
    } catch (LostSlotException e) {
      findings.add(LOG, String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> config() throws IOException {
    items.increment();
    Optional<String> damage = ConfigCare.damage(vault.store());
    damage.ifPresent(what -> findings.add(ConfigCare.KEY, what));
    return damage;
  }

  /** What is wrong with slots that can be read all the same; the others are told as lost. */
  private SortedMap<String, String> slots(Log anew) throws IOException {
    SortedMap<String, String> damaged = vault.damagedSlots(anew.state());
    for (LostSlot lost : anew.lost()) {
      damaged.remove(lost.key());
      findings.add(lost.key(), "Nobody can read the slot: " + lost.why());
    }
    anew.rollback().ifPresent(e -> findings.add(LOG, String.valueOf(e.getMessage())));
    damaged.forEach(
        (slot, what) ->
            findings.add(slot, what + "; what it says is read from the slot after or before it"));
    return damaged;
  }

  private void compare(LogState anew) throws IOException {
    vault.refresh();
    LogState used = vault.state();
    if (anew.slot() == used.slot() && !anew.sameAs(used)) {
      findings.add(
          "checkpoints/",
          "Folding the log from its first slot gives another state than the checkpoint that is in"
              + " use; delete the checkpoints, they are made again");
    }
  }

  private void conflicts(Log log) throws IOException {
    RecordAudit.of(
        log,
        (entry, conflicts) ->
            findings.add(
                LOG,
                "The record in slot "
                    + entry.slot()
                    + " should not have been appended: "
                    + conflicts));
  }
}
