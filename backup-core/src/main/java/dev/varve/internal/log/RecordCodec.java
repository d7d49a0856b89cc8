package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns records into bytes and back. Stateless.
 *
 * <p>A plain record is its {@link RecordHeader}, then u8 kind, then what the kind's class
 * describes, and nothing after it; at most {@link LogRecord#MAX_BYTES}. Of a kind or with a feature
 * that is not known, only the header is read.
 */
final class RecordCodec {

  /** A header and the record behind it. */
  record Decoded(RecordHeader header, LogRecord record) {}

  private RecordCodec() {}

  /**
   * The plain bytes of a record.
   *
   * @throws FormatException if it is too long
   */
  static byte[] encode(RecordHeader header, LogRecord record) throws FormatException {
    Encoder out = new Encoder(1024);
    header.write(out, record.base());
    out.u8(record.kind().code());
    record.write(out);
    if (out.length() > LogRecord.MAX_BYTES) {
      throw new FormatException(
          String.format(
              "A record of kind %s would take %d bytes; the log takes at most %d: split it, or use"
                  + " fewer tags or sources at once",
              record.kind(), out.length(), LogRecord.MAX_BYTES));
    }
    return out.toBytes();
  }

  static Decoded decode(byte[] plain) throws FormatException {
    if (plain.length > LogRecord.MAX_BYTES) {
      throw new FormatException("A record of " + plain.length + " bytes is longer than allowed");
    }
    Decoder in = new Decoder(plain);
    RecordHeader.WithBase read = RecordHeader.read(in);
    int code = in.u8();
    Optional<RecordKind> kind = RecordKind.find(code);
    Set<String> features = new TreeSet<>(read.header().features());
    features.removeAll(Settings.KNOWN_FEATURES);
    LogRecord record;
    if (kind.isEmpty()) {
      record = new UnknownRecord(read.base(), "a record of kind " + code);
    } else if (!features.isEmpty()) {
      record = new UnknownRecord(read.base(), "a record with the features " + features);
    } else {
      record = body(kind.get(), read.base(), in);
      in.end();
    }
    return new Decoded(read.header(), record);
  }

  private static LogRecord body(RecordKind kind, long base, Decoder in) throws FormatException {
    return switch (kind) {
      case SETTINGS -> Settings.read(in);
      case SNAPSHOTS -> Snapshots.read(base, in);
      case PARTIAL -> Partial.read(base, in);
      case FORGET -> Forget.read(base, in);
      case UNDELETE -> Undelete.read(base, in);
      case ATTRIBUTES -> Attributes.read(base, in);
      case INDEX -> Index.read(base, in);
      case RETIRE -> Retire.read(base, in);
      case CONDEMN -> Condemn.read(base, in);
      case DAMAGE -> Damage.read(base, in);
      case VOID -> VoidSlots.read(base, in);
      case UNKNOWN -> throw new FormatException("No record is of kind 0");
    };
  }
}
