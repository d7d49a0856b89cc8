package dev.varve.internal.log;

import static dev.varve.internal.log.Samples.id;
import static dev.varve.internal.log.Samples.pack;
import static dev.varve.internal.log.Samples.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.chunker.ChunkerSizes;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log's small values: names, what messages say of them, and the bounds they are read with. */
class LogValuesTest {

  @Test
  void overlap_saysTheFirstOfEachKindAndHowManyMore() {
    assertEquals("everything", new Overlap(Set.of(), Set.of(), Set.of(), true).toString());
    assertEquals("", Overlap.NONE.toString());
    assertEquals(
        "pack " + pack(1) + " and 2 more, run " + run(4) + ", snapshot " + id(5) + " and 1 more",
        new Overlap(Set.of(pack(2), pack(1), pack(3)), Set.of(run(4)), Set.of(id(6), id(5)), false)
            .toString());
    assertTrue(Overlap.NONE.isEmpty());
    assertFalse(new Overlap(Set.of(), Set.of(run(1)), Set.of(), false).isEmpty());
    assertFalse(new Overlap(Set.of(), Set.of(), Set.of(id(1)), false).isEmpty());
  }

  @Test
  void ids_areTheirHexadecimalDigits_andEqualByThem() {
    CallId call = new CallId(0x0123_4567_89ab_cdefL, 0xfedc_ba98_7654_3210L);
    assertEquals("0123456789abcdeffedcba9876543210", call.hex());
    RecordId record = new RecordId(0x0123_4567_89ab_cdefL, 0xfedc_ba98_7654_3210L);
    assertEquals("0123456789abcdeffedcba9876543210", record.toString());
    for (long[] other : new long[][] {{1, 2}, {2, 1}, {1, 3}, {0, 2}}) {
      boolean same = other[0] == 1 && other[1] == 2;
      assertEquals(same, new CallId(1, 2).equals(new CallId(other[0], other[1])));
      assertEquals(same, new RecordId(1, 2).equals(new RecordId(other[0], other[1])));
    }
    assertEquals(new CallId(1, 2).hashCode(), new CallId(1, 2).hashCode());
    assertNotEquals(CallId.random(), CallId.random());
    assertNotEquals(new CallId(1, 2), (Object) "1");
  }

  /** Tables of ids by hash must not become lists. */
  @Test
  void ids_thatDifferInOneHalf_differInTheirHashes() {
    Set<Integer> calls = new HashSet<>();
    Set<Integer> records = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      calls.add(new CallId(i, 7).hashCode());
      calls.add(new CallId(7, 1000 + i).hashCode());
      records.add(new RecordId(i, 7).hashCode());
      records.add(new RecordId(7, 1000 + i).hashCode());
    }
    assertEquals(40, calls.size());
    assertEquals(40, records.size());
    SlotHash one = SlotHash.of(new byte[] {1});
    SlotHash two = SlotHash.of(new byte[] {2});
    assertNotEquals(one.hashCode(), two.hashCode());
    assertEquals(one.hex(), one.toString());
    assertEquals(64, one.toString().length());
  }

  @Test
  void settings_compressionLevel_isFromMinus100To100() throws FormatException {
    for (int level : new int[] {-100, 0, 100}) {
      Settings settings =
          new Settings(Samples.REPOSITORY, ChunkerSizes.DEFAULT, level, List.of("a", "b"));
      Encoder out = new Encoder(100);
      settings.write(out);
      assertEquals(settings, Settings.read(new Decoder(out.toBytes())));
    }
    for (int level : new int[] {-101, 101}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new Settings(Samples.REPOSITORY, ChunkerSizes.DEFAULT, level, List.of()));
      Encoder out = new Encoder(100);
      Samples.REPOSITORY.write(out);
      ChunkerSizes.DEFAULT.write(out);
      byte[] plain = out.signed(level).varint(0).toBytes();
      assertThrows(FormatException.class, () -> Settings.read(new Decoder(plain)));
    }
    assertEquals(0, Samples.SETTINGS.claims().base());
    assertTrue(new UnknownRecord(4, "x").claims().base() == 4);
  }

  @Test
  void attributes_unknownChangeOfAPin_isRefused() throws FormatException {
    int known = Attributes.Pin.values().length;
    for (int code = 0; code <= known; code++) {
      Encoder out = new Encoder(100);
      Attributes kept =
          new Attributes(1, List.of(id(1)), Attributes.Pin.KEPT, new TreeMap<>(), List.of());
      kept.write(out);
      byte[] plain = out.toBytes();
      // The code stands before two empty lists.
      plain[plain.length - 3] = (byte) code;
      if (code < known) {
        assertEquals(List.of(id(1)), Attributes.read(1, new Decoder(plain)).snapshots());
      } else {
        assertThrows(FormatException.class, () -> Attributes.read(1, new Decoder(plain)));
      }
    }
  }

  @Test
  void claims_ofACondemnation_areItsPacksAndRunsAndKeepers() {
    Condemn condemn =
        new Condemn(3, List.of(new RetiredPack(pack(1), 2)), List.of(run(5)), List.of(pack(9)));
    Claims claims = condemn.claims();
    assertEquals(3, claims.base());
    assertEquals(Map.of(pack(1), 2L), claims.killsPacks());
    assertEquals(Set.of(run(5)), claims.killsRuns());
    assertEquals(Set.of(pack(9)), claims.usesPacks());
  }

  @Test
  void draft_ofARecord_givesUpOnAConflict() {
    Draft draft = Draft.of(Samples.retire(1, 1));
    Conflict conflict = new Conflict(2, RecordKind.CONDEMN, Overlap.NONE, Overlap.NONE);
    LogConflictException e =
        assertThrows(
            LogConflictException.class,
            () -> draft.again(Samples.retire(1, 1), List.of(conflict), LogState.EMPTY));
    assertEquals(List.of(conflict), e.conflicts());
  }

  @Test
  void slotKeys_areReadBack_andNoOthers() {
    for (long slot : new long[] {0, 1, 255, LogEntry.MAX_SLOT}) {
      assertEquals(Optional.of(slot), SlotItem.slotOf(SlotItem.key(slot)));
      assertEquals(Optional.of(slot), Log.slotOf(Log.key(slot)));
    }
    assertEquals(Optional.empty(), SlotItem.slotOf(SlotItem.key(LogEntry.MAX_SLOT + 1)));
    assertEquals(Optional.empty(), Log.slotOf("packs/00/00"));
  }

  /** A record fits exactly, or says that it is to be split. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void record_ofTheLargestSize_isWrittenAndRead_oneByteMoreIsNot(int more) throws FormatException {
    RecordHeader header = new AnyRecords(1, 0).header();
    int used = RecordCodec.encode(header, tagged(3500, 2000)).length;
    Attributes record = tagged(3500, 2000 + LogRecord.MAX_BYTES - used + more);
    if (more == 0) {
      byte[] plain = RecordCodec.encode(header, record);
      assertEquals(LogRecord.MAX_BYTES, plain.length);
      assertEquals(record, RecordCodec.decode(plain).record());
    } else {
      assertThrows(FormatException.class, () -> RecordCodec.encode(header, record));
    }
  }

  private static Attributes tagged(int ids, int bytes) {
    TreeMap<String, String> tags = new TreeMap<>();
    for (int i = 0; i < 10; i++) {
      tags.put("t" + i, "x".repeat(bytes / 10 + (i < bytes % 10 ? 1 : 0)));
    }
    return new Attributes(
        1,
        LongStream.range(0, ids).mapToObj(Samples::id).toList(),
        Attributes.Pin.KEPT,
        tags,
        List.of());
  }

  @Test
  void lock_isReadBackFromItsItem_andFromNoOther() throws FormatException {
    LockItem item = new LockItem(Samples.REPOSITORY, LogFixture.SEAL);
    LockNote begun =
        new LockNote(
            Samples.CALL,
            false,
            "backup",
            List.of(Samples.SOURCE),
            "web-1",
            42,
            Instant.ofEpochMilli(1234),
            "4026531836",
            Optional.empty(),
            "varve test");
    Instant since = Instant.ofEpochMilli(99);
    for (LockNote note :
        List.of(begun, begun.ended(), begun.begun(since), begun.begun(since).begun(Instant.MAX))) {
      String key = LockItem.newKey();
      assertTrue(key.matches("locks/[0-9a-f]{32}"), key);
      byte[] bytes = item.seal(key, note);
      assertEquals(note, item.open(key, bytes));
      assertThrows(FormatException.class, () -> item.open(LockItem.newKey(), bytes));
      byte[] otherLetter = bytes.clone();
      otherLetter[4] ^= 1;
      assertThrows(FormatException.class, () -> item.open(key, otherLetter));
    }
    assertTrue(begun.ended().over());
    assertEquals(Optional.of(since), begun.begun(since).since());
    assertEquals(Optional.of(since), begun.begun(since).begun(since.plusSeconds(9)).since());
  }

  @Test
  void lock_withAnotherStateOrControlCharacters_isRefused() throws FormatException {
    LockNote good =
        new LockNote(
            Samples.CALL,
            true,
            "prune",
            List.of(),
            "h",
            1,
            Instant.EPOCH,
            "p",
            Optional.empty(),
            "s");
    Encoder out = new Encoder(100);
    good.write(out);
    byte[] plain = out.toBytes();
    assertEquals(good, LockNote.read(new Decoder(plain)));
    for (int code : new int[] {0, 3}) {
      byte[] changed = plain.clone();
      changed[16] = (byte) code;
      assertThrows(FormatException.class, () -> LockNote.read(new Decoder(changed)));
    }
    byte[] bell = plain.clone();
    bell[18] = 7;
    assertThrows(FormatException.class, () -> LockNote.read(new Decoder(bell)));
  }
}
