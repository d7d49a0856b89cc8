package dev.varve.internal.log;

import dev.varve.SourceIdentity;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.util.List;

/**
 * Registers what a running backup call has stored so far, so that the next one finds it if this one
 * dies; also its sign of life.
 *
 * <p>Written as call (16 bytes), list of identities, list of new packs, list of new runs.
 *
 * @param base the slot it was computed at
 * @param call the backup call
 * @param sources what it backs up
 * @param packs packs it registers
 * @param runs runs it adds
 */
public record Partial(
    long base, CallId call, List<SourceIdentity> sources, List<NewPack> packs, List<NewRun> runs)
    implements LogRecord {

  public Partial {
    sources = List.copyOf(sources);
    packs = List.copyOf(packs);
    runs = List.copyOf(runs);
  }

  @Override
  public RecordKind kind() {
    return RecordKind.PARTIAL;
  }

  @Override
  public Claims claims() {
    return Claims.at(base).usesNew(packs, runs).build();
  }

  @Override
  public void write(Encoder out) {
    call.write(out);
    Parts.list(out, sources, Parts::identity);
    Parts.newPacks(out, packs);
    Parts.newRuns(out, runs);
  }

  static Partial read(long base, Decoder in) throws FormatException {
    return new Partial(
        base,
        CallId.read(in),
        Parts.list(in, 1, Parts::identity),
        Parts.newPacks(in),
        Parts.newRuns(in));
  }
}
