package dev.varve.internal.repair;

import dev.varve.RepairPlan;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The steps of a plan while it is carried out. Used by one thread. */
final class Steps {

  private final RepairPlan plan;
  private final List<RepairPlan.Step> done = new ArrayList<>();
  private final List<RepairPlan.Step> left = new ArrayList<>();

  Steps(RepairPlan plan) {
    this.plan = plan;
    plan.steps().stream()
        .filter(step -> !step.kind().isWork() || step.due().isPresent())
        .forEach(left::add);
  }

  /** The planned steps of some kinds that can be done now. */
  List<RepairPlan.Step> of(RepairPlan.Kind first, RepairPlan.Kind... rest) {
    Set<RepairPlan.Kind> kinds = EnumSet.of(first, rest);
    return plan.steps().stream()
        .filter(step -> kinds.contains(step.kind()) && step.due().isEmpty())
        .toList();
  }

  /** These steps are done. */
  void finish(List<RepairPlan.Step> steps) {
    done.addAll(steps);
  }

  /** These steps were not done. */
  void leave(List<RepairPlan.Step> steps, String why) {
    for (RepairPlan.Step step : steps) {
      left.add(
          new RepairPlan.Step(
              step.kind(),
              step.item(),
              step.message() + ". Not done: " + why,
              step.blocks(),
              step.due()));
    }
  }

  /** Whatever was not done yet is not done. */
  void leaveRest(String why) {
    List<RepairPlan.Step> rest = new ArrayList<>(plan.steps());
    rest.removeAll(done);
    rest.removeIf(step -> left.stream().anyMatch(other -> isSame(step, other)));
    leave(rest, why);
  }

  private static boolean isSame(RepairPlan.Step one, RepairPlan.Step other) {
    return one.kind() == other.kind() && one.item().equals(other.item());
  }

  List<RepairPlan.Step> done() {
    return done;
  }

  List<RepairPlan.Step> left() {
    return left;
  }
}
