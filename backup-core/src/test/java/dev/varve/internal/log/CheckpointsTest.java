package dev.varve.internal.log;

import static dev.varve.internal.log.LogFixture.retiring;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.store.ReadCache;
import dev.varve.store.Stored;
import dev.varve.testkit.StoreCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Checkpoints are caches: they save reading, and nothing depends on them. */
class CheckpointsTest {

  private final LogFixture fixture = new LogFixture();

  @Test
  void checkpoint_isStoredOnceWorthWhile() throws IOException {
    Log log = fixture.filled(Checkpoints.LEAST_SLOTS - 2);
    log.checkpoint();
    assertEquals(List.of(), checkpoints());
    log.append(retiring(900));
    log.checkpoint();
    log.checkpoint();
    assertEquals(1, checkpoints().size());
  }

  @Test
  void openedAtACheckpoint_readsLittle_andFoldsTheSame() throws IOException {
    Log log = fixture.filled(100);
    log.checkpoint();
    log.append(retiring(101));
    long before = fixture.store.calls();
    Log quick = Log.open(fixture.place(), Log.Start.CHECKPOINT);
    assertTrue(fixture.store.calls() - before < 12, "calls");
    assertEquals(101, quick.state().slot());
    assertTrue(quick.state().pack(Samples.pack(50)).isRetired());
    assertEquals(102, quick.append(retiring(102)).slot());
    assertEquals(
        fixture.open().state().pack(Samples.pack(50)), quick.state().pack(Samples.pack(50)));
  }

  @Test
  void openedAtACheckpointOfTheHead_canAppend() throws IOException {
    Log log = fixture.filled(70);
    log.checkpoint();
    Log quick = Log.open(fixture.place(), Log.Start.CHECKPOINT);
    assertEquals(71, quick.append(retiring(71)).slot());
    assertEquals(72, fixture.open().refresh().slot() + 1);
  }

  @Test
  void damagedCheckpoint_isPassedOver_forAnOlderOne() throws IOException {
    Log log = fixture.filled(70);
    log.checkpoint();
    String old = checkpoints().get(0);
    for (int i = 0; i < 70; i++) {
      log.append(retiring(1000 + i));
    }
    log.checkpoint();
    byte[] good = fixture.store.bytes(checkpoints().get(1));
    for (int at = 0; at < good.length; at += 41) {
      int place = at;
      fixture.store.corrupt(
          checkpoints().get(1),
          bytes -> {
            bytes[place] ^= 16;
            return bytes;
          });
      Log quick = Log.open(fixture.place(), Log.Start.CHECKPOINT);
      assertEquals(140, quick.state().slot());
      fixture.store.put(checkpoints().get(1), good);
    }
    assertTrue(fixture.notes.get(0).contains(checkpoints().get(1)), fixture.notes.get(0));
    assertEquals(2, checkpoints().size());
    assertEquals(old, checkpoints().get(0));
  }

  @Test
  void checkpointUnderAnotherName_isNotBelieved() throws IOException {
    Log log = fixture.filled(70);
    log.checkpoint();
    byte[] bytes = fixture.store.bytes(checkpoints().get(0));
    fixture.store.remove(checkpoints().get(0));
    fixture.store.put("checkpoints/0000000000000045-" + "0".repeat(32), bytes);
    Log quick = Log.open(fixture.place(), Log.Start.CHECKPOINT);
    assertEquals(70, quick.state().slot());
    assertEquals(1, fixture.notes.size());
  }

  @Test
  void checkpointOfALogThatWasRolledBack_isPassedOver() throws IOException {
    Log log = fixture.filled(70);
    log.checkpoint();
    for (int i = 60; i <= 70; i++) {
      fixture.store.remove(SlotItem.key(i));
    }
    Log quick = Log.open(fixture.place(), Log.Start.CHECKPOINT);
    assertEquals(59, quick.state().slot());
    for (int i = 60; i <= 75; i++) {
      quick.append(retiring(5000 + i));
    }
    Log again = Log.open(fixture.place(), Log.Start.CHECKPOINT);
    assertTrue(again.state().pack(Samples.pack(5060)).isRetired());
    assertEquals(false, again.state().pack(Samples.pack(60)).isRetired());
  }

  @Test
  void whoDoesAwayWithSomething_mustHaveFoldedFromSlot0() throws IOException {
    Log log = fixture.filled(70);
    log.append(Draft.computed(state -> Samples.snapshots(state.slot(), 1)));
    log.checkpoint();
    Log quick = Log.open(fixture.place(), Log.Start.CHECKPOINT);
    Draft forget = Draft.computed(state -> Samples.forget(state.slot(), 1));
    assertThrows(IllegalStateException.class, () -> quick.append(forget));
    assertEquals(71, quick.verify().slot());
    assertEquals(72, quick.append(forget).slot());
  }

  /** A thief's or a faulty machine's: whoever does away with something does not go by it. */
  @Test
  void checkpointThatLies_isFoundOutByVerifying() throws IOException {
    Log log = fixture.filled(70);
    NameTable.Editor packs = log.state().packs.edit();
    log.state().pack(Samples.pack(5)).condemned(3).put(packs);
    new Checkpoints(fixture.store, Samples.REPOSITORY, LogFixture.SEAL, fixture.notes::add)
        .write(World.withPacks(log.state(), packs.table()));
    Log deceived = Log.open(fixture.place(), Log.Start.CHECKPOINT);
    assertTrue(deceived.state().pack(Samples.pack(5)).isCondemned());
    assertFalse(deceived.verify().pack(Samples.pack(5)).isCondemned());
    assertTrue(deceived.state().sameAs(log.state()));
  }

  @Test
  void whoDidNotFoldFromSlot0_storesNoCheckpoint() throws IOException {
    Log log = fixture.filled(70);
    log.checkpoint();
    Log quick = Log.open(fixture.place(), Log.Start.CHECKPOINT);
    for (int i = 0; i < 80; i++) {
      quick.append(retiring(1000 + i));
    }
    quick.checkpoint();
    assertEquals(1, checkpoints().size());
  }

  @Test
  void longLog_isFoldedInParallel_withOneReadASlot() throws IOException {
    fixture.filled(600);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      LogPlace place = fixture.place();
      LogPlace parallel =
          new LogPlace(
              place.store(),
              ReadCache.none(),
              place.repository(),
              place.seal(),
              threads,
              place.remembered(),
              place.software(),
              place.clock(),
              place.pause(),
              place.notes(),
              place.rules());
      long reads = fixture.store.calls(StoreCall.READ);
      Log log = Log.open(parallel, Log.Start.SLOT_0);
      assertEquals(600, log.state().slot());
      assertEquals(601, fixture.store.calls(StoreCall.READ) - reads);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void dueAfterSlots_followsWhatWouldBeWritten() {
    assertEquals(Checkpoints.LEAST_SLOTS, Checkpoints.dueAfterSlots(Samples.state()));
    assertEquals(64, Checkpoints.dueAfterSlots(large(64 * 2048, 0)));
    assertEquals(64, Checkpoints.dueAfterSlots(large(65 * 2048 - 1, 0)));
    assertEquals(65, Checkpoints.dueAfterSlots(large(65 * 2048, 0)));
    assertEquals(100, Checkpoints.dueAfterSlots(large(10 * 2048, 18 * 1024)), "10 rows each");
  }

  private static LogState large(int packs, int snapshots) {
    NameTable.Editor table = NameTable.EMPTY.edit();
    for (int i = 0; i < packs; i++) {
      table.put((long) i << 44, i, 1L << 32, 2000);
    }
    LogState few = Samples.state(Samples.snapshots(0, 1));
    return new LogState(
        few.settings,
        few.slot,
        few.hash,
        few.storedBytes,
        few.previousMillis,
        few.headTime,
        table.table(),
        NameTable.EMPTY,
        few.damage,
        Collections.nCopies(snapshots, few.snapshots().get(0)),
        few.calls,
        few.voided,
        few.voids,
        few.unknown);
  }

  @Test
  void checkpointNow_saysWhenByTheStoresClock() throws IOException {
    Log log = fixture.filled(3);
    Instant said = log.checkpointNow();
    Stored stored = fixture.store.list("checkpoints/", "").items().get(0);
    assertEquals(stored.time(), said);
  }

  @Test
  void newest_ofManyPages_isFound() throws IOException {
    Log log = fixture.filled(70);
    log.checkpointNow();
    log.append(retiring(71));
    log.checkpointNow();
    fixture.store.put("checkpoints/readme", new byte[3]);
    fixture.store.pageSize(1);
    for (int i = 0; i < 5; i++) {
      fixture.store.put("checkpoints/f00000000000000" + i + "-" + "0".repeat(32), new byte[9]);
    }
    assertEquals(8, checkpoints().size());
    long reads = fixture.store.calls(StoreCall.READ);
    assertEquals(71, Log.open(fixture.place(), Log.Start.CHECKPOINT).state().slot());
    assertEquals(2, fixture.store.calls(StoreCall.READ) - reads, "that one, and its slot");
    assertEquals(List.of(), fixture.notes, "what has other names is nobody's checkpoint");
  }

  /** Each piece is sealed for its place among so many: none can be left out or moved. */
  @Test
  void pieces_swappedOrLeftOut_areNotBelieved() throws IOException {
    LogState state = large(3 * 32_768, 1);
    Checkpoints all =
        new Checkpoints(fixture.store, Samples.REPOSITORY, LogFixture.SEAL, fixture.notes::add);
    all.write(state);
    String key = checkpoints().get(0);
    byte[] good = fixture.store.bytes(key);
    assertTrue(all.newest(any -> true).orElseThrow().sameAs(state));
    ByteBuffer start = ByteBuffer.wrap(good);
    int count = start.getInt(6);
    assertEquals(5, count, "head, three of packs, snapshots");
    int[] lengths = new int[count];
    int[] offsets = new int[count + 1];
    offsets[0] = 10 + 4 * count;
    for (int i = 0; i < count; i++) {
      lengths[i] = start.getInt(10 + 4 * i);
      offsets[i + 1] = offsets[i] + lengths[i];
    }
    assertEquals(good.length, offsets[count]);
    assertEquals(lengths[1], lengths[2]);
    byte[] swapped = good.clone();
    System.arraycopy(good, offsets[1], swapped, offsets[2], lengths[1]);
    System.arraycopy(good, offsets[2], swapped, offsets[1], lengths[2]);
    fixture.store.put(key, swapped);
    assertEquals(Optional.empty(), all.newest(any -> true));
    byte[] fewer = new byte[good.length - lengths[count - 1] - 4];
    System.arraycopy(good, 0, fewer, 0, offsets[0] - 4);
    ByteBuffer.wrap(fewer).putInt(6, count - 1);
    System.arraycopy(good, offsets[0], fewer, offsets[0] - 4, fewer.length - offsets[0] + 4);
    fixture.store.put(key, fewer);
    assertEquals(Optional.empty(), all.newest(any -> true));
    fixture.store.put(key, Arrays.copyOf(good, good.length + 1));
    assertEquals(Optional.empty(), all.newest(any -> true));
    fixture.store.put(key, good);
    assertTrue(all.newest(any -> true).isPresent());
    assertEquals(Optional.empty(), all.newest(any -> false));
    assertEquals(3, fixture.notes.size());
  }

  private List<String> checkpoints() throws IOException {
    return new Checkpoints(fixture.store, Samples.REPOSITORY, LogFixture.SEAL, fixture.notes::add)
        .all().stream().map(Stored::key).toList();
  }
}
