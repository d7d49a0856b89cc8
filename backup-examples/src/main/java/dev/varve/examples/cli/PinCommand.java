package dev.varve.examples.cli;

import dev.varve.SnapshotId;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code varve pin}, and its undoing. */
@Command(name = "pin", description = "Let no forget drop these snapshots.")
class PinCommand implements Callable<Integer> {

  private final Varve varve;
  private final boolean pinned;

  @Parameters(paramLabel = "ID", arity = "1..*", description = "Snapshots.")
  private List<String> named = new ArrayList<>();

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  PinCommand(Varve varve) {
    this(varve, true);
  }

  private PinCommand(Varve varve, boolean pinned) {
    this.varve = varve;
    this.pinned = pinned;
  }

  @Override
  public Integer call() throws IOException {
    try (Repository repository = varve.open()) {
      List<SnapshotId> ids = choice.all(repository.snapshots(), named);
      SnapshotLines.write(varve, pinned ? repository.pin(ids) : repository.unpin(ids));
      return ExitCode.DONE;
    }
  }

  /** {@code varve unpin}. */
  @Command(name = "unpin", description = "Let forgets drop these snapshots again.")
  static final class Undone extends PinCommand {

    Undone(Varve varve) {
      super(varve, false);
    }
  }
}
