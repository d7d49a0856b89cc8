package dev.varve.examples.cli;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.Problem;
import dev.varve.RepairOptions;
import dev.varve.RepairPlan;
import dev.varve.RepairReport;
import dev.varve.RewriteReport;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.examples.cli.show.ProgressView;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code varve repair}. */
@Command(
    name = "repair",
    description = {
      "Look for damage, show what can be done about it, and do it.",
      "Adds to the repository and neither overwrites nor deletes anything. Exit code 1 if anything",
      "stays lost or undone."
    })
final class RepairCommand implements Callable<Integer> {

  private final Varve varve;

  @Option(names = "--dry-run", description = "Only show the plan.")
  private boolean dryRun;

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      description = "How deep to look: index (the default) or data, which reads everything.")
  private CheckOptions.Level level = CheckOptions.Level.INDEX;

  @Option(
      names = "--rewrite",
      description = "Give snapshots that lost something a replacement without it.")
  private boolean rewrite;

  @Option(
      names = "--give-up-slots",
      description = "Give up slots of the log that nobody can read; what they said is lost.")
  private boolean giveUpSlots;

  @Option(
      names = "--accept-rollback",
      description = "Go on with a log that is older or another than this machine has seen.")
  private boolean acceptRollback;

  @Option(
      names = "--reader-delay",
      paramLabel = "TIME",
      description = "How long to wait after the two above before packs are relied on again: 24h.")
  private Optional<String> readerDelay = Optional.empty();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask before the plan is carried out.")
  private boolean yes;

  RepairCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    RepairOptions.Builder options = options();
    try (Repository repository = varve.openDespiteDamage()) {
      RepairPlan plan;
      try (ProgressView progress = varve.newProgress()) {
        plan = repository.planRepair(options.listener(progress).build());
      }
      if (varve.json()) {
        writeJson(plan);
      } else {
        writeText(plan);
      }
      if (dryRun) {
        return plan.steps().isEmpty() && plan.findings().isEmpty()
            ? ExitCode.DONE
            : ExitCode.FAILED;
      }
      if (plan.hasWork() && !yes && !varve.surroundings().confirmed("Do this?")) {
        throw new FailureException("Not confirmed; nothing was done");
      }
      RepairReport report;
      try (ProgressView progress = varve.newProgress()) {
        report = repository.repair(planFor(plan, options.listener(progress).build()));
      }
      if (varve.json()) {
        writeJson(report);
      } else {
        writeText(report);
      }
      return report.complete() ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private static RepairPlan planFor(RepairPlan plan, RepairOptions options) {
    return new RepairPlan(plan.steps(), options, plan.findings());
  }

  private RepairOptions.Builder options() {
    RepairOptions.Builder options = RepairOptions.builder();
    if (level == CheckOptions.Level.LOG) {
      throw new UsageException("--level: give index or data; a repair looks at least at the index");
    }
    options.level(level);
    if (rewrite) {
      options.rewriteSnapshots();
    }
    if (giveUpSlots) {
      options.giveUpSlots();
    }
    if (acceptRollback) {
      options.acceptRollback();
    }
    readerDelay
        .map(typed -> Age.parse("--reader-delay", typed))
        .ifPresent(age -> options.readerDelay(age.length()));
    return options;
  }

  private void writeJson(RepairPlan plan) throws IOException {
    Json json = varve.newJson();
    json.value(
        () -> {
          json.field("event", "plan");
          steps(json, "steps", plan.steps());
        });
  }

  private void writeJson(RepairReport report) throws IOException {
    Json json = varve.newJson();
    for (CheckReport.Finding loss : report.losses()) {
      json.value(
          () -> {
            json.field("event", "loss");
            json.finding(loss);
          });
    }
    for (RewriteReport rewritten : report.rewritten()) {
      json.value(
          () -> {
            json.field("event", "rewritten");
            json.rewritten(rewritten);
          });
    }
    json.value(
        () -> {
          json.field("event", "done");
          json.field("complete", report.complete());
          steps(json, "done", report.done());
          steps(json, "left", report.left());
          json.field("losses", report.losses().size());
        });
  }

  private static void steps(Json json, String name, List<RepairPlan.Step> steps)
      throws IOException {
    json.array(
        name,
        () -> {
          for (RepairPlan.Step step : steps) {
            json.object(
                () -> {
                  json.field("kind", kind(step));
                  json.field("item", step.item());
                  json.field("message", step.message());
                  if (!step.blocks().isEmpty()) {
                    json.texts("blocks", step.blocks().stream().map(Object::toString).toList());
                  }
                  if (step.due().isPresent()) {
                    json.field("due", step.due().get().toString());
                  }
                });
          }
        });
  }

  private static String kind(RepairPlan.Step step) {
    return step.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void writeText(RepairPlan plan) {
    plan.steps().forEach(step -> varve.answer(line(step)));
    if (plan.steps().isEmpty()) {
      varve.summary(
          plan.findings().isEmpty() ? "nothing is wrong" : "nothing that is wrong can be repaired");
    }
  }

  private static String line(RepairPlan.Step step) {
    return kind(step)
        + " "
        + step.item()
        + (step.blocks().isEmpty() ? "" : " blocks " + step.blocks())
        + ": "
        + step.message()
        + step.due()
            .map(due -> " (from " + Legible.time(due, ZoneId.systemDefault()) + " on)")
            .orElse("");
  }

  private void writeText(RepairReport report) {
    for (RepairPlan.Step step : report.left()) {
      varve.answer("left: " + line(step));
    }
    for (CheckReport.Finding loss : report.losses()) {
      varve.answer("lost: " + loss.item() + ": " + loss.message());
      for (CheckReport.Affected affected : loss.affected()) {
        varve.answer("  needed by " + affected.snapshot().brief() + " " + affected.path());
      }
    }
    for (RewriteReport rewritten : report.rewritten()) {
      writeText(varve, rewritten);
    }
    varve.summary(
        Legible.count(report.done().size(), "step", "steps")
            + " done, "
            + Legible.count(report.left().size())
            + " left"
            + (report.losses().isEmpty() ? "" : "; what is lost for good is named above"));
  }

  /** Says what became of a snapshot. */
  static void writeText(Varve varve, RewriteReport rewritten) {
    for (Problem problem : rewritten.omitted()) {
      varve.answer("omitted: " + problem);
    }
    varve.answer(
        rewritten.changed()
            ? rewritten.replacement().id().hex()
                + " replaces "
                + rewritten.original().brief()
                + ", which stays until it is forgotten"
            : rewritten.original().brief() + " stays as it is: there is nothing to leave out");
  }
}
