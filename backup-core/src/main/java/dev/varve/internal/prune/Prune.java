package dev.varve.internal.prune;

import dev.varve.PruneOptions;
import dev.varve.PrunePlan;
import dev.varve.PruneReport;
import dev.varve.internal.crypto.KeyPurpose;
import dev.varve.internal.log.CallId;
import dev.varve.internal.log.LogConflictException;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Presence;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * One call that takes every step now due of giving room back: retires what nobody needs, copies
 * what is needed out of packs that hold little of it, decides the deletion of what was retired long
 * enough, and deletes what was condemned long enough. Used by one thread.
 *
 * <p>Any number may run at once, beside backups and restores, and any of them may die at any time:
 * each step is one record of the log, and what it rests on is looked at before.
 */
public final class Prune {

  private static final String WORK = "prune";
  private static final int TRIES = 3;

  private final Vault vault;
  private final PruneRules rules;
  private final InstantSource clock;
  private final Reporter reporter;
  private final Cancellation cancellation;

  /** A prune of {@code vault}. */
  public Prune(Vault vault, PruneOptions options, Reporter reporter, Cancellation cancellation) {
    this(
        vault,
        new PruneRules(
            options,
            vault.keys().holds(KeyPurpose.SEAL_DATA) && vault.keys().holds(KeyPurpose.DATA_ID)),
        InstantSource.system(),
        reporter,
        cancellation);
  }

  /**
   * A prune by other rules, or another clock.
   *
   * @param clock believed only as far as nothing is decided by it
   */
  Prune(
      Vault vault,
      PruneRules rules,
      InstantSource clock,
      Reporter reporter,
      Cancellation cancellation) {
    this.vault = vault;
    this.rules = rules;
    this.clock = clock;
    this.reporter = reporter;
    this.cancellation = cancellation;
  }

  /** Says what a call would do now, and changes nothing. */
  public PrunePlan plan() throws IOException {
    vault.refresh();
    PruneCall call = call(new PruneTally(), Optional.empty());
    PrunePlan plan = call.plan();
    call.tell();
    return plan;
  }

  /** Takes every step now due. */
  public PruneReport run() throws IOException {
    vault.log().requireWritable();
    PruneTally tally = new PruneTally();
    try (Presence presence = vault.locks().enter(WORK, List.of(), CallId.random())) {
      return run(tally, presence);
    }
  }

  private PruneReport run(PruneTally tally, Presence presence) throws IOException {
    for (int tries = 1; ; tries++) {
      vault.refresh();
      long slot = vault.state().slot();
      long own = vault.log().appended();
      try {
        PruneCall call = call(tally, Optional.of(presence));
        PruneReport report = call.run();
        if (tries == TRIES || !mayBeOvertaken(report, slot - own)) {
          call.tell();
          reporter.flush();
          return report;
        }
      } catch (LogConflictException | NoSuchFileException e) {
        vault.refresh();
        if (tries == TRIES || vault.state().slot() == slot) {
          throw e;
        }
      }
    }
  }

  /** What cannot be read may be what others gave up while this process stood still. */
  private boolean mayBeOvertaken(PruneReport report, long othersSlots) throws IOException {
    if (report.unreadable().isEmpty()) {
      return false;
    }
    vault.refresh();
    return vault.state().slot() - vault.log().appended() > othersSlots;
  }

  private PruneCall call(PruneTally tally, Optional<Presence> presence) {
    return new PruneCall(vault, rules, clock, tally, presence, reporter, cancellation);
  }
}
