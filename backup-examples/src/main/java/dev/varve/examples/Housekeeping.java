package dev.varve.examples;

import dev.varve.ConflictException;
import dev.varve.ForgetPlan;
import dev.varve.ForgetPlan.Decision;
import dev.varve.PruneReport;
import dev.varve.Retention;
import dev.varve.repository.Repository;
import java.io.PrintStream;
import java.time.Period;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Forgets old snapshots and gives their space back, as a host would do each night. Stateless. */
public final class Housekeeping {

  private Housekeeping() {}

  /** A week of everything, then a day, a week, a month, a quarter each, ever longer apart. */
  public static Retention rules(ZoneId zone) {
    return Retention.keepLast(7)
        .daily(14)
        .weekly(8)
        .monthly(12)
        .every(3, ChronoUnit.MONTHS, Period.ofYears(5))
        .tagged("release")
        .minimum(3)
        .in(zone);
  }

  /** Forgets by rules and takes every step of pruning that is due, saying why and what. */
  public static void tidy(Repository repository, Retention rules, PrintStream out) {
    ForgetPlan plan = repository.planForget(rules);
    for (Decision decision : plan.decisions()) {
      out.println(
          decision.snapshot().id().brief()
              + " "
              + decision.verdict()
              + ": "
              + String.join(", ", decision.reasons()));
    }
    try {
      repository.apply(plan);
    } catch (ConflictException e) {
      out.println("Somebody else was faster, tomorrow is another day: " + e.getMessage());
    }
    PruneReport freed = repository.prune();
    out.println("given back: " + freed.deleted().bytes() + " bytes");
    freed.due().forEach(due -> out.println("next: " + due));
  }
}
