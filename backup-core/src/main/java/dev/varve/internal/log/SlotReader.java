package dev.varve.internal.log;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.NewerFormatException;
import dev.varve.internal.store.ReadCache;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Lists and reads slots, several at once. Safe for use by many threads. Knows nothing of what came
 * before: it does not compare hashes but where it takes a slot from its successor.
 *
 * <p>What authenticates is kept as a copy, under the length and time that the store lists for it.
 * The last slot is always read from the store, so that whoever folds sees by its hashes, from there
 * to the first, that the copies are what is there.
 */
final class SlotReader {

  /** No more slots than this can be missing in a row: what comes after is not believed. */
  private static final int MAX_GAP = 1000;

  /** How many slots are read at once. */
  private static final int BATCH = 256;

  /** How many damaged slots in a row a slot is read across, one from the copy in the next. */
  private static final int MOST_DAMAGED = 8;

  private final Store store;
  private final ReadCache copies;
  private final SlotItem item;
  private final Executor executor;

  SlotReader(Store store, ReadCache copies, SlotItem item, Executor executor) {
    this.store = store;
    this.copies = copies;
    this.item = item;
    this.executor = executor;
  }

  /** A slot as far as it could be read. */
  sealed interface Reading permits Good, Lost {
    long slot();
  }

  /** A slot that authenticates, from its own item or from its successor's. */
  record Good(LogEntry entry, byte[] own) implements Reading {
    @Override
    public long slot() {
      return entry.slot();
    }
  }

  /**
   * A slot that nobody can read.
   *
   * @param newer its format version, if that is newer than what is known here; else 0
   */
  record Lost(long slot, String why, int newer) implements Reading {
    static Lost of(long slot, Exception why) {
      int newer = why instanceof NewerFormatException known ? known.version() : 0;
      return new Lost(slot, String.valueOf(why.getMessage()), newer);
    }
  }

  /**
   * Slots that follow each other and are read together.
   *
   * @param successor the slot after the last of them, if it is there
   */
  record Batch(List<ListedSlot> slots, Optional<ListedSlot> successor) {

    private static Batch of(List<ListedSlot> listed, int from, int to) {
      return new Batch(
          listed.subList(from, to),
          to < listed.size() ? Optional.of(listed.get(to)) : Optional.empty());
    }
  }

  /** What is read one after the other to read some of the slots listed. */
  static List<Batch> batches(List<ListedSlot> listed, int from, int to) {
    List<Batch> batches = new ArrayList<>();
    for (int i = from; i < to; i += BATCH) {
      batches.add(Batch.of(listed, i, Math.min(to, i + BATCH)));
    }
    return batches;
  }

  /**
   * The slots from {@code first} on, without gaps; those that are missing before one that is there
   * say so.
   */
  List<ListedSlot> list(long first) throws IOException {
    List<ListedSlot> slots = listOnce(first);
    // A listing is not of one moment: it may have passed a slot before it was there and then seen
    // its successor. One that begins now shows both.
    return slots.stream().anyMatch(ListedSlot::isMissing) ? listOnce(first) : slots;
  }

  private List<ListedSlot> listOnce(long first) throws IOException {
    List<ListedSlot> slots = new ArrayList<>();
    String after = first == 0 ? "" : SlotItem.key(first - 1);
    long next = first;
    while (true) {
      Page page = store.list(SlotItem.PREFIX, after);
      for (Stored stored : page.items()) {
        Optional<Long> slot = SlotItem.slotOf(stored.key());
        if (slot.isPresent()) {
          if (slot.get() - next > MAX_GAP) {
            throw new LostSlotException(
                "The log ends before " + stored.key(), Map.of(next, "it is missing"));
          }
          for (; next < slot.get(); next++) {
            slots.add(ListedSlot.missing(next));
          }
          slots.add(new ListedSlot(slot.get(), stored.size(), stored.time()));
          next = slot.get() + 1;
        }
        after = stored.key();
      }
      if (page.last()) {
        return slots;
      }
    }
  }

  /**
   * Reads slots.
   *
   * @param ownBytesBefore how long the own bytes of the slot before the first are; 0 if that is not
   *     known or there is none
   */
  List<Reading> read(Batch batch, int ownBytesBefore) throws IOException {
    List<ListedSlot> slots = batch.slots();
    Optional<ListedSlot> successor = batch.successor();
    long[] expected = new long[slots.size()];
    long before = ownBytesBefore;
    for (int i = 0; i < expected.length; i++) {
      ListedSlot slot = slots.get(i);
      boolean known = before > 0 || slot.slot() == 0;
      expected[i] = known && !slot.isMissing() ? slot.bytes() - before : 0;
      before = expected[i];
    }
    Reading[] read = new Reading[slots.size()];
    SharedWork.run(
        slots.size(),
        i -> {
          boolean last = i + 1 == slots.size() && successor.isEmpty();
          Optional<Good> copy = last ? Optional.empty() : copied(slots.get(i));
          read[i] = copy.isPresent() ? copy.get() : readOwn(slots.get(i), expected[i]);
        },
        executor);
    for (int i = read.length - 1; i >= 0; i--) {
      if (read[i] instanceof Lost lost) {
        Optional<ListedSlot> next = i + 1 < read.length ? Optional.of(slots.get(i + 1)) : successor;
        Reading after = i + 1 < read.length ? read[i + 1] : lost;
        read[i] = next.isPresent() ? fromSuccessor(lost, next.get(), after) : lost;
      }
    }
    return Arrays.asList(read);
  }

  /**
   * A slot's own bytes.
   *
   * @throws LostSlotException if nobody can read them
   */
  byte[] ownBytes(long slot) throws IOException {
    List<ListedSlot> listed = list(slot);
    // Those behind it, too: a slot that is damaged itself may be read from one further on.
    int some = Math.min(listed.size(), 1 + MOST_DAMAGED);
    if (some > 0 && read(Batch.of(listed, 0, some), 0).get(0) instanceof Good good) {
      return good.own();
    }
    throw new LostSlotException(
        "The log cannot be continued", Map.of(slot, "its bytes cannot be read"));
  }

  /** The slot, from a copy that authenticates. */
  private Optional<Good> copied(ListedSlot slot) {
    Optional<byte[]> own = slot.isMissing() ? Optional.empty() : copies.find(copyName(slot));
    if (own.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(opened(slot, own.get()));
    } catch (FormatException e) {
      copies.drop(copyName(slot));
      return Optional.empty();
    }
  }

  private static String copyName(ListedSlot slot) {
    return SlotItem.key(slot.slot()) + "@" + slot.time() + "+" + slot.bytes();
  }

  /** The slot, from its own item only; what cannot be opened is read a second time. */
  private Reading readOwn(ListedSlot slot, long expectedBytes) throws IOException {
    if (slot.isMissing()) {
      return new Lost(slot.slot(), "it is missing", 0);
    }
    try {
      return opened(slot, expectedBytes);
    } catch (FormatException | EOFException | NoSuchFileException e) {
      try {
        return opened(slot, 0);
      } catch (FormatException | EOFException | NoSuchFileException again) {
        return Lost.of(slot.slot(), again);
      }
    }
  }

  private Good opened(ListedSlot slot, long expectedBytes) throws IOException {
    byte[] own = ownBytes(slot, expectedBytes);
    Good good = new Good(item.open(slot.slot(), own), own);
    copies.keep(copyName(slot), own);
    return good;
  }

  private byte[] ownBytes(ListedSlot slot, long expectedBytes) throws IOException {
    boolean likely =
        expectedBytes > SlotItem.START_BYTES
            && expectedBytes <= Math.min(slot.bytes(), SlotItem.MAX_OWN_BYTES);
    byte[] beginning = read(slot, likely ? expectedBytes : slot.bytes());
    int ownBytes = SlotItem.ownBytes(beginning);
    if (ownBytes > beginning.length) {
      beginning = read(slot, slot.bytes());
    }
    if (ownBytes > beginning.length) {
      throw new FormatException("It ends before its record does");
    }
    return Arrays.copyOf(beginning, ownBytes);
  }

  /**
   * The slot from the copy in its successor, if that authenticates; the successor itself may be
   * damaged, if it was read from its own successor.
   */
  private Reading fromSuccessor(Lost lost, ListedSlot successor, Reading read) throws IOException {
    if (successor.isMissing()) {
      return lost;
    }
    try {
      byte[] whole = read(successor, successor.bytes());
      Good next = read instanceof Good good ? good : opened(successor, whole);
      if (whole.length < next.own().length) {
        return lost;
      }
      byte[] copy = Arrays.copyOfRange(whole, next.own().length, whole.length);
      if (!SlotHash.of(copy).equals(next.entry().header().predecessor())) {
        return lost;
      }
      return new Good(item.open(lost.slot(), copy), copy);
    } catch (NewerFormatException e) {
      return Lost.of(lost.slot(), e);
    } catch (FormatException | EOFException | NoSuchFileException e) {
      return lost;
    }
  }

  private Good opened(ListedSlot slot, byte[] whole) throws FormatException {
    byte[] own = Arrays.copyOf(whole, Math.min(whole.length, SlotItem.ownBytes(whole)));
    return new Good(item.open(slot.slot(), own), own);
  }

  private byte[] read(ListedSlot slot, long bytes) throws IOException {
    if (bytes < SlotItem.START_BYTES) {
      throw new FormatException("It has only " + bytes + " bytes");
    }
    ByteBuffer into = ByteBuffer.allocate((int) Math.min(bytes, 2L * SlotItem.MAX_OWN_BYTES));
    store.read(SlotItem.key(slot.slot()), 0, into);
    return into.array();
  }
}
