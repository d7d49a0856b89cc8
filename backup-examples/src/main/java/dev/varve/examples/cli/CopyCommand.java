package dev.varve.examples.cli;

import dev.varve.CopyOptions;
import dev.varve.CopyReport;
import dev.varve.Snapshot;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.examples.cli.show.ProgressView;
import dev.varve.repository.Repository;
import dev.varve.repository.Snapshots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code varve copy}. */
@Command(
    name = "copy",
    description = {
      "Copy snapshots from another repository into this one, whatever its store and keys.",
      "What was copied before is passed over, so it may be run again and again."
    })
final class CopyCommand implements Callable<Integer> {

  private final Varve varve;

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  @Parameters(
      arity = "0..*",
      paramLabel = "SNAPSHOT",
      description = "Ids, beginnings of ids, or 'latest'; all snapshots if none is given.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"--from", "--from-repo"},
      paramLabel = "LOCATION",
      description = "The repository to copy from; also VARVE_FROM_REPO.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--from-repo-option",
      paramLabel = "NAME=VALUE",
      description = "A setting of its store; may be repeated.")
  private Map<String, String> fromOptions = new LinkedHashMap<>();

  @Option(
      names = "--from-passphrase-file",
      paramLabel = "FILE",
      description =
          "A file whose first line is its passphrase; without any, the same key opens it.")
  private Optional<Path> fromPassphraseFile = Optional.empty();

  @Option(names = "--from-key-file", paramLabel = "FILE", description = "A file with its key.")
  private Optional<Path> fromKeyFile = Optional.empty();

  @Option(
      names = "--leave-out-damaged",
      description = "Copy damaged snapshots too, without the files that are; each is named.")
  private boolean leaveOutDamaged;

  @Option(names = "--dry-run", description = "Copy nothing, only say what would be copied.")
  private boolean dryRun;

  @Option(names = "--init", description = "Make the repository if there is none.")
  private boolean init;

  CopyCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    CopyOptions.Builder options = CopyOptions.builder();
    if (leaveOutDamaged) {
      options.leavingOutDamaged();
    }
    if (dryRun) {
      options.dryRun();
    }
    try (Repository source = openFrom();
        Repository target = init && !dryRun ? varve.openOrCreate() : varve.open()) {
      List<Snapshot> wanted = wanted(source.snapshots());
      CopyReport report;
      try (ProgressView progress = varve.newProgress()) {
        report = source.copy(wanted, target, options.listener(progress).build());
      }
      if (varve.json()) {
        writeJson(report);
      } else {
        writeText(report);
      }
      return report.complete() ? ExitCode.DONE : ExitCode.DONE_WITH_PROBLEMS;
    }
  }

  private Repository openFrom() {
    String location =
        from.or(() -> varve.surroundings().variable("VARVE_FROM_REPO"))
            .orElseThrow(
                () ->
                    new UsageException(
                        "Say what to copy from by --from LOCATION, or set VARVE_FROM_REPO"));
    return varve.openOther(location, fromOptions, fromPassphraseFile, fromKeyFile);
  }

  private List<Snapshot> wanted(Snapshots all) {
    return names.isEmpty()
        ? choice.narrow(all).list()
        : names.stream().map(name -> choice.one(all, name)).distinct().toList();
  }

  private void writeText(CopyReport report) {
    for (CopyReport.Copied copied : report.copied()) {
      varve.summary(
          (dryRun ? "would copy " : "copied ")
              + copied.original().id().brief()
              + " of "
              + copied.original().source()
              + copied.copy().map(copy -> " as " + copy.id().brief()).orElse(""));
    }
    varve.summary(
        Legible.count(report.copied().size(), "snapshot", "snapshots")
            + (dryRun ? " to copy, " : " copied, ")
            + Legible.count(report.present().size())
            + " there already; "
            + Legible.bytes(report.statistics().readBytes())
            + " read, "
            + Legible.bytes(report.statistics().storedBytes())
            + " stored");
    if (!report.complete()) {
      varve.summary(
          Legible.count(report.notCopied().size(), "snapshot", "snapshots")
              + " not copied, "
              + Legible.count(report.problemCount(), "problem", "problems")
              + ", named above");
    }
  }

  private void writeJson(CopyReport report) throws IOException {
    Json json = varve.newJson();
    json.value(
        () -> {
          json.field("event", "done");
          json.array(
              "copied",
              () -> {
                for (CopyReport.Copied copied : report.copied()) {
                  json.object(
                      () -> {
                        json.object("original", () -> json.snapshot(copied.original()));
                        if (copied.copy().isPresent()) {
                          json.object("copy", () -> json.snapshot(copied.copy().get()));
                        }
                      });
                }
              });
          json.field("present", (long) report.present().size());
          json.array(
              "notCopied",
              () -> {
                for (CopyReport.NotCopied failed : report.notCopied()) {
                  json.object(
                      () -> {
                        json.field("snapshot", failed.id().hex());
                        json.field("reason", failed.reason());
                      });
                }
              });
          json.field("problems", report.problemCount());
          json.object("statistics", () -> json.statistics(report.statistics()));
        });
  }
}
