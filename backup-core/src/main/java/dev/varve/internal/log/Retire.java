package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import java.util.List;

/**
 * Names packs that new snapshots shall not rely on unnamed, registered or not, and packs that they
 * may again. Takes nothing away from anybody.
 *
 * <p>Written as list of retired packs, list of resumed packs.
 *
 * @param base the slot it was computed at
 * @param retired packs not to be reused
 * @param resumed packs to be reused again, not condemned at the base
 */
public record Retire(long base, List<PackName> retired, List<PackName> resumed)
    implements LogRecord {

  public Retire {
    retired = List.copyOf(retired);
    resumed = List.copyOf(resumed);
  }

  @Override
  public RecordKind kind() {
    return RecordKind.RETIRE;
  }

  @Override
  public Claims claims() {
    return Claims.at(base).uses(resumed).build();
  }

  @Override
  public void write(Encoder out) {
    Parts.packs(out, retired);
    Parts.packs(out, resumed);
  }

  static Retire read(long base, Decoder in) throws FormatException {
    return new Retire(base, Parts.packs(in), Parts.packs(in));
  }
}
