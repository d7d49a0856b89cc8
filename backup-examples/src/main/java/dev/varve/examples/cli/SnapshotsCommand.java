package dev.varve.examples.cli;

import dev.varve.repository.Repository;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code varve snapshots}. */
@Command(name = "snapshots", description = "List the snapshots, oldest first.")
final class SnapshotsCommand implements Callable<Integer> {

  private final Varve varve;

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  SnapshotsCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    try (Repository repository = varve.open()) {
      SnapshotLines.write(varve, choice.narrow(repository.snapshots()).list());
      return ExitCode.DONE;
    }
  }
}
