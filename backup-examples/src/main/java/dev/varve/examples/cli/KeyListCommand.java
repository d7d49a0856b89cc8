package dev.varve.examples.cli;

import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.examples.cli.show.Table;
import dev.varve.repository.KeySlot;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code varve key list}. */
@Command(name = "list", description = "List the keys; * marks the one in use now.")
final class KeyListCommand implements Callable<Integer> {

  private final Varve varve;

  KeyListCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    try (Repository repository = varve.open()) {
      List<KeySlot> slots = repository.keys().list();
      if (varve.json()) {
        writeJson(slots);
      } else {
        writeText(slots);
      }
      return ExitCode.DONE;
    }
  }

  private void writeJson(List<KeySlot> slots) throws IOException {
    Json json = varve.newJson();
    json.values(
        () -> {
          for (KeySlot slot : slots) {
            json.object(() -> KeySlotLines.write(json, slot));
          }
        });
  }

  private void writeText(List<KeySlot> slots) {
    Table table = new Table("", "ID", "KIND", "MADE", "LABEL");
    for (KeySlot slot : slots) {
      table.add(
          slot.current() ? "*" : " ",
          slot.id(),
          slot.kind(),
          Legible.time(slot.created(), ZoneId.systemDefault()),
          slot.label());
    }
    table.lines().forEach(varve::answer);
  }
}
