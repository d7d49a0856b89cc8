package dev.varve.examples.cli;

import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.SourceIdentity;
import dev.varve.examples.cli.show.ProgressView;
import dev.varve.repository.Repository;
import dev.varve.source.archive.ArchiveSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code varve import}. */
@Command(
    name = "import",
    description = {
      "Make a snapshot of what is in an archive: tar (also .gz, .zst, .bz2) or zip.",
      "One that 'varve export' made keeps its source, time and tags."
    })
final class ImportCommand implements Callable<Integer> {

  private static final String STANDARD_INPUT = "-";

  private final Varve varve;

  @Parameters(index = "0", paramLabel = "FILE", description = "The archive; - is standard input.")
  private String file = "";

  @Option(
      names = "--source",
      paramLabel = "KIND:NAME@HOST",
      description = "What the snapshot is of, instead of what the archive says; or just a name.")
  private Optional<String> source = Optional.empty();

  @Option(
      names = "--tag",
      paramLabel = "K=V",
      description = "Attach a tag to the snapshot; may be repeated.")
  private Map<String, String> tags = new LinkedHashMap<>();

  @Option(names = "--init", description = "Make the repository if there is none.")
  private boolean init;

  @Option(names = "--dry-run", description = "Read and count everything, but store nothing.")
  private boolean dryRun;

  @Option(
      names = "--most-expansion",
      paramLabel = "N",
      description = "Allow the archive to unpack to N times its length (default: 1100).")
  private Optional<Long> mostExpansion = Optional.empty();

  ImportCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    ArchiveSource archive = archive();
    BackupOptions.Builder options = BackupOptions.builder();
    tags.forEach((tag, value) -> BackupCommand.tag(options, tag, value));
    if (dryRun) {
      options.dryRun();
    }
    try (Repository repository = init && !dryRun ? varve.openOrCreate() : varve.open()) {
      BackupReport report;
      try (ProgressView progress = varve.newProgress()) {
        report = repository.backup(archive, options.listener(progress).build());
      }
      BackupCommand.write(varve, report);
      return report.problemCount() == 0 ? ExitCode.DONE : ExitCode.DONE_WITH_PROBLEMS;
    }
  }

  private ArchiveSource archive() {
    ArchiveSource archive =
        file.equals(STANDARD_INPUT)
            ? ArchiveSource.of(varve.surroundings().in())
            : ArchiveSource.of(Path.of(file));
    try {
      if (mostExpansion.isPresent()) {
        archive = archive.mostExpansion(mostExpansion.get());
      }
      if (source.isPresent() && source.get().indexOf(':') >= 0) {
        return archive.as(SourceIdentity.parse(source.get()));
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    return source.isPresent() ? archive.named(source.get()) : archive;
  }
}
