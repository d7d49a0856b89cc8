package dev.varve.internal.log;

import dev.varve.internal.crypto.Binding;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.FuzzTarget;
import dev.varve.internal.format.ItemKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fuzzes records, slots and checkpoints. */
public final class LogFuzz {

  private static final int MOST_FORGED = 20;

  private LogFuzz() {}

  /** What takes bytes from strangers here. */
  public static List<FuzzTarget> targets() {
    try {
      List<byte[]> pieces = pieces();
      return List.of(
          new FuzzTarget("record", LogFuzz::record, records()),
          new FuzzTarget("forged-log", LogFuzz::forgedLog, List.of(forged(1), forged(2))),
          new FuzzTarget("slot", LogFuzz::slot, slots()),
          new FuzzTarget(
              "checkpoint-head",
              data -> {
                StateCodec.Reader reader = new StateCodec.Reader();
                reader.piece(data);
                reader.state();
              },
              pieces),
          new FuzzTarget(
              "checkpoint-piece",
              data -> {
                StateCodec.Reader reader = new StateCodec.Reader();
                reader.piece(pieces.get(0));
                reader.piece(data);
                reader.state().snapshots();
              },
              pieces));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void record(byte[] data) throws IOException {
    RecordCodec.Decoded decoded = RecordCodec.decode(data);
    if (decoded.record().kind() != RecordKind.UNKNOWN) {
      byte[] again = RecordCodec.encode(decoded.header(), decoded.record());
      if (!decoded.equals(RecordCodec.decode(again))) {
        throw new IllegalStateException("It is not what it was: " + decoded);
      }
    }
  }

  /** Slots sealed with the real key that follow each other, of records that may say anything. */
  private static void forgedLog(byte[] data) throws IOException {
    LogFixture fixture = new LogFixture();
    fixture.create();
    Decoder in = new Decoder(data);
    for (long slot = 1; slot <= MOST_FORGED && in.remaining() > 0; slot++) {
      long base = in.varint();
      byte[] body = in.bytes(LogRecord.MAX_BYTES / 2);
      byte[] before = fixture.store.bytes(SlotItem.key(slot - 1));
      byte[] predecessor = Arrays.copyOf(before, SlotItem.ownBytes(before));
      Encoder plain = new Encoder(1000);
      header(predecessor).write(plain, base);
      byte[] sealed =
          LogFixture.SEAL.seal(
              plain.raw(body).toBytes(),
              Binding.of(Samples.REPOSITORY, ItemKind.LOG_SLOT, SlotItem.key(slot), Binding.WHOLE));
      Encoder item = new Encoder(2000);
      ItemKind.LOG_SLOT.writeHeader(item);
      item.u32(sealed.length).raw(sealed).raw(predecessor);
      fixture.store.put(SlotItem.key(slot), item.toBytes());
    }
    Log log = fixture.open();
    log.append(LogFixture.retiring(99));
    log.checkpoint();
    log.state().snapshots().forEach(snapshot -> log.state().timeOf(snapshot));
  }

  private static void slot(byte[] data) throws IOException {
    LogFixture fixture = new LogFixture();
    fixture.create();
    fixture.store.put(SlotItem.key(1), data);
    fixture.open();
  }

  private static RecordHeader header(byte[] predecessor) {
    return new RecordHeader(
        RecordId.random(),
        SlotHash.of(predecessor),
        Instant.ofEpochSecond(1),
        Instant.EPOCH,
        "fuzz",
        List.of());
  }

  private static List<byte[]> records() throws FormatException {
    List<byte[]> records = new ArrayList<>();
    for (RecordKind kind : RecordKind.values()) {
      if (kind != RecordKind.UNKNOWN) {
        AnyRecords any = new AnyRecords(kind.code(), 0);
        records.add(RecordCodec.encode(any.header(), any.record(17, kind)));
      }
    }
    return records;
  }

  private static byte[] forged(long seed) {
    AnyRecords any = new AnyRecords(seed, 0);
    Encoder out = new Encoder(2000);
    for (int slot = 1; slot < 8; slot++) {
      LogRecord record = any.record(slot - 1);
      Encoder body = new Encoder(1000).u8(record.kind().code());
      record.write(body);
      out.varint(record.base()).varint(body.length()).raw(body.toBytes());
    }
    return out.toBytes();
  }

  private static List<byte[]> slots() throws IOException {
    LogFixture fixture = new LogFixture();
    fixture.filled(1);
    return List.of(fixture.store.bytes(SlotItem.key(1)));
  }

  /** The pieces of a state that has some of everything, the head first. */
  private static List<byte[]> pieces() throws IOException {
    LogFixture fixture = new LogFixture();
    Log log = fixture.filled(3);
    for (int i = 0; i < 40; i++) {
      AnyRecords any = new AnyRecords(i, 0);
      fixture.force(fixture.open(), any.record(0, RecordKind.PARTIAL));
      fixture.force(fixture.open(), any.record(0, RecordKind.SNAPSHOTS));
      fixture.force(fixture.open(), any.record(0, RecordKind.DAMAGE));
    }
    log.refresh();
    List<byte[]> pieces = new ArrayList<>();
    StateCodec.write(log.state(), pieces::add);
    return pieces;
  }
}
