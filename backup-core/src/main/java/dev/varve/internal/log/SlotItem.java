package dev.varve.internal.log;

import dev.varve.internal.crypto.Binding;
import dev.varve.internal.crypto.SmallSeal;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.RepositoryId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Lays out the stored item of a slot and reads it. Safe for use by many threads.
 *
 * <p>The item {@code log/<slot as 16 hexadecimal digits>} is its own bytes, then its copy. Own
 * bytes: header (6 bytes, letter L); u32 length of what follows; the record as {@link RecordCodec}
 * writes it, sealed by {@link SmallSeal} under the log's key and {@link Binding} of the item's key
 * at position 0. The copy is the own bytes of the slot before, without its copy; slot 0 has none.
 * The copy is authenticated by the hash in the record's header: that is the SHA-256 of own bytes.
 */
final class SlotItem {

  static final String PREFIX = "log/";

  /** The length of what stands before the sealed record. */
  static final int START_BYTES = ItemKind.HEADER_BYTES + 4;

  /** The longest own bytes. */
  static final int MAX_OWN_BYTES = START_BYTES + LogRecord.MAX_BYTES + SmallSeal.OVERHEAD_BYTES;

  private static final int DIGITS = 16;

  private final RepositoryId repository;
  private final SmallSeal seal;

  SlotItem(RepositoryId repository, SmallSeal seal) {
    this.repository = repository;
    this.seal = seal;
  }

  /** Where a slot rests. */
  static String key(long slot) {
    return PREFIX + HexFormat.of().toHexDigits(slot);
  }

  /** The slot with this key; empty if it is no slot's. */
  static Optional<Long> slotOf(String key) {
    String digits = key.substring(PREFIX.length());
    if (digits.length() != DIGITS || !digits.matches("[0-9a-f]+")) {
      return Optional.empty();
    }
    long slot = HexFormat.fromHexDigitsToLong(digits);
    return slot < 0 || slot > LogEntry.MAX_SLOT ? Optional.empty() : Optional.of(slot);
  }

  /** The own bytes of a slot that holds this record. */
  byte[] seal(long slot, RecordHeader header, LogRecord record) throws FormatException {
    byte[] sealed = seal.seal(RecordCodec.encode(header, record), binding(slot));
    Encoder out = new Encoder(START_BYTES + sealed.length);
    ItemKind.LOG_SLOT.writeHeader(out);
    return out.u32(sealed.length).raw(sealed).toBytes();
  }

  /** What own bytes say. */
  LogEntry open(long slot, byte[] own) throws FormatException {
    ItemKind.LOG_SLOT.readHeader(new Decoder(own));
    byte[] plain = seal.open(Arrays.copyOfRange(own, START_BYTES, own.length), binding(slot));
    RecordCodec.Decoded decoded = RecordCodec.decode(plain);
    return new LogEntry(slot, SlotHash.of(own), own.length, decoded.header(), decoded.record());
  }

  /**
   * How long the own bytes are that begin like this.
   *
   * @param beginning {@value #START_BYTES} bytes or more
   */
  static int ownBytes(byte[] beginning) throws FormatException {
    Decoder in = new Decoder(beginning);
    ItemKind.LOG_SLOT.readHeader(in);
    long sealed = in.u32();
    if (sealed < SmallSeal.OVERHEAD_BYTES || sealed > MAX_OWN_BYTES - START_BYTES) {
      throw new FormatException("A slot's record cannot have " + sealed + " bytes");
    }
    return START_BYTES + (int) sealed;
  }

  private byte[] binding(long slot) {
    return Binding.of(repository, ItemKind.LOG_SLOT, key(slot), Binding.WHOLE);
  }
}
