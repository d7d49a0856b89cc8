package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.util.List;

/**
 * Drops snapshots, relying on those that it keeps in their groups: two at once must not each drop
 * what the other keeps.
 *
 * <p>Written as list of dropped ids, list of kept ids.
 *
 * @param base the slot it was computed at
 * @param dropped the snapshots it drops, live and not pinned at the base
 * @param kept the snapshots it keeps in the same groups, live at the base
 */
public record Forget(long base, List<SnapshotId> dropped, List<SnapshotId> kept)
    implements LogRecord {

  public Forget {
    dropped = List.copyOf(dropped);
    kept = List.copyOf(kept);
  }

  @Override
  public RecordKind kind() {
    return RecordKind.FORGET;
  }

  @Override
  public Claims claims() {
    return Claims.at(base).killsSnapshots(dropped).usesSnapshots(kept).build();
  }

  @Override
  public boolean needsVerifiedState() {
    return true;
  }

  @Override
  public void write(Encoder out) {
    Parts.snapshotIds(out, dropped);
    Parts.snapshotIds(out, kept);
  }

  static Forget read(long base, Decoder in) throws FormatException {
    return new Forget(base, Parts.snapshotIds(in), Parts.snapshotIds(in));
  }
}
