package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Brings a forgotten snapshot back. It carries the snapshot whole, so that the folded state need
 * not remember what was forgotten, and relies on packs as {@link Snapshots} does.
 *
 * <p>Written as snapshot, varint slot, u8 1 and the time or u8 0, list of packs drawn on.
 *
 * @param base the slot it was computed at
 * @param snapshot what was forgotten
 * @param committedAt the slot that committed it first
 * @param time that slot's time, if known
 * @param drawn packs retired at the base that its chunks lie in
 */
public record Undelete(
    long base,
    SnapshotRecord snapshot,
    long committedAt,
    Optional<Instant> time,
    List<PackName> drawn)
    implements LogRecord {

  public Undelete {
    time = time.map(Parts::millis);
    drawn = List.copyOf(drawn);
  }

  @Override
  public RecordKind kind() {
    return RecordKind.UNDELETE;
  }

  @Override
  public Claims claims() {
    return Claims.at(base)
        .usesActivePacks()
        .uses(drawn)
        .usesSnapshots(List.of(snapshot.id()))
        .build();
  }

  @Override
  public void write(Encoder out) {
    snapshot.write(out);
    out.varint(committedAt).u8(time.isPresent() ? 1 : 0);
    time.ifPresent(known -> Parts.instant(out, known));
    Parts.packs(out, drawn);
  }

  static Undelete read(long base, Decoder in) throws FormatException {
    SnapshotRecord snapshot = SnapshotRecord.read(in);
    long committedAt = in.varint(LogEntry.MAX_SLOT);
    Optional<Instant> time =
        switch (in.u8()) {
          case 0 -> Optional.empty();
          case 1 -> Optional.of(Parts.instant(in));
          default -> throw new FormatException("A time is neither there nor not there");
        };
    return new Undelete(base, snapshot, committedAt, time, Parts.packs(in));
  }
}
