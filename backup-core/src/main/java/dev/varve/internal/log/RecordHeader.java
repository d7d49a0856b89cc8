package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.time.Instant;
import java.util.List;

/**
 * What every record begins with. Immutable.
 *
 * <p>Written as id (16 bytes); varint base; predecessor's hash (32 bytes); predecessor's time and
 * claimed time, each signed milliseconds since 1970; software as text; list of required features,
 * each a text.
 *
 * @param id the commit's name
 * @param predecessor the hash of the slot before, {@link SlotHash#NONE} in slot 0
 * @param predecessorTime when the slot before was stored, by the store's clock, as the appender saw
 *     it; the epoch in slot 0
 * @param claimedTime when it was written, by the appender's clock; used for nothing
 * @param software what wrote it
 * @param features what software must know to write after this record
 */
public record RecordHeader(
    RecordId id,
    SlotHash predecessor,
    Instant predecessorTime,
    Instant claimedTime,
    String software,
    List<String> features) {

  public RecordHeader {
    predecessorTime = Parts.millis(predecessorTime);
    claimedTime = Parts.millis(claimedTime);
    features = List.copyOf(features);
  }

  void write(Encoder out, long base) {
    id.write(out);
    out.varint(base);
    predecessor.write(out);
    Parts.instant(out, predecessorTime);
    Parts.instant(out, claimedTime);
    out.text(software);
    Parts.names(out, features);
  }

  /** A header and the base that stands in it. */
  record WithBase(RecordHeader header, long base) {}

  static WithBase read(Decoder in) throws FormatException {
    RecordId id = RecordId.read(in);
    long base = in.varint(LogEntry.MAX_SLOT);
    return new WithBase(
        new RecordHeader(
            id,
            SlotHash.read(in),
            Parts.instant(in),
            Parts.instant(in),
            in.text(Parts.MAX_SOFTWARE_BYTES),
            Parts.names(in)),
        base);
  }
}
