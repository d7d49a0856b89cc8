package dev.varve.internal.vault;

import dev.varve.internal.crypto.Argon2Cost;
import dev.varve.internal.crypto.KeySlotItem;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.crypto.WrongKeyException;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.NewerFormatException;
import dev.varve.internal.format.RepositoryId;
import dev.varve.key.Key;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key slots in a store. Safe for use by many threads. */
public final class Slots {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");

  private static final String LAST_OPENED = "key-slot";

  private final Store store;
  private final RepositoryId repository;

  /** The slots of a repository. */
  public Slots(Store store, RepositoryId repository) {
    this.store = store;
    this.repository = repository;
  }

  /** A slot that was opened, and what it hands out. */
  public record Opened(KeySlotItem slot, RepositoryKeys keys) {}

  /**
   * A slot as it is listed: readable, or why not.
   *
   * @param newer its format version if it was written by a newer software, else 0
   */
  public record Listed(String itemKey, Optional<KeySlotItem> slot, String damage, int newer) {}

  /** All slots; a damaged one is told as such. */
  public List<Listed> list() throws IOException {
    return list(store);
  }

  private static List<Listed> list(Store store) throws IOException {
    List<Listed> slots = new ArrayList<>();
    for (Stored item : Items.list(store, KeySlotItem.PREFIX)) {
      try {
        slots.add(new Listed(item.key(), Optional.of(read(store, item)), "", 0));
      } catch (NoSuchFileException e) {
        // Removed since it was listed: by its owner, or by a maker of the repository who lost.
        LOG.debug("Key slot {} is gone", item.key());
      } catch (FormatException e) {
        int newer = e instanceof NewerFormatException known ? known.version() : 0;
        slots.add(new Listed(item.key(), Optional.empty(), String.valueOf(e.getMessage()), newer));
      }
    }
    return slots;
  }

  /**
   * Opens the slot that was opened last on this machine, if it is still there and the key fits;
   * else the first that it fits.
   *
   * @throws WrongKeyException if it fits none, with a word on slots that are damaged
   * @throws NewerFormatException if it fits none, but there are slots of a newer format
   */
  Opened open(Key key, LocalNotes notes) throws IOException {
    List<String> reasons = new ArrayList<>();
    Optional<Stored> last = notes.find(LAST_OPENED).flatMap(Slots::parse);
    if (last.isPresent()) {
      try {
        KeySlotItem slot = read(store, last.get());
        if (slot.fits(key)) {
          return new Opened(slot, slot.open(repository, key));
        }
      } catch (NoSuchFileException | EOFException | FormatException e) {
        LOG.debug("{} is not what it was: {}", last.get().key(), e.toString());
        last = Optional.empty();
      } catch (WrongKeyException e) {
        reasons.add(String.valueOf(e.getMessage()));
      }
    }
    Opened opened = openAny(key, reasons, last.map(Stored::key).orElse(""));
    notes.put(LAST_OPENED, opened.slot().id() + " " + opened.slot().toBytes().length);
    return opened;
  }

  private static Optional<Stored> parse(String note) {
    if (!note.matches("[0-9a-f]{32} [0-9]{1,5}")) {
      return Optional.empty();
    }
    int space = note.indexOf(' ');
    String key = KeySlotItem.PREFIX + note.substring(0, space);
    return Optional.of(new Stored(key, Integer.parseInt(note.substring(space + 1)), Instant.EPOCH));
  }

  private Opened openAny(Key key, List<String> reasons, String tried) throws IOException {
    List<Listed> slots = list();
    Optional<Listed> newer = Optional.empty();
    for (Listed listed : slots) {
      if (listed.newer() > 0) {
        newer = Optional.of(listed);
        continue;
      }
      if (listed.slot().isEmpty()) {
        reasons.add(listed.itemKey() + " is damaged: " + listed.damage());
        continue;
      }
      KeySlotItem slot = listed.slot().get();
      if (!slot.fits(key) || listed.itemKey().equals(tried)) {
        continue;
      }
      try {
        return new Opened(slot, slot.open(repository, key));
      } catch (FormatException e) {
        reasons.add(listed.itemKey() + " is damaged: " + e.getMessage());
      } catch (WrongKeyException e) {
        reasons.add(String.valueOf(e.getMessage()));
      }
    }
    if (newer.isPresent()) {
      throw new NewerFormatException(
          "The key opens no slot that is known here, and " + newer.get().itemKey(),
          newer.get().newer());
    }
    if (reasons.isEmpty()) {
      reasons.add(
          slots.isEmpty()
              ? "there is no key slot at all"
              : "none of the " + slots.size() + " key slots is opened by a " + key);
    }
    throw new WrongKeyException(String.join("; ", reasons));
  }

  /**
   * The repository whose root one of the slots in a store hands out to the key, its config being
   * lost.
   *
   * @throws WrongKeyException if there is none
   */
  static RepositoryId findRepository(Store store, Key key) throws IOException {
    List<String> reasons = new ArrayList<>();
    for (Listed listed : list(store)) {
      if (listed.slot().isEmpty() || !listed.slot().get().fits(key)) {
        continue;
      }
      try {
        Optional<RepositoryId> found = listed.slot().get().findRepository(key);
        if (found.isPresent()) {
          return found.get();
        }
        reasons.add(listed.itemKey() + " does not say whose it is");
      } catch (FormatException | WrongKeyException e) {
        reasons.add(String.valueOf(e.getMessage()));
      }
    }
    throw new WrongKeyException(
        "The config is lost, and no key slot that the key opens tells the repository's id"
            + (reasons.isEmpty() ? "" : ": " + String.join("; ", reasons)));
  }

  /** Stores a slot and proves that it opens, before anybody relies on it. */
  public KeySlotItem add(RepositoryKeys keys, Key key, String label, Argon2Cost cost)
      throws IOException {
    KeySlotItem slot = KeySlotItem.make(keys, repository, key, label, Instant.now(), cost);
    store.create(slot.itemKey(), Body.of(slot.toBytes()));
    Stored stored =
        Items.find(store, slot.itemKey())
            .orElseThrow(() -> new NoSuchFileException(slot.itemKey()));
    RepositoryKeys opened = read(store, stored).open(repository, key);
    if (!Arrays.equals(opened.toTable(), keys.toTable())) {
      throw new FormatException("The new key slot opens to other keys; it is of no use");
    }
    return slot;
  }

  /** Removes a slot, by its id. */
  public void remove(String id) throws IOException {
    store.delete(KeySlotItem.PREFIX + id);
  }

  private static KeySlotItem read(Store store, Stored item) throws IOException {
    if (item.size() > KeySlotItem.MAX_BYTES) {
      throw new FormatException("No key slot is " + item.size() + " bytes long");
    }
    byte[] bytes = new byte[(int) item.size()];
    store.read(item.key(), 0, ByteBuffer.wrap(bytes));
    return KeySlotItem.read(item.key(), bytes);
  }
}
