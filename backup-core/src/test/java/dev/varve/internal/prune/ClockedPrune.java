package dev.varve.internal.prune;

import dev.varve.Listener;
import dev.varve.PruneOptions;
import dev.varve.PrunePlan;
import dev.varve.PrunePlan.Amount;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Vault;
import dev.varve.store.Stored;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/** The real prune on a machine whose clock a test sets, and single steps of it. */
public final class ClockedPrune {

  private ClockedPrune() {}

  /** What is due when this machine's clock says so. */
  public static PrunePlan plan(
      Vault vault, PruneOptions options, InstantSource clock, Listener listener)
      throws IOException {
    return new Prune(
            vault, new PruneRules(options, true), clock, new Reporter(listener), new Cancellation())
        .plan();
  }

  /** Deletes those of the items that the record in a slot condemned. */
  public static Amount delete(Vault vault, long slot, List<Stored> items) throws IOException {
    return new Deletion(
            vault,
            new PruneRules(PruneOptions.defaults(), true),
            new Reporter(Listener.NONE),
            new Cancellation())
        .run(slot, items);
  }
}
