package dev.varve.examples.cli;

import dev.varve.examples.cli.show.Json;
import dev.varve.key.KeyFile;
import dev.varve.repository.KeySlot;
import dev.varve.repository.KeySlots;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code varve key add}. */
@Command(name = "add", description = "Add a key; those that are there stay.")
final class KeyAddCommand implements Callable<Integer> {

  private final Varve varve;

  @Mixin private NewKey newKey = new NewKey();

  @Option(
      names = "--recovery",
      description = "Make a key and print it, to be kept on paper; it is not stored anywhere.")
  private boolean recovery;

  @Option(
      names = "--label",
      paramLabel = "TEXT",
      description = "What the key list says of it, e.g. whose it is.")
  private String label = "";

  KeyAddCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    if (recovery && newKey.given()) {
      throw new UsageException("--recovery makes the key itself; leave out the file");
    }
    try (Repository repository = varve.open()) {
      KeySlots slots = repository.keys();
      if (recovery) {
        addRecoveryKey(slots);
      } else {
        KeySlot added = newKey.use(varve, key -> slots.add(label, key));
        KeySlotLines.answer(varve, "added key", added);
      }
      return ExitCode.DONE;
    }
  }

  private void addRecoveryKey(KeySlots slots) throws IOException {
    KeyFile key = KeyFile.generate();
    KeySlot added = slots.add(label.isEmpty() ? "recovery key" : label, key);
    if (varve.json()) {
      Json json = varve.newJson();
      json.value(
          () -> {
            KeySlotLines.write(json, added);
            json.field("key", key.text());
          });
      return;
    }
    varve.answer(key.text());
    varve.note(
        "This key opens the repository and is shown only now. Print it and keep it safe; to use it,"
            + " type it where a passphrase is asked for, or into a file for --key-file.");
  }
}
