package dev.varve.reader;

import static dev.varve.reader.BadFormatException.require;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Section 6: reads the slots of the log and folds them. Used by one thread. */
final class Log {

  private final StoredItems items;
  private final Keys keys;

  Log(StoredItems items, Keys keys) {
    this.items = items;
    this.keys = keys;
  }

  /** The hash that a slot was given up with, and the slot that did. */
  record GivenUp(String hash, long by) {}

  /** A slot that was opened. */
  record Slot(byte[] own, byte[] plain, byte[] copy) {

    String hash() {
      return HexFormat.of().formatHex(Primitives.sha256(own));
    }

    /** The hash that its record gives of the slot before. */
    String predecessor() {
      Input in = new Input(plain);
      in.raw(16);
      in.varint();
      return in.hex(32);
    }
  }

  LogState fold() {
    Map<Long, Slot> slots = slots();
    Map<Long, GivenUp> givenUp = new TreeMap<>();
    while (true) {
      LogState state = new LogState(keys.repositoryId());
      Map<Long, GivenUp> found = fold(slots, givenUp, state);
      if (givenUp.keySet().containsAll(found.keySet())) {
        requireAll(slots, givenUp);
        state.seen(items.millis(key(slots.keySet().stream().max(Long::compare).orElseThrow())));
        return state;
      }
      givenUp.putAll(found);
    }
  }

  private static String key(long slot) {
    return "log/" + HexFormat.of().toHexDigits(slot);
  }

  private static void requireAll(Map<Long, Slot> slots, Map<Long, GivenUp> givenUp) {
    long last = slots.keySet().stream().max(Long::compare).orElseThrow();
    for (long slot = 0; slot <= last; slot++) {
      require(slots.containsKey(slot) || givenUp.containsKey(slot), "Slot " + slot + " is lost");
    }
  }

  private static Map<Long, GivenUp> fold(
      Map<Long, Slot> slots, Map<Long, GivenUp> givenUp, LogState state) {
    Map<Long, GivenUp> found = new TreeMap<>();
    String hash = "00".repeat(32);
    long next = 0;
    for (Map.Entry<Long, Slot> each : slots.entrySet()) {
      long number = each.getKey();
      Slot slot = each.getValue();
      Optional<String> before =
          givenUp.containsKey(number - 1)
              ? Optional.ofNullable(givenUp.get(number - 1))
                  .filter(given -> given.by() != number)
                  .map(GivenUp::hash)
              : Optional.of(hash).filter(h -> number == 0 || slots.containsKey(number - 1));
      if (before.isPresent()) {
        require(slot.predecessor().equals(before.get()), "Slot " + number + " does not follow");
      }
      require(number >= next, "Slots are out of order");
      next = number + 1;
      if (!givenUp.containsKey(number)) {
        apply(number, slot, state)
            .forEach((given, itsHash) -> found.put(given, new GivenUp(itsHash, number)));
      }
      hash = slot.hash();
    }
    return found;
  }

  private static Map<Long, String> apply(long number, Slot slot, LogState state) {
    Input in = new Input(slot.plain());
    in.raw(16);
    require(in.varint() <= number, "A record was computed later than it was appended");
    in.raw(32);
    long predecessorMillis = in.signed();
    in.signed();
    in.text(128);
    List<String> features = in.list(() -> in.text(1024));
    return features.isEmpty() ? state.apply(number, predecessorMillis, in) : Map.of();
  }

  /** All slots that open, from their own item or from their successor's. */
  Map<Long, Slot> slots() {
    Map<Long, Slot> slots = new TreeMap<>();
    for (String key : items.keys("log/[0-9a-f]{16}")) {
      long number = HexFormat.fromHexDigitsToLong(key.substring(4));
      try {
        slots.put(number, open(key, items.read(key)));
      } catch (BadFormatException damaged) {
        // Its successor may have a copy.
      }
    }
    for (Map.Entry<Long, Slot> each : List.copyOf(slots.entrySet())) {
      long before = each.getKey() - 1;
      Slot slot = each.getValue();
      if (before >= 0 && !slots.containsKey(before)) {
        byte[] copy = slot.copy();
        String hash = HexFormat.of().formatHex(Primitives.sha256(copy));
        if (hash.equals(slot.predecessor())) {
          slots.put(before, open(key(before), copy));
        }
      }
    }
    return slots;
  }

  private Slot open(String key, byte[] item) {
    Input in = new Input(item);
    in.header('L');
    long length = in.u32();
    require(length >= 40 && length <= 65_576, "No record has this length");
    byte[] sealed = in.raw(length);
    byte[] plain = Primitives.openSmall(keys.key("seal-log"), keys.binding('L', key, 0), sealed);
    byte[] own = Arrays.copyOf(item, in.position());
    return new Slot(own, plain, in.raw(in.left()));
  }
}
