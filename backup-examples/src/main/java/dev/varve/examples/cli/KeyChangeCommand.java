package dev.varve.examples.cli;

import dev.varve.repository.KeySlot;
import dev.varve.repository.KeySlots;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code varve key change}. */
@Command(
    name = "change",
    description = "Replace a key, the one in use now if none is named, by a new one.")
final class KeyChangeCommand implements Callable<Integer> {

  private final Varve varve;

  @Mixin private NewKey newKey = new NewKey();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "KEY",
      description = "Its id, or the beginning of it.")
  private Optional<String> id = Optional.empty();

  KeyChangeCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    try (Repository repository = varve.open()) {
      KeySlots slots = repository.keys();
      KeySlot slot =
          id.map(typed -> KeySlotLines.find(slots, typed)).orElseGet(() -> current(slots));
      KeySlot changed = newKey.use(varve, key -> slots.change(slot.id(), key));
      KeySlotLines.answer(varve, "changed key to", changed);
      return ExitCode.DONE;
    }
  }

  private static KeySlot current(KeySlots slots) {
    return slots.list().stream()
        .filter(KeySlot::current)
        .findFirst()
        .orElseThrow(() -> new FailureException("Name the key; 'varve key list' shows them"));
  }
}
