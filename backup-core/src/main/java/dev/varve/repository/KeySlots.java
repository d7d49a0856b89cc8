package dev.varve.repository;

import dev.varve.ConfigurationException;
import dev.varve.internal.crypto.Argon2Cost;
import dev.varve.internal.crypto.KeySlotItem;
import dev.varve.internal.vault.Slots;
import dev.varve.internal.vault.Vault;
import dev.varve.key.Key;
import java.time.Instant;
import java.util.List;

/**
 * The ways into a repository: each slot is opened by one key and hands out the keys the repository
 * is sealed with. Adding and removing slots touches no data. Removing a slot, or changing its key,
 * does not shut out whoever opened it before and kept what it hands out: then make a new repository
 * and copy. Safe for use by many threads.
 */
public final class KeySlots {

  private final Vault vault;
  private final Slots slots;
  private final String current;
  private final Argon2Cost cost;

  KeySlots(Vault vault, String current, Argon2Cost cost) {
    this.vault = vault;
    this.slots = new Slots(vault.store(), vault.id());
    this.current = current;
    this.cost = cost;
  }

  /** All slots; one that is damaged has the kind {@code damaged}. */
  public List<KeySlot> list() {
    return Verbs.run(
        "Listing the key slots of " + vault.store(),
        () -> slots.list().stream().map(this::shown).toList());
  }

  /**
   * Makes a slot that {@code key} opens, and proves that it does.
   *
   * @param label what people will call it, at most 64 characters
   */
  public KeySlot add(String label, Key key) {
    return Verbs.run(
        "Adding a key slot to " + vault.store(),
        () -> shown(slots.add(vault.keys(), key, checked(label), cost)));
  }

  /**
   * Removes a slot.
   *
   * @throws ConfigurationException if there is none of this id, or it is the one in use or the last
   */
  public void remove(String id) {
    KeySlot slot = find(id);
    if (slot.current()) {
      throw new ConfigurationException(
          "Key slot " + id + " is the one in use; open the repository by another to remove it");
    }
    Verbs.run(
        "Removing key slot " + id + " of " + vault.store(),
        () -> {
          slots.remove(slot.id());
          return slot;
        });
  }

  /**
   * Makes a slot of the same label that {@code key} opens, proves that it does, and removes the old
   * one.
   *
   * @throws ConfigurationException if there is no slot of this id
   */
  public KeySlot change(String id, Key key) {
    KeySlot old = find(id);
    KeySlot changed = add(old.label(), key);
    Verbs.run(
        "Removing key slot " + id + " of " + vault.store(),
        () -> {
          slots.remove(old.id());
          return old;
        });
    return changed;
  }

  private KeySlot find(String id) {
    List<KeySlot> all = list();
    List<KeySlot> found =
        id.isEmpty() ? List.of() : all.stream().filter(slot -> slot.id().startsWith(id)).toList();
    if (found.size() != 1) {
      throw new ConfigurationException(
          (found.isEmpty() ? "There is no key slot " : "Several key slots begin with ")
              + id
              + "; there are "
              + all.stream().map(KeySlot::id).toList());
    }
    return found.get(0);
  }

  private KeySlot shown(Slots.Listed listed) {
    String id = listed.itemKey().substring(KeySlotItem.PREFIX.length());
    return listed
        .slot()
        .map(this::shown)
        .orElseGet(() -> new KeySlot(id, "", Instant.EPOCH, "damaged", id.equals(current)));
  }

  private KeySlot shown(KeySlotItem slot) {
    return new KeySlot(
        slot.id(),
        slot.label(),
        slot.created(),
        slot.method().toString(),
        slot.id().equals(current));
  }

  private static String checked(String label) {
    if (label.length() > KeySlotItem.MAX_LABEL_CHARACTERS
        || label.chars().anyMatch(Character::isISOControl)) {
      throw new ConfigurationException(
          "A key slot's label has at most 64 characters and no control characters");
    }
    return label;
  }
}
