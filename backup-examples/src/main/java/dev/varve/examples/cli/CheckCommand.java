package dev.varve.examples.cli;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.examples.cli.show.ProgressView;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code varve check}. */
@Command(
    name = "check",
    description = {
      "Look whether the repository is well; exit code 1 if anything is not.",
      "log: everything that is named is there; index: and opens and agrees (the default);",
      "data: and every byte of content is right."
    })
final class CheckCommand implements Callable<Integer> {

  private static final Pattern PART = Pattern.compile("([0-9]{1,5})/([0-9]{1,5})");

  private final Varve varve;

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      description = "How deep to look: log, index or data.")
  private CheckOptions.Level level = CheckOptions.Level.INDEX;

  @Option(
      names = "--part",
      paramLabel = "N/M",
      description = "Look only into the N-th of M parts of the packs, e.g. 3/7 on Wednesdays.")
  private Optional<String> part = Optional.empty();

  @Option(
      names = "--sample",
      paramLabel = "PERCENT",
      description = "With --level data: read only so much of the packs, drawn at random, e.g. 5%.")
  private Optional<String> sample = Optional.empty();

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      description = "With --level data: read so much and go on there next time, e.g. 50GiB.")
  private Optional<String> maxBytes = Optional.empty();

  @Option(
      names = "--max-time",
      paramLabel = "TIME",
      description = "With --level data: read for so long and go on there next time, e.g. 2h.")
  private Optional<String> maxTime = Optional.empty();

  @Option(
      names = "--record",
      description = "Record what is damaged, so that backups store it again.")
  private boolean record;

  CheckCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    CheckOptions.Builder options = CheckOptions.builder().level(level);
    part.ifPresent(typed -> setPart(options, typed));
    sample.ifPresent(typed -> options.sample(ShareArgument.fraction("--sample", typed)));
    maxBytes.ifPresent(typed -> options.mostBytes(SizeArgument.bytes("--max-bytes", typed)));
    maxTime.ifPresent(typed -> options.mostTime(Age.parse("--max-time", typed).length()));
    if (record) {
      options.record();
    }
    if (level != CheckOptions.Level.DATA
        && sample.or(() -> maxBytes).or(() -> maxTime).isPresent()) {
      throw new UsageException("--sample, --max-bytes and --max-time need --level data");
    }
    try (Repository repository = varve.open()) {
      CheckReport report;
      try (ProgressView progress = varve.newProgress()) {
        report = repository.check(options.listener(progress).build());
      }
      if (varve.json()) {
        writeJson(report);
      } else {
        writeText(report);
      }
      return report.clean() ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private static void setPart(CheckOptions.Builder options, String typed) {
    Matcher matcher = PART.matcher(typed);
    if (!matcher.matches()) {
      throw new UsageException("--part: give N/M such as 3/7, not '" + typed + "'");
    }
    try {
      options.part(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--part: " + e.getMessage());
    }
  }

  private void writeJson(CheckReport report) throws IOException {
    Json json = varve.newJson();
    for (CheckReport.Finding finding : report.findings()) {
      json.value(
          () -> {
            json.field("event", "finding");
            json.finding(finding);
          });
    }
    json.value(
        () -> {
          json.field("event", "done");
          json.field("clean", report.clean());
          json.field("findings", report.findingCount());
          json.field("items", report.items());
          json.field("bytes", report.bytes());
          json.field("packsRead", report.packsRead());
          json.field("packsLeft", report.packsLeft());
          json.field("recorded", report.recorded());
          CheckReport.Unreferenced rest = report.unreferenced();
          json.object(
              "unreferenced",
              () -> {
                json.field("packs", rest.packs());
                json.field("packBytes", rest.packBytes());
                json.field("runs", rest.runs());
                json.field("runBytes", rest.runBytes());
              });
        });
  }

  private void writeText(CheckReport report) {
    for (CheckReport.Finding finding : report.findings()) {
      varve.answer(finding.item() + ": " + finding.message());
      for (CheckReport.Affected affected : finding.affected()) {
        varve.answer("  needed by " + affected.snapshot().brief() + " " + affected.path());
      }
      long unnamed = finding.affectedCount() - finding.affected().size();
      if (unnamed > 0) {
        varve.answer("  and by " + Legible.count(unnamed) + " more");
      }
    }
    varve.summary(
        (report.clean()
                ? "all is well: "
                : Legible.count(report.findingCount(), "thing is", "things are") + " wrong: ")
            + Legible.count(report.items(), "item", "items")
            + " looked at, "
            + Legible.bytes(report.bytes())
            + " read");
    if (report.packsLeft() > 0) {
      varve.summary(
          "  " + Legible.count(report.packsLeft(), "pack", "packs") + " left for the next time");
    }
    if (report.recorded() > 0) {
      varve.summary("  recorded: " + Legible.count(report.recorded(), "place", "places"));
    }
    CheckReport.Unreferenced rest = report.unreferenced();
    if (rest.packs() + rest.runs() > 0) {
      varve.summary(
          "  not referenced: "
              + Legible.count(rest.packs(), "pack", "packs")
              + " and "
              + Legible.count(rest.runs(), "run", "runs")
              + " of the index, "
              + Legible.bytes(rest.packBytes() + rest.runBytes()));
    }
  }
}
