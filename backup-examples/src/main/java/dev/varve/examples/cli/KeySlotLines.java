package dev.varve.examples.cli;

import dev.varve.examples.cli.show.Json;
import dev.varve.repository.KeySlot;
import dev.varve.repository.KeySlots;
import java.io.IOException;
import java.util.List;

/** What the commands about keys share. Stateless. */
final class KeySlotLines {

  private KeySlotLines() {}

  /** The slot whose id is or begins with {@code typed}. */
  static KeySlot find(KeySlots slots, String typed) {
    List<KeySlot> meant =
        slots.list().stream().filter(slot -> slot.id().startsWith(typed)).toList();
    if (meant.size() == 1) {
      return meant.get(0);
    }
    throw new FailureException(
        (meant.isEmpty() ? "No key is called " : "More than one key begins with ")
            + typed
            + "; 'varve key list' shows them");
  }

  /** Writes the fields of a slot. */
  static void write(Json json, KeySlot slot) throws IOException {
    json.field("id", slot.id());
    json.field("label", slot.label());
    json.field("created", slot.created().toString());
    json.field("kind", slot.kind());
    json.field("current", slot.current());
  }

  /** Answers with one slot. */
  static void answer(Varve varve, String what, KeySlot slot) throws IOException {
    if (varve.json()) {
      Json json = varve.newJson();
      json.value(() -> write(json, slot));
    } else {
      varve.summary(what + " " + slot.id() + " (" + slot.kind() + ", " + slot.label() + ")");
    }
  }
}
