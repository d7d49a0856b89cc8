package dev.varve.internal.prune;

import dev.varve.Listener;
import dev.varve.PruneOptions;
import dev.varve.PrunePlan;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.time.InstantSource;

/** The real prune on a machine whose clock a test sets. */
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
}
