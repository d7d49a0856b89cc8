package dev.varve.internal.maintenance;

import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.LostSlotException;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Folds the log again from its first slot, compares that with what is gone by, and looks whether
 * every record was valid where it stands. Used by one thread.
 */
final class LogCheck {

  private static final String LOG = "log/";

  private final Vault vault;
  private final Findings findings;
  private final LongAdder items;

  LogCheck(Vault vault, Findings findings, LongAdder items) {
    this.vault = vault;
    this.findings = findings;
    this.items = items;
  }

  void run() throws IOException {
    try {
      Log anew = vault.foldedAnew();
      items.add(anew.state().slot() + 1);
      compare(anew.state());
      vault
          .damagedSlots(anew.state())
          .forEach((slot, what) -> findings.add(slot, what + "; repair can put it back"));
      conflicts(anew);
    } catch (LostSlotException e) {
      findings.add(LOG, String.valueOf(e.getMessage()));
    }
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
    log.audit(
        (entry, conflicts) ->
            findings.add(
                LOG,
                "The record in slot "
                    + entry.slot()
                    + " should not have been appended: "
                    + conflicts));
  }
}
