package dev.varve.examples.cli;

import dev.varve.SnapshotId;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code varve tag}. */
@Command(name = "tag", description = "Change the tags of snapshots.")
final class TagCommand implements Callable<Integer> {

  private final Varve varve;

  @Parameters(paramLabel = "ID", arity = "1..*", description = "Snapshots.")
  private List<String> named = new ArrayList<>();

  @Option(
      names = "--add",
      paramLabel = "K=V",
      description = "A tag they get, in place of another of that name; may be repeated.")
  private Map<String, String> added = new LinkedHashMap<>();

  @Option(
      names = "--remove",
      paramLabel = "K",
      description = "The name of a tag they lose; may be repeated.")
  private List<String> removed = new ArrayList<>();

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  TagCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    if (added.isEmpty() && removed.isEmpty()) {
      throw new UsageException("Say what to change: --add K=V, --remove K");
    }
    try (Repository repository = varve.open()) {
      List<SnapshotId> ids = choice.all(repository.snapshots(), named);
      SnapshotLines.write(varve, repository.tag(ids, added, removed));
      return ExitCode.DONE;
    }
  }
}
