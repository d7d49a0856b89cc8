package dev.varve.examples.cli;

import dev.varve.PrunePlan;
import dev.varve.PrunePlan.Amount;
import dev.varve.PrunePlan.Due;
import dev.varve.PruneReport;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a prune would do or did, for people and for programs. Stateless. */
final class PruneLines {

  private PruneLines() {}

  /** What would be done. */
  static List<String> of(PrunePlan plan) {
    List<String> lines = new ArrayList<>();
    add(lines, "would retire ", plan.retire());
    if (plan.repack().items() > 0) {
      lines.add(
          "would repack "
              + amount(plan.repack())
              + ", copying about "
              + Legible.bytes(plan.copiedBytes()));
    }
    add(lines, "would condemn ", plan.condemn());
    add(lines, "would delete ", plan.delete());
    add(lines, "spares what a running backup may need: ", plan.spared());
    lines.add("keeps " + amount(plan.kept()) + "; in use: " + Legible.bytes(plan.usedBytes()));
    plan.due().forEach(due -> lines.add(line(due)));
    return lines;
  }

  /** What was done. */
  static List<String> of(PruneReport report) {
    List<String> lines = new ArrayList<>();
    add(lines, "retired ", report.retired());
    if (report.repacked().items() > 0) {
      lines.add(
          "repacked " + amount(report.repacked()) + " into " + Legible.bytes(report.copiedBytes()));
    }
    add(lines, "took back into use ", report.resumed());
    add(lines, "condemned ", report.condemned());
    add(lines, "deleted ", report.deleted());
    if (report.mergedRuns() > 0) {
      lines.add("merged " + Legible.count(report.mergedRuns()) + " runs of the index");
    }
    if (report.leftBytes() > 0) {
      lines.add("left for the next time: copying " + Legible.bytes(report.leftBytes()));
    }
    add(lines, "protected from being deleted for longer: ", report.protectedLonger());
    if (lines.isEmpty()) {
      lines.add("nothing to do");
    }
    report.due().forEach(due -> lines.add(line(due)));
    return lines;
  }

  /** A plan as an object. */
  static void write(Json json, PrunePlan plan) throws IOException {
    json.value(
        () -> {
          json.field("dryRun", true);
          write(json, "kept", plan.kept());
          json.field("usedBytes", plan.usedBytes());
          write(json, "retire", plan.retire());
          write(json, "repack", plan.repack());
          json.field("copiedBytes", plan.copiedBytes());
          write(json, "condemn", plan.condemn());
          write(json, "delete", plan.delete());
          write(json, "spared", plan.spared());
          write(json, plan.due());
          json.texts("unreadable", plan.unreadable());
        });
  }

  /** A report as the last object of a line for each event. */
  static void write(Json json, PruneReport report) throws IOException {
    json.value(
        () -> {
          json.field("event", "done");
          write(json, "retired", report.retired());
          write(json, "repacked", report.repacked());
          json.field("copiedBytes", report.copiedBytes());
          write(json, "resumed", report.resumed());
          write(json, "condemned", report.condemned());
          write(json, "deleted", report.deleted());
          json.field("mergedRuns", report.mergedRuns());
          json.field("leftBytes", report.leftBytes());
          write(json, "protectedLonger", report.protectedLonger());
          write(json, report.due());
          json.texts("unreadable", report.unreadable());
        });
  }

  private static void write(Json json, String name, Amount amount) throws IOException {
    json.object(
        name,
        () -> {
          json.field("items", amount.items());
          json.field("bytes", amount.bytes());
        });
  }

  private static void write(Json json, List<Due> all) throws IOException {
    json.array(
        "due",
        () -> {
          for (Due due : all) {
            json.object(
                () -> {
                  json.field("step", due.step().name().toLowerCase(Locale.ROOT));
                  json.field("items", due.amount().items());
                  json.field("bytes", due.amount().bytes());
                  if (due.at().isPresent()) {
                    json.field("at", due.at().get().toString());
                  }
                });
          }
        });
  }

  private static void add(List<String> lines, String what, Amount amount) {
    if (amount.items() > 0) {
      lines.add(what + amount(amount));
    }
  }

  private static String amount(Amount amount) {
    return Legible.count(amount.items(), "item", "items") + ", " + Legible.bytes(amount.bytes());
  }

  private static String line(Due due) {
    String when =
        due.at()
            .map(at -> "from " + Legible.time(at, ZoneId.systemDefault()) + " on")
            .orElse("at a time that is not known; --now does it");
    return switch (due.step()) {
      case CONDEMN -> "can be condemned " + when + ": " + amount(due.amount());
      case DELETE -> "can be deleted " + when + ": " + amount(due.amount());
    };
  }
}
