package dev.varve.internal.log;

import static dev.varve.internal.log.LogFixture.retiring;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.SnapshotId;
import dev.varve.internal.crypto.SmallSeal;
import dev.varve.internal.format.RepositoryId;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.ForwardingStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged, lost, moved and rolled back slots: noticed, and read elsewhere where that is possible.
 */
class LogDamageTest {

  private final LogFixture fixture = new LogFixture();

  @Test
  void damagedSlot_isReadFromItsSuccessor_andAppendingGoesOn() throws IOException {
    fixture.filled(4);
    fixture.ruin(2);
    Log log = fixture.open();
    assertEquals(List.of(1L, 2L, 3L, 4L), LogFixture.retired(log));
    log.append(retiring(5));
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L), fixture.retired());
  }

  @Test
  void settingsLost_areReadFromTheirSuccessor() throws IOException {
    fixture.filled(2);
    fixture.store.remove(SlotItem.key(0));
    assertEquals(Samples.SETTINGS, fixture.open().state().settings());
    assertThrows(FileAlreadyExistsException.class, fixture::create);
    assertFalse(fixture.store.keys().contains(SlotItem.key(0)));
  }

  @Test
  void missingSlot_isReadFromItsSuccessor_butNothingIsAppendedUntilItIsBack() throws IOException {
    fixture.filled(4);
    byte[] bytes = fixture.store.bytes(SlotItem.key(2));
    fixture.store.remove(SlotItem.key(2));
    Log log = fixture.open();
    assertEquals(4, log.state().slot());
    for (int i = 0; i < 2; i++) {
      LostSlotException e = assertThrows(LostSlotException.class, () -> log.append(retiring(5)));
      assertTrue(String.valueOf(e.getMessage()).contains(SlotItem.key(2)), e.toString());
    }
    fixture.store.put(SlotItem.key(2), bytes);
    assertEquals(5, log.append(retiring(5)).slot());
  }

  @Test
  void gapThatNobodyKnows_stopsEveryone() throws IOException {
    Log before = fixture.filled(2);
    Log writer = fixture.open();
    for (int i = 3; i <= 5; i++) {
      writer.append(retiring(i));
    }
    fixture.store.remove(SlotItem.key(3));
    fixture.store.remove(SlotItem.key(4));
    assertThrows(LostSlotException.class, fixture::open);
    assertThrows(LostSlotException.class, before::refresh);
    assertThrows(LostSlotException.class, () -> before.append(retiring(6)));
    assertEquals(2, before.state().slot());
  }

  @Test
  void damagedHead_stopsEveryone() throws IOException {
    fixture.filled(3);
    fixture.ruin(3);
    LostSlotException e = assertThrows(LostSlotException.class, fixture::open);
    assertTrue(String.valueOf(e.getMessage()).contains(SlotItem.key(3)), e.toString());
  }

  @Test
  void forgedGap_isRefusedAtOnce() throws IOException {
    fixture.filled(1);
    fixture.store.put("log/000000007ffffff0", new byte[100]);
    assertThrows(LostSlotException.class, fixture::open);
  }

  @Test
  void foreignNames_areIgnored() throws IOException {
    fixture.filled(1);
    fixture.store.put("log/readme.txt", new byte[100]);
    fixture.store.put("log/zzzzzzzzzzzzzzzz", new byte[100]);
    assertEquals(List.of(1L), fixture.retired());
  }

  /**
   * Every bit of a slot in the middle: its own bytes come from the successor, its copy is spare.
   */
  @Test
  void anyBitOfASlotFlipped_changesNothingThatIsRead() throws IOException {
    fixture.filled(3);
    byte[] good = fixture.store.bytes(SlotItem.key(2));
    for (int bit = 0; bit < 8 * good.length; bit++) {
      fixture.store.put(SlotItem.key(2), flipped(good, bit));
      assertEquals(List.of(1L, 2L, 3L), fixture.retired());
    }
  }

  @Test
  void anyBitOfTheHeadFlipped_isNoticed() throws IOException {
    fixture.filled(2);
    byte[] good = fixture.store.bytes(SlotItem.key(2));
    int own = SlotItem.ownBytes(good);
    for (int bit = 0; bit < 8 * good.length; bit++) {
      fixture.store.put(SlotItem.key(2), flipped(good, bit));
      if (bit < 8 * own) {
        assertThrows(IOException.class, fixture::open);
      } else {
        assertEquals(List.of(1L, 2L), fixture.retired());
      }
    }
  }

  @Test
  void truncatedHead_isNoticed_asLongAsItsOwnBytesAreCut() throws IOException {
    fixture.filled(2);
    byte[] good = fixture.store.bytes(SlotItem.key(2));
    int own = SlotItem.ownBytes(good);
    for (int length = 0; length < good.length; length++) {
      fixture.store.put(SlotItem.key(2), Arrays.copyOf(good, length));
      if (length < own) {
        assertThrows(LostSlotException.class, fixture::open);
      } else {
        assertEquals(List.of(1L, 2L), fixture.retired());
      }
    }
  }

  @Test
  void slotInAnotherPlace_orOfAnotherRepository_isNotBelieved() throws IOException {
    fixture.filled(2);
    fixture.store.put(SlotItem.key(3), fixture.store.bytes(SlotItem.key(2)));
    assertThrows(LostSlotException.class, fixture::open);
    SlotItem foreign = new SlotItem(new RepositoryId(1, 2), LogFixture.SEAL);
    SlotItem stolen =
        new SlotItem(
            Samples.REPOSITORY,
            new SmallSeal(
                new byte[] {
                  1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3,
                  4, 5, 6, 7, 8
                }));
    RecordHeader header = new AnyRecords(3, 0).header();
    for (SlotItem item : List.of(foreign, stolen)) {
      fixture.store.put(SlotItem.key(3), item.seal(3, header, Samples.retire(2, 9)));
      assertThrows(LostSlotException.class, fixture::open);
    }
  }

  @Test
  void slotThatDoesNotFollow_isAFork() throws IOException {
    Log log = fixture.filled(2);
    SlotItem item = new SlotItem(Samples.REPOSITORY, LogFixture.SEAL);
    RecordHeader header = new AnyRecords(3, 0).header();
    fixture.store.put(SlotItem.key(3), item.seal(3, header, Samples.retire(2, 9)));
    assertThrows(RollbackException.class, fixture::open);
    assertThrows(RollbackException.class, log::refresh);
  }

  /** A listing that passed a slot before it was there, and then saw its successor. */
  @Test
  void listingThatIsNotOfOneMoment_isTakenAgain() throws IOException {
    fixture.filled(2);
    AtomicReference<Optional<String>> hidden = new AtomicReference<>(Optional.of(SlotItem.key(1)));
    Store store =
        new ListingStore(fixture.store) {
          @Override
          boolean shows(Stored item) {
            boolean hide = hidden.get().filter(item.key()::equals).isPresent();
            if (hide) {
              hidden.set(Optional.empty());
            }
            return !hide;
          }
        };
    Log log = Log.open(fixture.place(store, RememberedHead.NONE), Log.Start.SLOT_0);
    assertEquals(2, log.state().slot());
    Log other = fixture.open();
    other.append(retiring(3));
    other.append(retiring(4));
    hidden.set(Optional.of(SlotItem.key(3)));
    assertEquals(5, log.append(retiring(5)).slot());
  }

  /** Several processes of a machine remember in one file how far any of them has seen the log. */
  @Test
  void anotherProcessGoesOnAfterTheListing_isNoRollback() throws IOException {
    Log other = fixture.filled(3);
    RememberedHead shared =
        new RememberedHead() {
          @Override
          public Optional<Position> load() throws IOException {
            other.append(retiring(4));
            return Optional.of(new Position(other.state().slot(), other.state().hash()));
          }

          @Override
          public void save(Position position) {}

          @Override
          public void accept(Position position) {}
        };
    Log log = Log.open(fixture.place(fixture.store, shared), Log.Start.SLOT_0);
    assertEquals(4, log.state().slot());
  }

  @Test
  void headThatDisappears_isARollback() throws IOException {
    Log log = fixture.filled(3);
    fixture.store.remove(SlotItem.key(3));
    assertThrows(RollbackException.class, log::refresh);
    assertThrows(RollbackException.class, () -> log.append(retiring(4)));
  }

  @Test
  void storeSetBackRightAfterItWasListed_isNoticedByWhoOpensNext() throws IOException {
    fixture.filled(3);
    Log log = fixture.open();
    fixture.store.remove(SlotItem.key(2));
    fixture.store.remove(SlotItem.key(3));

    assertEquals(4, log.append(retiring(4)).slot());

    assertThrows(LostSlotException.class, fixture::open);
  }

  @Test
  void rememberedHead_noticesAShorterLog_andAnotherOne(@TempDir Path directory) throws IOException {
    RememberedFile remembered = new RememberedFile(directory.resolve("head"));
    LogPlace place = fixture.place(fixture.store, remembered);
    Log log = Log.create(place, Samples.SETTINGS);
    log.append(retiring(1));
    log.append(retiring(2));
    assertEquals(2, remembered.load().orElseThrow().slot());

    fixture.store.remove(SlotItem.key(2));
    RollbackException shorter =
        assertThrows(RollbackException.class, () -> Log.open(place, Log.Start.SLOT_0));
    assertTrue(
        String.valueOf(shorter.getMessage()).contains("slot 2 was seen before"),
        shorter.toString());

    fixture.open().append(retiring(7));
    assertThrows(RollbackException.class, () -> Log.open(place, Log.Start.SLOT_0));
    fixture.open().append(retiring(8));
    assertThrows(RollbackException.class, () -> Log.open(place, Log.Start.SLOT_0));

    Files.delete(directory.resolve("head"));
    assertEquals(3, Log.open(place, Log.Start.SLOT_0).state().slot());
    fixture.open().append(retiring(9));
    assertEquals(4, Log.open(place, Log.Start.SLOT_0).state().slot());
    assertEquals(4, remembered.load().orElseThrow().slot());
  }

  @Test
  void rememberedFile_isNotSetBack_andRefusesRubbish(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("head");
    RememberedFile remembered = new RememberedFile(file);
    assertEquals(Optional.empty(), remembered.load());
    remembered.save(new RememberedHead.Position(5, SlotHash.NONE));
    remembered.save(new RememberedHead.Position(4, SlotHash.NONE));
    assertEquals(5, remembered.load().orElseThrow().slot());
    Files.writeString(file, "nonsense");
    assertThrows(IOException.class, remembered::load);
  }

  /** What is given up is passed over by everybody, also by who had read it before. */
  @Test
  void voidedSlot_isPassedOver_alsoByWhoHadReadIt() throws IOException {
    Log knowing = fixture.filled(2);
    knowing.append(Draft.computed(state -> Samples.snapshots(state.slot(), 1)));
    knowing.append(retiring(4));
    new Checkpoints(fixture.store, Samples.REPOSITORY, LogFixture.SEAL, fixture.notes::add)
        .write(knowing.state());
    assertEquals(1, knowing.state().snapshots().size());
    SlotHash hash = SlotHash.of(own(3));
    fixture.ruin(3);
    fixture.ruinCopy(4);
    assertThrows(LostSlotException.class, fixture::open);
    fixture.force(knowing, new VoidSlots(4, List.of(new VoidedSlot(3, hash))));

    LogState fresh = fixture.open().state();
    assertEquals(5, fresh.slot());
    assertEquals(0, fresh.snapshots().size());
    assertEquals(0, knowing.refresh().snapshots().size());
    assertTrue(knowing.state().voided().contains(3L));
    Log fromCheckpoint = Log.open(fixture.place(), Log.Start.CHECKPOINT);
    assertEquals(0, fromCheckpoint.state().snapshots().size());
    assertEquals(6, fromCheckpoint.append(retiring(6)).slot());
    assertEquals(6, knowing.refresh().slot());
  }

  @Test
  void twoVoids_oneAfterTheOther_areBothGoneBy() throws IOException {
    Log knowing = fixture.filled(2);
    knowing.append(Draft.computed(state -> Samples.snapshots(state.slot(), 1)));
    knowing.append(Draft.computed(state -> Samples.snapshots(state.slot(), 2)));
    knowing.append(Draft.computed(state -> Samples.snapshots(state.slot(), 3)));
    SlotHash third = SlotHash.of(own(3));
    SlotHash fourth = SlotHash.of(own(4));
    Log first = fixture.open();
    fixture.force(first, new VoidSlots(5, List.of(new VoidedSlot(3, third))));
    first.refresh();
    fixture.force(first, new VoidSlots(6, List.of(new VoidedSlot(4, fourth))));
    for (Log log : List.of(knowing, first, fixture.open())) {
      assertEquals(List.of(Samples.id(3)), ids(log.refresh()));
    }
  }

  private static List<SnapshotId> ids(LogState state) {
    return state.snapshots().stream().map(LiveSnapshot::id).toList();
  }

  /** An authentic slot of another history, carried where the lost one should be. */
  @Test
  void copyThatItsCarrierDoesNotName_isNotBelieved() throws IOException {
    fixture.filled(3);
    byte[] carrier = own(3);
    SlotItem item = new SlotItem(Samples.REPOSITORY, LogFixture.SEAL);
    byte[] other = item.seal(2, new AnyRecords(3, 0).header(), Samples.retire(1, 99));
    byte[] forged = Arrays.copyOf(carrier, carrier.length + other.length);
    System.arraycopy(other, 0, forged, carrier.length, other.length);
    fixture.store.put(SlotItem.key(3), forged);
    assertEquals(List.of(1L, 2L, 3L), fixture.retired());
    fixture.ruin(2);
    assertThrows(LostSlotException.class, fixture::open);
  }

  @Test
  void voidOfAnotherSlotThanItsSuccessorSaw_isRefused() throws IOException {
    Log knowing = fixture.filled(4);
    fixture.ruin(3);
    fixture.ruinCopy(4);
    fixture.force(knowing, new VoidSlots(4, List.of(new VoidedSlot(3, SlotHash.of(new byte[1])))));
    assertThrows(RollbackException.class, fixture::open);
  }

  private byte[] own(long slot) throws IOException {
    byte[] whole = fixture.store.bytes(SlotItem.key(slot));
    return Arrays.copyOf(whole, SlotItem.ownBytes(whole));
  }

  private static byte[] flipped(byte[] good, int bit) {
    byte[] bad = good.clone();
    bad[bit / 8] ^= (byte) (1 << bit % 8);
    return bad;
  }

  /** Shows only some items in listings. */
  private abstract static class ListingStore extends ForwardingStore {
    ListingStore(Store store) {
      super(store);
    }

    abstract boolean shows(Stored item);

    @Override
    public Page list(String prefix, String startAfter) throws IOException {
      Page page = super.list(prefix, startAfter);
      return new Page(page.items().stream().filter(this::shows).toList(), page.last());
    }
  }
}
