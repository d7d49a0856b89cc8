package dev.varve.internal.log;

import dev.varve.internal.crypto.SmallSeal;
import dev.varve.internal.format.PackName;
import dev.varve.internal.store.ReadCache;
import dev.varve.internal.store.VerbPause;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A log in memory whose store's clock ticks a second a slot. */
final class LogFixture {

  static final SmallSeal SEAL = new SmallSeal(new byte[32]);

  private final AtomicLong seconds = new AtomicLong(1000);
  final MemoryStore store =
      new MemoryStore().clock(() -> Instant.ofEpochSecond(seconds.incrementAndGet()));
  final List<String> notes = Collections.synchronizedList(new ArrayList<>());

  LogPlace place(Store on, RememberedHead remembered) {
    return new LogPlace(
        on,
        ReadCache.none(),
        Samples.REPOSITORY,
        SEAL,
        Runnable::run,
        remembered,
        "varve test",
        () -> Instant.ofEpochSecond(5),
        new VerbPause(),
        notes::add,
        LogRules.REAL);
  }

  LogPlace place() {
    return place(store, RememberedHead.NONE);
  }

  Log create() throws IOException {
    return Log.create(place(), Samples.SETTINGS);
  }

  Log open() throws IOException {
    return Log.open(place(), Log.Start.SLOT_0);
  }

  /** A log of slot 0 and {@code count} more, each of which retires a pack of its slot's number. */
  Log filled(int count) throws IOException {
    Log log = create();
    for (int i = 1; i <= count; i++) {
      log.append(retiring(i));
    }
    return log;
  }

  static Draft retiring(long number) {
    return Draft.computed(state -> Samples.retire(state.slot(), number));
  }

  /** The packs retired, in the order of their slots, read afresh. */
  List<Long> retired() throws IOException {
    return retired(open());
  }

  static List<Long> retired(Log log) throws IOException {
    return log.entries(1, log.state().slot()).stream()
        .map(LogEntry::record)
        .filter(Retire.class::isInstance)
        .flatMap(record -> ((Retire) record).retired().stream())
        .map(PackName::low)
        .toList();
  }

  /** Stores a record in the next slot, whatever it is, as an appender that folded {@code log}. */
  void force(Log log, LogRecord record) throws IOException {
    SlotItem item = new SlotItem(Samples.REPOSITORY, SEAL);
    long slot = log.state().slot() + 1;
    String before = SlotItem.key(slot - 1);
    byte[] whole = store.bytes(before);
    byte[] predecessor = new byte[SlotItem.ownBytes(whole)];
    System.arraycopy(whole, 0, predecessor, 0, predecessor.length);
    RecordHeader header =
        new RecordHeader(
            RecordId.random(),
            SlotHash.of(predecessor),
            Instant.ofEpochSecond(1),
            Instant.EPOCH,
            "forced",
            List.of());
    byte[] own = item.seal(slot, header, record);
    store.create(
        SlotItem.key(slot), Body.of(List.of(ByteBuffer.wrap(own), ByteBuffer.wrap(predecessor))));
  }

  /** Makes a slot's own bytes unreadable. */
  void ruin(long slot) {
    store.corrupt(SlotItem.key(slot), LogFixture::flipOwn);
  }

  /** Makes the copy in a slot unreadable. */
  void ruinCopy(long slot) {
    store.corrupt(
        SlotItem.key(slot),
        bytes -> {
          bytes[bytes.length - 1] ^= 1;
          return bytes;
        });
  }

  private static byte[] flipOwn(byte[] bytes) {
    bytes[40] ^= 1;
    return bytes;
  }
}
