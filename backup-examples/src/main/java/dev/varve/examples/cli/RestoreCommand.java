package dev.varve.examples.cli;

import dev.varve.ConfigurationException;
import dev.varve.CorruptRepositoryException;
import dev.varve.Hole;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.PathFilter;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.StoreException;
import dev.varve.UnlockException;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.examples.cli.show.ProgressView;
import dev.varve.repository.Plugins;
import dev.varve.repository.Repository;
import dev.varve.source.stream.CommandTarget;
import dev.varve.target.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code varve restore}. */
@Command(
    name = "restore",
    description = "Bring a snapshot back, or what lies at or below some of its paths.")
final class RestoreCommand implements Callable<Integer> {

  /** What becomes of a file that is already there. */
  enum Overwrite {
    /** It stays, and is reported unless it is right already. */
    never,
    /** It is replaced if it is older. */
    newer,
    /** It is replaced if it differs. */
    changed,
    /** It is replaced. */
    always
  }

  private final Varve varve;

  @Mixin private NamedSnapshot named = new NamedSnapshot();

  @Parameters(
      index = "1..*",
      paramLabel = "PATH",
      description = "What to bring back; everything if none is given.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = {"--target", "--to"},
      paramLabel = "DIR",
      description = "The directory, or another target's location, to restore into.")
  private Optional<String> directory = Optional.empty();

  @Option(
      names = "--to-command",
      paramLabel = "LINE",
      description = {
        "Instead give each content to this line for the shell, which sees VARVE_PATH and",
        "VARVE_SIZE; if it fails, so does the restore."
      })
  private Optional<String> toCommand = Optional.empty();

  @Option(
      names = "--keep-going",
      description = "With --to-command, go on with other entries after a failure.")
  private boolean keepGoing;

  @Mixin private FilterArguments filter = new FilterArguments();

  @Option(
      names = "--strip",
      paramLabel = "N",
      description = "Remove so many leading steps from each path.")
  private Optional<Integer> strip = Optional.empty();

  @Option(
      names = "--overwrite",
      paramLabel = "WHEN",
      description = "What to do with files that are there: ${COMPLETION-CANDIDATES}.")
  private Optional<Overwrite> overwrite = Optional.empty();

  @Option(names = "--delete", description = "Remove what the snapshot does not hold.")
  private boolean delete;

  @Option(names = "--dry-run", description = "Write nothing, only say what would be done.")
  private boolean dryRun;

  @Option(names = "--verify", description = "Read everything back and compare.")
  private boolean verify;

  @Option(
      names = "--option",
      paramLabel = "NAME=VALUE",
      description = "A setting of the target; may be repeated.")
  private List<String> options = new ArrayList<>();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask before --delete removes anything.")
  private boolean yes;

  RestoreCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    RestoreOptions.Builder what = RestoreOptions.builder();
    paths.stream().map(PathArgument::parse).forEach(what::path);
    if (dryRun) {
      what.dryRun();
    }
    filter(what);
    Target written = target();
    int last = varve.count() - 1;
    for (int number = 0; number < last; number++) {
      try {
        return restore(number, written, what);
      } catch (StoreException
          | CorruptRepositoryException
          | ConfigurationException
          | UnlockException
          | FailureException e) {
        varve.surroundings().err().println("varve: " + e.getMessage());
        varve.surroundings().err().println("varve: trying " + varve.location(number + 1));
      }
    }
    return restore(last, written, what);
  }

  private int restore(int number, Target written, RestoreOptions.Builder what) throws IOException {
    try (FurtherRepositories further = new FurtherRepositories(varve, number + 1);
        Repository repository = varve.count() > 1 ? varve.open(number, false) : varve.open()) {
      Snapshot snapshot = named.in(repository.snapshots());
      if (delete && !dryRun && !yes && !varve.surroundings().confirmed(question())) {
        throw new FailureException("Not confirmed; nothing was done");
      }
      RestoreReport report;
      try (ProgressView progress = varve.newProgress()) {
        report = repository.restore(snapshot, written, what.listener(progress).build(), further);
      }
      if (varve.json()) {
        writeJson(varve.newJson(), snapshot, report);
      } else {
        writeText(snapshot, report);
      }
      return report.complete() ? ExitCode.DONE : ExitCode.DONE_WITH_PROBLEMS;
    }
  }

  private void filter(RestoreOptions.Builder what) {
    try {
      what.filter(PathFilter.from(Options.of("restore", filter.settings())));
    } catch (ConfigurationException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    if (delete && !filter.settings().isEmpty()) {
      throw new UsageException(
          "--delete would remove what a filter leaves out; restore without one of the two");
    }
  }

  private Target target() {
    if (toCommand.isPresent()) {
      return commandTarget(toCommand.get());
    }
    String location =
        directory.orElseThrow(
            () ->
                new UsageException(
                    "Nowhere to restore to is given; use --target DIR or --to-command LINE"));
    if (keepGoing) {
      throw new UsageException("--keep-going is about --to-command, which is not given");
    }
    return locationTarget(location);
  }

  private Target commandTarget(String line) {
    if (directory.isPresent()
        || strip.isPresent()
        || overwrite.isPresent()
        || delete
        || verify
        || !options.isEmpty()) {
      throw new UsageException(
          "--to-command writes no files; leave out --target, --strip, --overwrite, --delete,"
              + " --verify and --option");
    }
    try {
      CommandTarget given =
          CommandTarget.of(dev.varve.source.stream.Command.shell(line))
              .output(varve.json() ? varve.surroundings().err() : varve.surroundings().out());
      return keepGoing ? given.keepGoing() : given;
    } catch (ConfigurationException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private Target locationTarget(String target) {
    Map<String, List<String>> settings = new LinkedHashMap<>();
    strip.ifPresent(steps -> settings.put("strip", List.of(steps.toString())));
    overwrite.ifPresent(when -> settings.put("overwrite", List.of(when.name())));
    if (delete) {
      settings.put("delete", List.of("true"));
    }
    if (verify) {
      settings.put("verify", List.of("true"));
    }
    settings.putAll(OptionArguments.byName(options));
    try {
      return Plugins.target(target, settings);
    } catch (ConfigurationException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private String question() {
    return "Remove from " + directory.orElseThrow() + " what the snapshot does not hold?";
  }

  /** Writes the last event of a restore or an export. */
  static void writeJson(Json json, Snapshot snapshot, RestoreReport report) throws IOException {
    json.value(
        () -> {
          json.field("event", "done");
          json.field("snapshot", snapshot.id().hex());
          json.field("entries", report.entries());
          json.field("bytes", report.bytes());
          json.field("problems", report.problemCount());
          json.array(
              "holes",
              () -> {
                for (Hole hole : report.holes()) {
                  json.object(
                      () -> {
                        json.field("path", hole.path().toString());
                        json.field("offset", hole.offset());
                        json.field("length", hole.length());
                        json.field("reason", hole.reason());
                      });
                }
              });
          json.field("holeCount", report.holeCount());
          json.counts(report.counts());
        });
  }

  private boolean intoDirectory() {
    return directory.filter(typed -> Location.parse(typed).scheme().equals("file")).isPresent();
  }

  private void writeText(Snapshot snapshot, RestoreReport report) {
    for (Hole hole : report.holes()) {
      varve
          .surroundings()
          .err()
          .println(
              "varve: "
                  + hole.path()
                  + ": "
                  + Legible.count(hole.length(), "byte", "bytes")
                  + " at "
                  + Legible.count(hole.offset())
                  + " could not be read: "
                  + hole.reason());
    }
    varve.summary(
        (dryRun ? "would restore " : "restored ")
            + Legible.count(report.entries(), "entry", "entries")
            + ", "
            + Legible.bytes(report.bytes())
            + ", of snapshot "
            + snapshot.id().brief()
            + " to "
            + directory.orElse("the command"));
    new TreeMap<>(report.counts())
        .forEach((counted, n) -> varve.summary("  " + counted + ": " + Legible.count(n)));
    if (!report.complete()) {
      varve.summary(
          "  "
              + Legible.count(report.problemCount(), "problem", "problems")
              + " and "
              + Legible.count(report.holeCount(), "hole", "holes")
              + ", named above"
              + (intoDirectory() && overwrite.isEmpty() && report.problemCount() > 0
                  ? "; files that are there stay unless --overwrite says otherwise"
                  : ""));
    }
  }
}
