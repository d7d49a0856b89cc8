package dev.varve.internal.log;

import static dev.varve.internal.log.LogFixture.retiring;
import static dev.varve.internal.log.Samples.id;
import static dev.varve.internal.log.Samples.pack;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.store.Pause;
import dev.varve.internal.store.ReadCache;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.StoreCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slots put back, given up or looked at; logs that went back and are accepted as they are. */
class LogMendingTest {

  private final LogFixture fixture = new LogFixture();

  private static void assertSays(String part, Throwable thrown) {
    assertTrue(String.valueOf(thrown.getMessage()).contains(part), thrown::toString);
  }

  private byte[] own(long slot) throws IOException {
    byte[] whole = fixture.store.bytes(SlotItem.key(slot));
    return Arrays.copyOf(whole, SlotItem.ownBytes(whole));
  }

  private Map<String, String> audit(Log log) throws IOException {
    return SlotAudit.of(fixture.place(), log.state());
  }

  @Test
  void putBack_missingSlot_isThereAsItWas() throws IOException {
    for (long slot : new long[] {0, 2}) {
      LogFixture its = new LogFixture();
      its.filled(4);
      byte[] before = its.store.bytes(SlotItem.key(slot));
      its.store.remove(SlotItem.key(slot));
      Log log = its.open();
      assertEquals(Set.of(slot), log.notInPlace());
      log.putBack(slot);
      assertArrayEquals(before, its.store.bytes(SlotItem.key(slot)));
      assertEquals(Set.of(), log.notInPlace());
      assertEquals(List.of(), its.notes);
      assertEquals(5, log.append(retiring(5)).slot());
    }
  }

  @Test
  void putBack_slotThatIsThere_isNoted() throws IOException {
    Log log = fixture.filled(3);
    byte[] before = fixture.store.bytes(SlotItem.key(2));
    log.putBack(2);
    assertArrayEquals(before, fixture.store.bytes(SlotItem.key(2)));
    assertEquals(List.of(SlotItem.key(2) + " has been put back already"), fixture.notes);
  }

  @Test
  void putBack_twoMissingInARow_theFirstIsGivenUp() throws IOException {
    fixture.filled(4);
    byte[] second = own(2);
    fixture.store.remove(SlotItem.key(1));
    fixture.store.remove(SlotItem.key(2));
    Log log = Log.openDamaged(fixture.place());
    assertEquals(List.of(1L), log.lost().stream().map(LostSlot::slot).toList());
    assertEquals(SlotItem.key(1), log.lost().get(0).key());
    assertEquals(Set.of(2L), log.notInPlace());
    assertThrows(LostSlotException.class, () -> log.putBack(1));
    log.putBack(2);
    assertArrayEquals(second, fixture.store.bytes(SlotItem.key(2)), "without a copy of slot 1");
    assertTrue(
        fixture.notes.get(0).contains("is put back without a copy"), fixture.notes::toString);
    log.giveUp();
    assertEquals(Set.of(1L), log.state().voided());
    assertEquals(6, log.append(retiring(6)).slot());
    assertEquals(List.of(2L, 3L, 4L, 6L), fixture.retired());
    assertEquals(Map.of(), audit(fixture.open()), "what is given up and its copy are no damage");
  }

  @Test
  void giveUp_slotThatNobodyCanRead_namesWhatItsSuccessorSaw() throws IOException {
    Log before = fixture.filled(2);
    before.append(Draft.computed(state -> Samples.snapshots(state.slot(), 1)));
    before.append(retiring(4));
    SlotHash hash = SlotHash.of(own(3));
    fixture.ruin(3);
    fixture.ruinCopy(4);
    Log log = Log.openDamaged(fixture.place());
    assertEquals(1, log.lost().size());
    LostSlot lost = log.lost().get(0);
    assertEquals(new LostSlot(3, lost.why(), hash, 0), lost);
    assertSays(
        "Nothing can be appended: " + SlotItem.key(3),
        assertThrows(LostSlotException.class, () -> log.append(retiring(5))));
    assertSays(SlotItem.key(3), assertThrows(LostSlotException.class, log::requireWritable));

    LogEntry entry = log.giveUp();

    assertEquals(new VoidSlots(4, List.of(new VoidedSlot(3, hash))), entry.record());
    assertEquals(5, entry.slot());
    assertEquals(List.of(), log.lost());
    log.requireWritable();
    assertEquals(6, log.append(retiring(6)).slot());
    LogState state = fixture.open().state();
    assertEquals(Set.of(3L), state.voided());
    assertEquals(Set.of(5L), state.voids());
    assertEquals(List.of(), state.snapshots());
    assertEquals(
        List.of(2L, 4L, 6L),
        log.entries(2, 6).stream()
            .filter(each -> each.record() instanceof Retire)
            .map(LogEntry::slot)
            .toList());
    assertEquals(Map.of(), audit(log));
  }

  @Test
  void giveUp_head_isFollowedByWhatCarriesNoCopyOfIt() throws IOException {
    fixture.filled(3);
    fixture.ruin(3);
    Log log = Log.openDamaged(fixture.place());
    assertEquals(3, log.state().slot());
    assertEquals(SlotHash.NONE, log.lost().get(0).hash(), "nobody comes after it");
    assertEquals(4, log.giveUp().slot());
    byte[] whole = fixture.store.bytes(SlotItem.key(4));
    assertEquals(SlotItem.ownBytes(whole), whole.length);
    assertEquals(5, fixture.open().append(retiring(5)).slot());
    assertEquals(Map.of(), audit(fixture.open()));
  }

  @Test
  void giveUp_nothingLost_isAVoidOfNothing() throws IOException {
    Log log = fixture.filled(2);
    assertEquals(new VoidSlots(2, List.of()), log.giveUp().record());
    assertEquals(Set.of(3L), log.state().voids());
  }

  @Test
  void openDamaged_settingsLost_isRefused() throws IOException {
    fixture.filled(2);
    fixture.ruin(0);
    fixture.ruinCopy(1);
    assertSays(
        SlotItem.key(0),
        assertThrows(LostSlotException.class, () -> Log.openDamaged(fixture.place())));
  }

  @Test
  void openDamaged_storesNoCheckpoint() throws IOException {
    fixture.filled(70);
    fixture.ruin(70);
    Log log = Log.openDamaged(fixture.place());
    log.checkpoint();
    assertEquals(0, fixture.store.keys("checkpoints/").size());
    log.giveUp();
    log.checkpoint();
    assertEquals(1, fixture.store.keys("checkpoints/").size());
  }

  @Test
  void rolledBackLog_isAcceptedOnlyOnPurpose(@TempDir Path directory) throws IOException {
    RememberedFile remembered = new RememberedFile(directory.resolve("head"));
    LogPlace place = fixture.place(fixture.store, remembered);
    Log log = Log.create(place, Samples.SETTINGS);
    for (int i = 1; i <= 70; i++) {
      log.append(retiring(i));
    }
    fixture.store.remove(SlotItem.key(70));
    assertThrows(RollbackException.class, () -> Log.open(place, Log.Start.SLOT_0));
    Log damaged = Log.openDamaged(place);
    assertSays("ends in slot 69; slot 70 was seen", damaged.rollback().orElseThrow());
    assertThrows(RollbackException.class, () -> damaged.append(retiring(99)));
    assertThrows(RollbackException.class, damaged::requireWritable);
    damaged.checkpoint();
    assertEquals(0, fixture.store.keys("checkpoints/").size());
    assertEquals(69, damaged.refresh().slot());
    assertTrue(damaged.rollback().isPresent(), "looking again changes nothing");
    assertEquals(70, remembered.load().orElseThrow().slot());

    LogEntry accepting = damaged.acceptRollback();

    assertEquals(70, accepting.slot());
    assertEquals(Optional.empty(), damaged.rollback());
    assertEquals(accepting.hash(), remembered.load().orElseThrow().hash());
    assertEquals(71, damaged.append(retiring(99)).slot());
    assertEquals(71, Log.open(place, Log.Start.SLOT_0).state().slot());
    assertEquals(71, remembered.load().orElseThrow().slot());
  }

  @Test
  void rollback_restoredMeanwhile_isNone(@TempDir Path directory) throws IOException {
    RememberedFile remembered = new RememberedFile(directory.resolve("head"));
    LogPlace place = fixture.place(fixture.store, remembered);
    Log log = Log.create(place, Samples.SETTINGS);
    log.append(retiring(1));
    byte[] head = fixture.store.bytes(SlotItem.key(1));
    fixture.store.remove(SlotItem.key(1));
    Log damaged = Log.openDamaged(place);
    assertTrue(damaged.rollback().isPresent());
    fixture.store.put(SlotItem.key(1), head);
    assertEquals(1, damaged.refresh().slot());
    assertEquals(Optional.empty(), damaged.rollback());
    assertEquals(2, damaged.append(retiring(2)).slot());
  }

  @Test
  void position_cannotBeRemembered_isNotedAndStopsNobody() throws IOException {
    fixture.filled(1);
    RememberedHead full =
        new RememberedHead() {
          @Override
          public Optional<Position> load() {
            return Optional.empty();
          }

          @Override
          public void save(Position position) throws IOException {
            throw new IOException("No space left at " + position.slot());
          }

          @Override
          public void accept(Position position) {}
        };
    Log log = Log.open(fixture.place(fixture.store, full), Log.Start.SLOT_0);
    assertEquals(2, log.append(retiring(2)).slot());
    assertEquals(2, fixture.notes.size());
    assertTrue(fixture.notes.get(1).contains("No space left at 2"), fixture.notes::toString);
  }

  @Test
  void audit_anyDamageOfAnItem_isNamed() throws IOException {
    Log log = fixture.filled(300);
    assertEquals(Map.of(), audit(log));
    fixture.ruin(7);
    fixture.ruinCopy(299);
    fixture.store.remove(SlotItem.key(20));
    fixture.store.corrupt(SlotItem.key(30), bytes -> Arrays.copyOf(bytes, 5));
    fixture.store.corrupt(
        SlotItem.key(40), bytes -> Arrays.copyOf(bytes, 2 * SlotItem.MAX_OWN_BYTES + 1));
    fixture.store.corrupt(
        SlotItem.key(50), bytes -> Arrays.copyOf(bytes, SlotItem.START_BYTES + 20));
    fixture.store.corrupt(SlotItem.key(60), bytes -> Arrays.copyOf(bytes, bytes.length / 2));
    Map<String, String> wrong = audit(log);
    assertEquals(
        List.of(7L, 20L, 30L, 40L, 50L, 60L, 299L),
        wrong.keySet().stream().map(key -> SlotItem.slotOf(key).orElseThrow()).toList());
    assertTrue(
        String.valueOf(wrong.get(SlotItem.key(7))).startsWith("The slot is damaged"),
        wrong::toString);
    assertEquals("The slot is missing", wrong.get(SlotItem.key(20)));
    assertEquals("No slot has 5 bytes", wrong.get(SlotItem.key(30)));
    assertTrue(
        String.valueOf(wrong.get(SlotItem.key(40))).startsWith("No slot has"), wrong::toString);
    assertEquals("The slot ends before its record does", wrong.get(SlotItem.key(50)));
    assertEquals(
        "The slot itself is sound, but not its copy of the slot before",
        wrong.get(SlotItem.key(299)));
  }

  @Test
  void damagedInARow_areReadOneFromTheOther() throws IOException {
    Log log = fixture.filled(12);
    for (int slot = 2; slot <= 10; slot++) {
      fixture.ruin(slot);
    }
    assertEquals(12, fixture.retired().size());
    log.putBack(2);
    assertEquals(List.of(SlotItem.key(2) + " has been put back already"), fixture.notes);
    fixture.ruin(11);
    assertEquals(12, fixture.retired().size());
    assertSays("cannot be read", assertThrows(LostSlotException.class, () -> log.putBack(2)));
  }

  @Test
  void gap_ofAThousand_isBelieved_ofMoreIsNot() throws IOException {
    fixture.filled(1);
    fixture.store.put(SlotItem.key(1002), new byte[200]);
    LostSlotException believed = assertThrows(LostSlotException.class, fixture::open);
    assertSays("and 1000 more (it is missing)", believed);
    fixture.store.remove(SlotItem.key(1002));
    fixture.store.put(SlotItem.key(1003), new byte[200]);
    assertSays(
        "The log ends before " + SlotItem.key(1003),
        assertThrows(LostSlotException.class, fixture::open));
  }

  @Test
  void listing_ofManyPages_isReadToItsEnd() throws IOException {
    fixture.filled(7);
    for (int page = 1; page <= 8; page++) {
      fixture.store.pageSize(page);
      assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), fixture.retired());
    }
  }

  @Test
  void slots_readBefore_areTakenFromTheirCopies_exceptForTheHead(@TempDir Path directory)
      throws IOException {
    fixture.filled(20);
    LogPlace place = fixture.place();
    LogPlace caching =
        new LogPlace(
            place.store(),
            ReadCache.in(directory, 1 << 20),
            place.repository(),
            place.seal(),
            place.executor(),
            place.remembered(),
            place.software(),
            place.clock(),
            place.pause(),
            place.notes(),
            place.rules());
    long reads = fixture.store.calls(StoreCall.READ);
    Log first = Log.open(caching, Log.Start.SLOT_0);
    assertEquals(21, fixture.store.calls(StoreCall.READ) - reads);
    reads = fixture.store.calls(StoreCall.READ);
    Log second = Log.open(caching, Log.Start.SLOT_0);
    assertEquals(1, fixture.store.calls(StoreCall.READ) - reads);
    assertTrue(first.state().sameAs(second.state()));
    reads = fixture.store.calls(StoreCall.READ);
    Log.open(caching.afresh(), Log.Start.SLOT_0);
    assertEquals(21, fixture.store.calls(StoreCall.READ) - reads);
  }

  @Test
  void history_showsEverySnapshotThatWasEverThere() throws IOException {
    Log log = fixture.create();
    for (int i = 1; i <= 3; i++) {
      long number = i;
      log.append(Draft.computed(state -> Samples.snapshots(state.slot(), number)));
    }
    TreeMap<String, String> tags = new TreeMap<>(Map.of("a", "b"));
    log.append(
        Draft.computed(
            state ->
                new Attributes(
                    state.slot(), List.of(id(1)), Attributes.Pin.KEPT, tags, List.of())));
    log.append(Draft.computed(state -> Samples.forget(state.slot(), 1)));
    log.append(Draft.computed(state -> Samples.forget(state.slot(), 2)));
    log.append(retiring(50));
    fixture.ruin(7);
    fixture.ruinCopy(7);
    Log damaged = Log.openDamaged(fixture.place());
    damaged.giveUp();
    LogState now = damaged.state();
    assertEquals(List.of(id(3)), now.snapshots().stream().map(LiveSnapshot::id).toList());
    LogState all = SnapshotHistory.until(now, damaged);
    assertEquals(
        List.of(id(1), id(2), id(3)), all.snapshots().stream().map(LiveSnapshot::id).toList());
    assertEquals(now.slot(), all.slot());
    assertEquals(now.headTime(), all.headTime());
    assertEquals(Map.of("a", "b"), all.findSnapshot(id(1)).orElseThrow().record().tags());
    for (int i = 1; i <= 3; i++) {
      assertEquals(
          Optional.of(Instant.ofEpochSecond(1001 + i)),
          all.timeOf(all.findSnapshot(id(i)).orElseThrow()));
    }
    assertFalse(all.pack(pack(1)).isRegistered(), "it knows nothing else");
  }

  @Test
  void timeOf_isWhatTheStoreShowsOrTheNextSlotTells() throws IOException {
    Log log = fixture.filled(3);
    assertEquals(Optional.of(Instant.ofEpochSecond(1002)), log.timeOf(1));
    assertEquals(log.state().headTime(), log.timeOf(3));
    assertEquals(3, log.appended());
    assertEquals(0, fixture.open().appended());
  }

  @Test
  void recentEntries_areTheLastThatHaveRoom() {
    RecentEntries recent = new RecentEntries(300);
    for (int i = 1; i <= 5; i++) {
      recent.add(Samples.entry(i, Samples.retire(0, i), 0));
      recent.add(Samples.entry(i, Samples.retire(0, i), 0));
    }
    assertEquals(3, recent.range(3, 5).orElseThrow().size());
    assertEquals(Optional.empty(), recent.range(2, 5));
    assertEquals(Optional.empty(), recent.range(4, 6));
    recent.clear();
    assertEquals(Optional.empty(), recent.range(5, 5));
    recent.add(Samples.entry(6, Samples.retire(0, 6), 0));
    recent.add(Samples.entry(7, Samples.retire(0, 7), 0));
    recent.add(Samples.entry(8, Samples.retire(0, 8), 0));
    assertEquals(3, recent.range(6, 8).orElseThrow().size(), "all of the room is there again");
    RecentEntries none = new RecentEntries(1);
    none.add(Samples.entry(1, Samples.retire(0, 1), 0));
    assertEquals(1, none.range(1, 1).orElseThrow().size(), "always one");
  }

  /** What was listed ten seconds ago is listed again before anything is appended to it. */
  @Test
  void appended_longAfterTheListing_isListedAgain() throws IOException {
    fixture.filled(1);
    long[] nanos = {0};
    Pause clock =
        new Pause() {
          @Override
          public long nanoTime() {
            return nanos[0];
          }

          @Override
          public void pause(Duration time) {}
        };
    List<String> asked = new ArrayList<>();
    Store noting =
        new ForwardingStore(fixture.store) {
          @Override
          public Page list(String prefix, String startAfter) throws IOException {
            asked.add("list");
            return super.list(prefix, startAfter);
          }

          @Override
          public void read(String key, long offset, ByteBuffer into) throws IOException {
            asked.add("read");
            super.read(key, offset, into);
          }
        };
    LogPlace place = fixture.place(noting, RememberedHead.NONE);
    LogPlace timed =
        new LogPlace(
            noting,
            place.copies(),
            place.repository(),
            place.seal(),
            place.executor(),
            place.remembered(),
            place.software(),
            place.clock(),
            clock,
            place.notes(),
            place.rules());
    for (long waited : new long[] {9_999_999_999L, 10_000_000_000L}) {
      Log log = Log.open(timed, Log.Start.SLOT_0);
      nanos[0] += waited;
      asked.clear();
      log.append(retiring(waited));
      assertEquals(waited < 10_000_000_000L ? List.of("read") : List.of("list", "read"), asked);
    }
  }

  @Test
  void checkpoint_ofManySlotsSinceOneThatWasBelieved_isWorthFoldingAll() throws IOException {
    fixture.filled(70).checkpoint();
    Log quick = Log.open(fixture.place(), Log.Start.CHECKPOINT);
    for (int i = 0; i < Log.VERIFY_SLOTS - 1; i++) {
      quick.append(retiring(1000 + i));
    }
    quick.checkpoint();
    assertEquals(1, fixture.store.keys("checkpoints/").size());
    quick.append(retiring(9));
    quick.checkpoint();
    assertEquals(2, fixture.store.keys("checkpoints/").size());
    assertThrows(IOException.class, () -> failing().checkpointNow());
  }

  /** A log that is folded and whose store then takes nothing any more. */
  private Log failing() throws IOException {
    Store full =
        new ForwardingStore(fixture.store) {
          @Override
          public dev.varve.store.Stored create(String key, dev.varve.store.Body body)
              throws IOException {
            throw new IOException("No space left");
          }
        };
    return Log.open(fixture.place(full, RememberedHead.NONE), Log.Start.SLOT_0);
  }

  @Test
  void checkpoint_cannotBeStored_isNotedAndStopsNobody() throws IOException {
    fixture.filled(70);
    failing().checkpoint();
    assertTrue(
        fixture.notes.get(0).startsWith("No checkpoint was stored"), fixture.notes::toString);
  }
}
