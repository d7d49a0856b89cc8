package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.RunName;
import java.util.List;

/**
 * Adds runs to the index, after a merge in place of others, after repacking beside them. What it
 * replaces is condemned. Merged runs leave out entries about condemned packs and no others.
 *
 * <p>Written as list of replaced runs, list of new runs, list of new packs.
 *
 * @param base the slot it was computed at
 * @param replaced runs whose entries the new ones hold, live at the base
 * @param runs runs it adds
 * @param packs packs it registers
 */
public record Index(long base, List<RunName> replaced, List<NewRun> runs, List<NewPack> packs)
    implements LogRecord {

  public Index {
    replaced = List.copyOf(replaced);
    runs = List.copyOf(runs);
    packs = List.copyOf(packs);
  }

  @Override
  public RecordKind kind() {
    return RecordKind.INDEX;
  }

  @Override
  public Claims claims() {
    return Claims.at(base).usesRuns(replaced).killsRuns(replaced).usesNew(packs, runs).build();
  }

  @Override
  public boolean needsVerifiedState() {
    return !replaced.isEmpty();
  }

  @Override
  public void write(Encoder out) {
    Parts.runs(out, replaced);
    Parts.newRuns(out, runs);
    Parts.newPacks(out, packs);
  }

  static Index read(long base, Decoder in) throws FormatException {
    return new Index(base, Parts.runs(in), Parts.newRuns(in), Parts.newPacks(in));
  }
}
