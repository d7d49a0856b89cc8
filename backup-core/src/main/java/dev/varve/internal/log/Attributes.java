package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Changes pins and tags of snapshots: says what changes, not what results, so that two at once both
 * count.
 *
 * <p>Written as list of snapshot ids, u8 pin (0 as it was, 1 pinned, 2 not pinned), tags set, list
 * of names of tags removed.
 *
 * @param base the slot it was computed at
 * @param snapshots the snapshots it changes, live at the base
 * @param pin what becomes of their pins
 * @param set tags they get
 * @param removed names of tags they lose
 */
public record Attributes(
    long base,
    List<SnapshotId> snapshots,
    Pin pin,
    SortedMap<String, String> set,
    List<String> removed)
    implements LogRecord {

  /** What becomes of a pin. */
  public enum Pin {
    /** Stays as it was. */
    KEPT,
    /** No forget drops it. */
    SET,
    /** May be dropped. */
    CLEARED
  }

  /** By their codes in the format. */
  private static final List<Pin> PINS = List.of(Pin.KEPT, Pin.SET, Pin.CLEARED);

  public Attributes {
    snapshots = List.copyOf(snapshots);
    set = Collections.unmodifiableSortedMap(new TreeMap<>(set));
    removed = List.copyOf(removed);
  }

  @Override
  public RecordKind kind() {
    return RecordKind.ATTRIBUTES;
  }

  @Override
  public Claims claims() {
    return Claims.at(base).usesSnapshots(snapshots).build();
  }

  @Override
  public void write(Encoder out) {
    Parts.snapshotIds(out, snapshots);
    out.u8(PINS.indexOf(pin));
    Parts.tags(out, set);
    Parts.names(out, removed);
  }

  static Attributes read(long base, Decoder in) throws FormatException {
    List<SnapshotId> snapshots = Parts.snapshotIds(in);
    int pin = in.u8();
    if (pin >= PINS.size()) {
      throw new FormatException("No change of a pin has the code " + pin);
    }
    return new Attributes(base, snapshots, PINS.get(pin), Parts.tags(in), Parts.names(in));
  }
}
