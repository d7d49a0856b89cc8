package dev.varve.internal.maintenance;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.internal.log.PackStatus;
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
    Survey survey = new Survey(vault, options.level(), this::inPart, reporter, cancellation);
    survey.run();
    return survey.findings().report(survey.items(), survey.bytes());
  }

  private boolean inPart(PackStatus pack) {
    return Long.remainderUnsigned(pack.name().high(), options.parts()) == options.part() - 1;
  }
}
