package dev.varve.examples.cli;

import dev.varve.ConfigurationException;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.examples.cli.show.Legible;
import dev.varve.examples.cli.show.ProgressView;
import dev.varve.repository.Repository;
import dev.varve.source.archive.ArchiveTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code varve export}. */
@Command(
    name = "export",
    description = {
      "Write a snapshot, or what lies at or below some of its paths, to an archive.",
      "The archive is not encrypted. 'varve import' takes it back exactly."
    })
final class ExportCommand implements Callable<Integer> {

  private static final String STANDARD_OUTPUT = "-";

  private final Varve varve;

  @Mixin private NamedSnapshot named = new NamedSnapshot();

  @Parameters(
      index = "1..*",
      paramLabel = "PATH",
      description = "What to export; everything if none is given.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The archive to make; - is standard output.")
  private String output = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "tar, tar.gz, tar.zst or zip; otherwise the file's name says it.")
  private Optional<String> format = Optional.empty();

  @Option(names = "--overwrite", description = "Replace the file if it is there.")
  private boolean overwrite;

  ExportCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    boolean piped = output.equals(STANDARD_OUTPUT);
    if (piped && varve.json()) {
      throw new UsageException("export to standard output writes the archive; leave --json out");
    }
    ArchiveTarget target = target(piped);
    RestoreOptions.Builder what = RestoreOptions.builder();
    paths.stream().map(PathArgument::parse).forEach(what::path);
    try (Repository repository = varve.open()) {
      Snapshot snapshot = named.in(repository.snapshots());
      RestoreReport report;
      try (ProgressView progress = varve.newProgress()) {
        report = repository.restore(snapshot, target, what.listener(progress).build());
      }
      String summary = summary(snapshot, report);
      if (varve.json()) {
        RestoreCommand.writeJson(varve.newJson(), snapshot, report);
      } else if (piped) {
        varve.note(summary);
      } else {
        varve.summary(summary);
      }
      return report.complete() ? ExitCode.DONE : ExitCode.DONE_WITH_PROBLEMS;
    }
  }

  private ArchiveTarget target(boolean piped) {
    try {
      if (piped) {
        ArchiveTarget.Format made =
            ArchiveTarget.Format.named(
                format.orElseThrow(
                    () -> new UsageException("Say which --format goes to standard output")));
        return ArchiveTarget.to(varve.surroundings().out(), made);
      }
      Path file = Path.of(output);
      ArchiveTarget target =
          format.isPresent()
              ? ArchiveTarget.to(file, ArchiveTarget.Format.named(format.get()))
              : ArchiveTarget.to(file);
      return overwrite ? target.overwriting() : target;
    } catch (ConfigurationException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private String summary(Snapshot snapshot, RestoreReport report) {
    String exported =
        "exported "
            + Legible.count(report.entries(), "entry", "entries")
            + ", "
            + Legible.bytes(report.bytes())
            + ", of snapshot "
            + snapshot.id().brief()
            + " to "
            + (output.equals(STANDARD_OUTPUT) ? "standard output" : output);
    return report.complete()
        ? exported
        : exported
            + "; "
            + Legible.count(report.problemCount(), "problem", "problems")
            + ", named above";
  }
}
