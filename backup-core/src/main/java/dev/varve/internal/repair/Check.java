package dev.varve.internal.repair;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.RepairPlan;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Vault;
import java.io.IOException;

/** Looks for damage and reports it. Used by one thread. */
public final class Check {

  private final Vault vault;
  private final CheckOptions options;
  private final Reporter reporter;
  private final Cancellation cancellation;

  /** A check of {@code vault}. */
  public Check(Vault vault, CheckOptions options, Reporter reporter, Cancellation cancellation) {
    this.vault = vault;
    this.options = options;
    this.reporter = reporter;
    this.cancellation = cancellation;
  }

  /** Looks as deep as the options say. */
  public CheckReport run() throws IOException {
    Survey survey = Survey.of(vault, options, reporter, cancellation);
    return survey.report(options.recording() ? record(survey) : 0);
  }

  /** What is damaged as a whole but can be read in parts is left to a repair. */
  private long record(Survey survey) throws IOException {
    RepairPlan plan = RepairPlanner.records(vault.state(), survey.wounds());
    Repair repair = new Repair(vault, reporter, cancellation);
    return repair.record(new Steps(plan));
  }
}
