package dev.varve.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RecordCodecTest {

  @Property
  void decode_givesBackEveryRecord(@ForAll long seed, @ForAll RecordKind kind)
      throws FormatException {
    if (kind != RecordKind.UNKNOWN) {
      AnyRecords any = new AnyRecords(seed, 0);
      RecordHeader header = any.header();
      LogRecord record = any.record(17, kind);
      RecordCodec.Decoded decoded = RecordCodec.decode(RecordCodec.encode(header, record));
      assertEquals(header, decoded.header());
      assertEquals(record, decoded.record());
    }
  }

  @Property(tries = 100)
  void truncated_isRefused(@ForAll long seed) throws FormatException {
    AnyRecords any = new AnyRecords(seed, 0);
    byte[] plain = RecordCodec.encode(any.header(), any.record(17));
    for (int length = 0; length < plain.length; length++) {
      byte[] cut = Arrays.copyOf(plain, length);
      assertThrows(FormatException.class, () -> RecordCodec.decode(cut));
    }
    byte[] longer = Arrays.copyOf(plain, plain.length + 1);
    assertThrows(FormatException.class, () -> RecordCodec.decode(longer));
  }

  /** Whatever the bytes are: a record or a format error, nothing else and soon. */
  @Property
  void hostileBytes_giveARecordOrAFormatError(
      @ForAll long seed, @ForAll @IntRange(max = 2000) int at, @ForAll byte value)
      throws FormatException {
    AnyRecords any = new AnyRecords(seed, 0);
    byte[] plain = RecordCodec.encode(any.header(), any.record(17));
    plain[at % plain.length] ^= value;
    try {
      RecordCodec.Decoded decoded = RecordCodec.decode(plain);
      if (decoded.record().kind() != RecordKind.UNKNOWN) {
        assertEquals(
            decoded, RecordCodec.decode(RecordCodec.encode(decoded.header(), decoded.record())));
      }
    } catch (FormatException refused) {
      assertTrue(String.valueOf(refused.getMessage()).length() > 10);
    }
  }

  @Test
  void unknownKind_isReadAsUnknown() throws FormatException {
    Encoder out = new Encoder(100);
    RecordHeader header = new AnyRecords(1, 0).header();
    header.write(out, 5);
    byte[] plain = out.u8(99).text("from the future").toBytes();
    RecordCodec.Decoded decoded = RecordCodec.decode(plain);
    assertEquals(header, decoded.header());
    assertEquals("a record of kind 99", assertUnknown(decoded).reason());
    assertEquals(5, decoded.record().base());
  }

  @Test
  void unknownFeature_isReadAsUnknown() throws FormatException {
    RecordHeader header = new AnyRecords(1, 0).header();
    RecordHeader demanding =
        new RecordHeader(
            header.id(),
            header.predecessor(),
            header.predecessorTime(),
            header.claimedTime(),
            header.software(),
            List.of("signatures"));
    RecordCodec.Decoded decoded =
        RecordCodec.decode(RecordCodec.encode(demanding, Samples.forget(1, 1)));
    assertEquals("a record with the features [signatures]", assertUnknown(decoded).reason());
  }

  @Test
  void tooLong_isRefusedBeforeItIsSent() {
    List<PackName> packs = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      packs.add(Samples.pack(i));
    }
    Retire record = new Retire(1, packs, List.of());
    FormatException e =
        assertThrows(
            FormatException.class, () -> RecordCodec.encode(new AnyRecords(1, 0).header(), record));
    assertTrue(String.valueOf(e.getMessage()).contains("split it"), e.toString());
  }

  private static UnknownRecord assertUnknown(RecordCodec.Decoded decoded) {
    return assertInstanceOf(UnknownRecord.class, decoded.record());
  }
}
