package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A snapshot that is not forgotten. Immutable. Kept encoded: 10^5 of them take some 40 MB.
 *
 * <p>Its time is that of the slot that committed it, once the next slot told it.
 */
public final class LiveSnapshot {

  private static final long UNKNOWN = Long.MIN_VALUE;

  private final long slot;
  private final long timeMillis;
  private final boolean pinned;
  private final byte[] encoded;

  /** A snapshot's id as two numbers: it is what the encoded snapshot begins with. */
  record Key(long high, long low) implements Comparable<Key> {

    static Key of(SnapshotId id) {
      return new Key(
          HexFormat.fromHexDigitsToLong(id.hex(), 0, 16),
          HexFormat.fromHexDigitsToLong(id.hex(), 16, 32));
    }

    @Override
    public int compareTo(Key other) {
      int order = Long.compareUnsigned(high, other.high);
      return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that && high == that.high && low == that.low;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(low);
    }

    SnapshotId id() {
      HexFormat hex = HexFormat.of();
      return new SnapshotId(hex.toHexDigits(high) + hex.toHexDigits(low));
    }
  }

  private LiveSnapshot(long slot, long timeMillis, boolean pinned, byte[] encoded) {
    this.slot = slot;
    this.timeMillis = timeMillis;
    this.pinned = pinned;
    this.encoded = encoded;
  }

  static LiveSnapshot committed(SnapshotRecord snapshot, long slot) {
    return of(snapshot, slot, Optional.empty(), false);
  }

  static LiveSnapshot of(
      SnapshotRecord snapshot, long slot, Optional<Instant> time, boolean pinned) {
    Encoder out = new Encoder(512);
    snapshot.write(out);
    return new LiveSnapshot(
        slot, time.map(Instant::toEpochMilli).orElse(UNKNOWN), pinned, out.toBytes());
  }

  /** The slot that committed it first. */
  public long slot() {
    return slot;
  }

  /** Its time where it is known; see {@link LogState#timeOf} for that of the newest. */
  Optional<Instant> time() {
    return timeMillis == UNKNOWN ? Optional.empty() : Optional.of(Instant.ofEpochMilli(timeMillis));
  }

  /** Whether no forget may drop it. */
  public boolean isPinned() {
    return pinned;
  }

  /** Its name. */
  public SnapshotId id() {
    return key().id();
  }

  Key key() {
    ByteBuffer bytes = ByteBuffer.wrap(encoded);
    return new Key(bytes.getLong(), bytes.getLong());
  }

  /** What was committed, with the tags it has now. */
  public SnapshotRecord record() {
    try {
      return SnapshotRecord.read(new Decoder(encoded));
    } catch (FormatException e) {
      throw new IllegalStateException("What was encoded here cannot be decoded", e);
    }
  }

  LiveSnapshot at(Optional<Instant> time) {
    return new LiveSnapshot(slot, time.map(Instant::toEpochMilli).orElse(UNKNOWN), pinned, encoded);
  }

  LiveSnapshot with(SnapshotRecord snapshot, boolean nowPinned) {
    return of(snapshot, slot, time(), nowPinned);
  }

  /** Varint slot, u8 1 and the time or u8 0, u8 pinned, the snapshot. */
  void write(Encoder out) {
    out.varint(slot).u8(timeMillis == UNKNOWN ? 0 : 1);
    time().ifPresent(known -> Parts.instant(out, known));
    out.u8(pinned ? 1 : 0).raw(encoded);
  }

  static LiveSnapshot read(Decoder in) throws FormatException {
    long slot = in.varint(LogEntry.MAX_SLOT);
    Optional<Instant> time = in.u8() == 0 ? Optional.empty() : Optional.of(Parts.instant(in));
    boolean pinned = in.u8() != 0;
    return of(SnapshotRecord.read(in), slot, time, pinned);
  }
}
