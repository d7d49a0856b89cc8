package dev.varve.examples.cli;

import dev.varve.Snapshot;
import dev.varve.repository.Repository;
import dev.varve.repository.Snapshots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code varve undelete}. */
@Command(
    name = "undelete",
    description = {
      "Bring forgotten snapshots back, as long as no prune has taken what they need.",
      "Without any, list those that can perhaps be brought back."
    })
final class UndeleteCommand implements Callable<Integer> {

  private final Varve varve;

  @Parameters(paramLabel = "ID", arity = "0..*", description = "Snapshots to bring back.")
  private List<String> named = new ArrayList<>();

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  UndeleteCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    try (Repository repository = varve.open()) {
      Snapshots forgotten = repository.forgotten();
      if (named.isEmpty()) {
        SnapshotLines.write(varve, choice.narrow(forgotten).list());
        return ExitCode.DONE;
      }
      List<Snapshot> chosen = named.stream().map(name -> choice.one(forgotten, name)).toList();
      List<Snapshot> back = new ArrayList<>();
      for (Snapshot snapshot : chosen) {
        back.add(repository.undelete(snapshot.id()));
      }
      SnapshotLines.write(varve, back);
      return ExitCode.DONE;
    }
  }
}
