package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import java.util.List;

/**
 * Commits the snapshots of one backup call, all or none.
 *
 * <p>It relies on all packs active at its base without naming them, and by name on what it adds and
 * on the retired packs it draws on.
 *
 * <p>Written as call (16 bytes), list of snapshots, list of packs drawn on, list of new packs, list
 * of new runs.
 *
 * @param base the slot it was computed at
 * @param call the backup call, whose {@link Partial}s end with it
 * @param snapshots one for each source
 * @param drawn packs retired at the base that its chunks lie in all the same
 * @param packs packs it registers beyond those of its partials
 * @param runs runs it adds beyond those of its partials
 */
public record Snapshots(
    long base,
    CallId call,
    List<SnapshotRecord> snapshots,
    List<PackName> drawn,
    List<NewPack> packs,
    List<NewRun> runs)
    implements LogRecord {

  public Snapshots {
    snapshots = List.copyOf(snapshots);
    drawn = List.copyOf(drawn);
    packs = List.copyOf(packs);
    runs = List.copyOf(runs);
  }

  @Override
  public RecordKind kind() {
    return RecordKind.SNAPSHOTS;
  }

  @Override
  public Claims claims() {
    return Claims.at(base).usesActivePacks().uses(drawn).usesNew(packs, runs).build();
  }

  @Override
  public void write(Encoder out) {
    call.write(out);
    Parts.list(out, snapshots, SnapshotRecord::write);
    Parts.packs(out, drawn);
    Parts.newPacks(out, packs);
    Parts.newRuns(out, runs);
  }

  static Snapshots read(long base, Decoder in) throws FormatException {
    return new Snapshots(
        base,
        CallId.read(in),
        Parts.list(in, SnapshotRecord.LEAST_BYTES, SnapshotRecord::read),
        Parts.packs(in),
        Parts.newPacks(in),
        Parts.newRuns(in));
  }
}
