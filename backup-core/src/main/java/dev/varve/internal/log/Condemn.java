package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.util.List;
import java.util.Set;

/**
 * Decides for ever that packs and runs may be deleted.
 *
 * <p>Written as list of packs with the slot that retired each, list of runs, list of keepers.
 *
 * @param base the slot it was computed at
 * @param packs packs to be deleted, retired at the base
 * @param runs runs to be deleted, not live at the base
 * @param keepers packs in which the appender opened a copy of each live chunk that the condemned
 *     packs hold
 */
public record Condemn(
    long base, List<RetiredPack> packs, List<RunName> runs, List<PackName> keepers)
    implements LogRecord {

  public Condemn {
    packs = List.copyOf(packs);
    runs = List.copyOf(runs);
    keepers = List.copyOf(keepers);
  }

  /**
   * The same without these packs and runs: what may be appended where others have begun to rely on
   * them and nothing else stands against it.
   */
  public Condemn without(Set<PackName> sparedPacks, Set<RunName> sparedRuns) {
    return new Condemn(
        base,
        packs.stream().filter(pack -> !sparedPacks.contains(pack.name())).toList(),
        runs.stream().filter(run -> !sparedRuns.contains(run)).toList(),
        keepers);
  }

  @Override
  public RecordKind kind() {
    return RecordKind.CONDEMN;
  }

  @Override
  public Claims claims() {
    Claims.Builder claims = Claims.at(base).uses(keepers).killsRuns(runs);
    packs.forEach(pack -> claims.kills(pack.name(), pack.retiredAt()));
    return claims.build();
  }

  @Override
  public boolean needsVerifiedState() {
    return true;
  }

  @Override
  public void write(Encoder out) {
    Parts.list(out, packs, RetiredPack::write);
    Parts.runs(out, runs);
    Parts.packs(out, keepers);
  }

  static Condemn read(long base, Decoder in) throws FormatException {
    return new Condemn(
        base,
        Parts.list(in, RetiredPack.LEAST_BYTES, RetiredPack::read),
        Parts.runs(in),
        Parts.packs(in));
  }
}
