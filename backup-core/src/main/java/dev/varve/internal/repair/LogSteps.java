package dev.varve.internal.repair;

import dev.varve.RepairPlan;
import dev.varve.RepairPlan.Kind;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogConflictException;
import dev.varve.internal.log.LostSlot;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.ConfigCare;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * Puts right what everything else rests on: the config and the slots of the log. Used by one
 * thread.
 */
final class LogSteps {

  private final Vault vault;
  private final Steps steps;

  LogSteps(Vault vault, Steps steps) {
    this.vault = vault;
    this.steps = steps;
  }

  /** Does what is planned; whether anything can be appended then. */
  boolean run() throws IOException {
    Log log = vault.foldedDespiteDamage();
    makeConfig();
    putBack(log);
    giveUp(log);
    vault.refresh();
    log.refresh();
    return log.lost().isEmpty() && log.rollback().isEmpty();
  }

  private void makeConfig() throws IOException {
    List<RepairPlan.Step> planned = steps.of(Kind.MAKE_CONFIG);
    if (!planned.isEmpty()) {
      if (!ConfigCare.exists(vault.store())) {
        ConfigCare.make(vault.store(), vault.id());
      }
      steps.finish(planned);
    }
  }

  private void putBack(Log log) throws IOException {
    List<RepairPlan.Step> planned = steps.of(Kind.PUT_BACK_SLOT);
    // The last one first: what carries a copy of it is certainly there.
    SortedSet<Long> missing = log.notInPlace();
    while (!missing.isEmpty()) {
      long slot = missing.last();
      missing = missing.headSet(slot);
      if (planned.stream().anyMatch(step -> step.item().equals(Log.key(slot)))) {
        log.putBack(slot);
      }
    }
    steps.finish(planned);
  }

  private void giveUp(Log log) throws IOException {
    List<RepairPlan.Step> slots = steps.of(Kind.GIVE_UP_SLOT);
    List<RepairPlan.Step> rollback = steps.of(Kind.ACCEPT_ROLLBACK);
    Set<String> planned = slots.stream().map(RepairPlan.Step::item).collect(Collectors.toSet());
    Optional<LostSlot> more =
        log.lost().stream().filter(slot -> !planned.contains(slot.key())).findFirst();
    boolean accepting = !rollback.isEmpty() && log.rollback().isPresent();
    if (slots.isEmpty() && !accepting) {
      steps.finish(rollback);
      return;
    }
    if (more.isPresent()) {
      String why = more.get().key() + " cannot be read either; plan again";
      steps.leave(slots, why);
      steps.leave(rollback, why);
      return;
    }
    if (accepting || !log.lost().isEmpty()) {
      try {
        Cancellation.shielded(() -> accepting ? log.acceptRollback() : log.giveUp());
      } catch (LogConflictException e) {
        // Somebody else gave them up meanwhile: then nothing is lost any more.
        if (!log.lost().isEmpty() || log.rollback().isPresent()) {
          throw e;
        }
      }
    }
    steps.finish(slots);
    steps.finish(rollback);
  }
}
