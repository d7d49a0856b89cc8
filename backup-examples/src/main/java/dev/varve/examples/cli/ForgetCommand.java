package dev.varve.examples.cli;

import dev.varve.ForgetPlan;
import dev.varve.ForgetPlan.Decision;
import dev.varve.PruneOptions;
import dev.varve.SnapshotId;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.examples.cli.show.Table;
import dev.varve.repository.Repository;
import dev.varve.repository.Snapshots;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code varve forget}. */
@Command(
    name = "forget",
    description = {
      "Drop snapshots that no rule keeps, or those named.",
      "Pinned ones stay, and the newest of each source. 'varve undelete' brings back what was",
      "dropped until a prune has taken its space."
    })
final class ForgetCommand implements Callable<Integer> {

  private final Varve varve;

  @Parameters(
      paramLabel = "ID",
      arity = "0..*",
      description = "Snapshots to forget, instead of rules.")
  private List<String> named = new ArrayList<>();

  @Mixin private RetentionArguments rules = new RetentionArguments();

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  @Option(names = "--dry-run", description = "Only show what would be kept and dropped, and why.")
  private boolean dryRun;

  @Option(
      names = "--prune",
      description = {
        "Prune afterwards. The first prune frees nothing yet: it says what it will free, and",
        "when the next is due."
      })
  private boolean prune;

  @Option(names = "--now", description = "With --prune: do not wait between its steps.")
  private boolean now;

  @Option(
      names = "--confirm-clock",
      description = "Go on although the store's clock went ahead by more than 30 days at once.")
  private boolean confirmClock;

  ForgetCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    if (named.isEmpty() == rules.isEmpty()) {
      throw new UsageException(
          named.isEmpty()
              ? "Say what to keep, e.g. --keep-daily 14, or which snapshots to forget"
              : "Give either rules (--keep-...) or snapshots to forget, not both");
    }
    if (now && !prune) {
      throw new UsageException("--now goes with --prune");
    }
    ZoneId zone = rules.zone();
    try (Repository repository = varve.open()) {
      ForgetPlan plan = plan(repository);
      List<SnapshotId> forgotten =
          dryRun ? List.of() : repository.apply(confirmClock ? plan.confirm() : plan);
      if (varve.json()) {
        writeJson(plan, zone);
      } else {
        writeText(plan, forgotten.size(), zone);
      }
      return prune && !dryRun ? PruneCommand.prune(varve, repository, pruning()) : ExitCode.DONE;
    }
  }

  private PruneOptions.Builder pruning() {
    PruneOptions.Builder options = PruneOptions.builder();
    return now ? options.now() : options;
  }

  private ForgetPlan plan(Repository repository) {
    Snapshots all = repository.snapshots();
    if (!named.isEmpty()) {
      return repository.planForget(choice.all(all, named));
    }
    Snapshots meant = choice.narrow(all);
    return repository.planForget(rules.retention(all), meant);
  }

  private void writeJson(ForgetPlan plan, ZoneId zone) throws IOException {
    Json json = varve.newJson();
    json.value(
        () -> {
          json.field("dryRun", dryRun);
          json.field("timeZone", zone.getId());
          json.field("kept", plan.kept().size());
          json.field("dropped", plan.dropped().size());
          if (plan.clockStep().isPresent()) {
            ForgetPlan.ClockStep step = plan.clockStep().get();
            json.object(
                "clockStep",
                () -> {
                  json.field("slot", step.slot());
                  json.field("before", step.before().toString());
                  json.field("after", step.after().toString());
                });
          }
          json.array(
              "decisions",
              () -> {
                for (Decision decision : plan.decisions()) {
                  json.object(() -> write(json, decision));
                }
              });
        });
  }

  private static void write(Json json, Decision decision) throws IOException {
    json.field("verdict", verdict(decision));
    json.field("group", decision.group());
    json.texts("reasons", decision.reasons());
    json.object("snapshot", () -> json.snapshot(decision.snapshot()));
  }

  private void writeText(ForgetPlan plan, int forgotten, ZoneId zone) {
    Table table = new Table("VERDICT", "ID", "TIME", "GROUP", "WHY");
    for (Decision decision : plan.decisions()) {
      table.add(
          verdict(decision),
          decision.snapshot().id().brief(),
          Legible.time(decision.snapshot().time(), zone),
          decision.group(),
          String.join(", ", decision.reasons()));
    }
    if (!plan.decisions().isEmpty()) {
      table.lines().forEach(dryRun ? varve::answer : varve::summary);
    }
    String kept = Legible.count(plan.kept().size()) + " kept, ";
    varve.summary(
        dryRun
            ? kept
                + Legible.count(plan.dropped().size())
                + " would be forgotten; days are those of "
                + zone
            : kept + Legible.count(forgotten) + " forgotten; days are those of " + zone);
    if (dryRun && plan.clockStep().isPresent()) {
      varve.note(
          "The store's clock went from "
              + plan.clockStep().get().before()
              + " to "
              + plan.clockStep().get().after()
              + " at once; --confirm-clock says that this is right");
    }
  }

  private static String verdict(Decision decision) {
    return decision.verdict().name().toLowerCase(Locale.ROOT);
  }
}
