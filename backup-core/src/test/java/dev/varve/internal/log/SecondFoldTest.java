package dev.varve.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.SourceIdentity;
import dev.varve.internal.chunker.ChunkerSizes;
import dev.varve.internal.crypto.KeyPurpose;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.crypto.SmallSeal;
import dev.varve.internal.store.ReadCache;
import dev.varve.internal.store.VerbPause;
import dev.varve.reader.FoldedLog;
import dev.varve.store.Body;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The second reader, which knows nothing but {@code docs/format.md}, makes of any log what this
 * room makes of it: also of records that nobody appends yet.
 */
class SecondFoldTest {

  private static final int SLOTS = 60;
  private static final byte[] ROOT = new byte[32];

  @TempDir Path directory;

  private final RepositoryKeys keys = RepositoryKeys.ofRoot(ROOT);
  private final MemoryStore store = new MemoryStore();
  private final List<byte[]> own = new ArrayList<>();

  /** Some that stay, and some of today. */
  static LongStream seeds() {
    return LongStream.concat(
        LongStream.range(0, 20), new Random().longs(Boolean.getBoolean("varve.deep") ? 1000 : 20));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyRecords_areFoldedAlike(long seed) throws IOException {
    Random random = new Random(seed);
    AnyRecords records = new AnyRecords(seed, 12);
    append(new Settings(keys.repositoryId(), ChunkerSizes.DEFAULT, 3, List.of()), Instant.EPOCH);
    long clock = 1000;
    for (long slot = 1; slot < SLOTS; slot++) {
      clock += random.nextInt(10) == 0 ? -random.nextInt(100) : random.nextInt(40);
      append(record(records, random, slot - 1), Instant.ofEpochMilli(clock));
    }
    Instant headTime = Instant.ofEpochMilli(clock + random.nextLong(-10, 20));
    store.setTime(SlotItem.key(SLOTS - 1), headTime);
    loseOne(random);
    write(headTime);

    SmallSeal seal = new SmallSeal(keys.key(KeyPurpose.SEAL_LOG));
    LogPlace place =
        new LogPlace(
            store,
            ReadCache.none(),
            keys.repositoryId(),
            seal,
            Runnable::run,
            RememberedHead.NONE,
            "varve test",
            Instant::now,
            new VerbPause(),
            note -> {},
            LogRules.REAL);
    LogState state = Log.open(place, Log.Start.SLOT_0).state();
    assertEquals(lines(state), FoldedLog.of(directory, ROOT));
  }

  /** A void is rare, and gives up slots that were there. */
  private LogRecord record(AnyRecords records, Random random, long base) {
    LogRecord record = records.record(base);
    while (record instanceof VoidSlots) {
      if (base > 1 && random.nextInt(4) == 0) {
        long slot = random.nextLong(1, base + 1);
        SlotHash hash = SlotHash.of(own.get((int) slot));
        return new VoidSlots(base, List.of(new VoidedSlot(slot, hash)));
      }
      record = records.record(base);
    }
    return record;
  }

  private void append(LogRecord record, Instant predecessorTime) throws IOException {
    long slot = own.size();
    Optional<byte[]> before = slot == 0 ? Optional.empty() : Optional.of(own.get((int) slot - 1));
    RecordHeader header =
        new RecordHeader(
            RecordId.random(),
            before.map(SlotHash::of).orElse(SlotHash.NONE),
            predecessorTime,
            Instant.EPOCH,
            "varve test",
            List.of());
    SmallSeal seal = new SmallSeal(keys.key(KeyPurpose.SEAL_LOG));
    own.add(new SlotItem(keys.repositoryId(), seal).seal(slot, header, record));
    store.create(
        SlotItem.key(slot),
        Body.of(
            List.of(
                ByteBuffer.wrap(own.get((int) slot)),
                ByteBuffer.wrap(before.orElseGet(() -> new byte[0])))));
  }

  /** One lost slot is read from its successor. */
  private void loseOne(Random random) {
    if (random.nextBoolean()) {
      store.remove(SlotItem.key(random.nextLong(1, SLOTS - 1)));
    }
  }

  private void write(Instant headTime) throws IOException {
    for (String key : store.keys()) {
      Path file = directory.resolve(key);
      Files.createDirectories(file.getParent());
      Files.write(file, store.bytes(key));
    }
    Files.setLastModifiedTime(directory.resolve(SlotItem.key(SLOTS - 1)), FileTime.from(headTime));
  }

  private static Map<String, String> lines(LogState state) {
    Map<String, String> lines = new TreeMap<>();
    for (LiveSnapshot live : state.snapshots()) {
      lines.put(
          "snapshot " + live.id().hex(),
          String.format(
              "slot %d, %s, pinned %s, tags %s",
              live.slot(), time(state.timeOf(live)), live.isPinned(), live.record().tags()));
    }
    state.forEachPack(
        pack -> {
          if (pack.isRegistered() || pack.isRetired() || pack.isCondemned()) {
            lines.put(
                "pack " + name(pack.name().key()),
                String.format(
                    "kind %d, %d bytes, registered %d, retired %d, condemned %d",
                    pack.kind().code(),
                    pack.storedBytes(),
                    pack.registeredAt(),
                    pack.retiredAt(),
                    pack.condemnedAt()));
          }
        });
    state.forEachRun(
        run ->
            lines.put(
                "run " + name(run.name().key()),
                String.format(
                    "%d bytes, added %d, condemned %d",
                    run.storedBytes(), run.addedAt(), run.condemnedAt())));
    state
        .damage()
        .forEach(
            blocks ->
                lines.put("damaged " + name(blocks.pack().key()), blocks.blocks().toString()));
    for (RunningCall call : state.calls()) {
      String id = String.format("%016x%016x", call.call().high(), call.call().low());
      List<String> sources = call.sources().stream().map(SourceIdentity::toString).toList();
      lines.put("call " + id, sources + " in " + call.slots() + ", " + time(call.lastSign()));
    }
    return lines;
  }

  private static String name(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  private static String time(Optional<Instant> time) {
    return time.map(known -> "at " + known.toEpochMilli()).orElse("at an unknown time");
  }
}
