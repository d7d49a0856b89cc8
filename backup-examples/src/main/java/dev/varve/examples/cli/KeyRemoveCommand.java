package dev.varve.examples.cli;

import dev.varve.repository.KeySlot;
import dev.varve.repository.KeySlots;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code varve key remove}. */
@Command(
    name = "remove",
    description = "Remove a key that is not the one in use; it unlocks the repository no more.")
final class KeyRemoveCommand implements Callable<Integer> {

  private final Varve varve;

  @Parameters(index = "0", paramLabel = "KEY", description = "Its id, or the beginning of it.")
  private String id = "";

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  KeyRemoveCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    try (Repository repository = varve.open()) {
      KeySlots slots = repository.keys();
      KeySlot slot = KeySlotLines.find(slots, id);
      if (!yes && !varve.surroundings().confirmed(question(slot))) {
        throw new FailureException("Not confirmed; nothing was done");
      }
      slots.remove(slot.id());
      KeySlotLines.answer(varve, "removed key", slot);
      return ExitCode.DONE;
    }
  }

  private static String question(KeySlot slot) {
    return "Remove key "
        + slot.id()
        + " ("
        + slot.kind()
        + (slot.label().isEmpty() ? "" : ", " + slot.label())
        + ")?";
  }
}
