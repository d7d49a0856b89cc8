package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.util.List;

/**
 * Claims that blocks are damaged, or that others were wrong about them. A claim is always valid:
 * others conflict with it, it conflicts with nothing.
 *
 * <p>Written as list of blocks found damaged, list of blocks withdrawn.
 *
 * @param base the slot it was computed at
 * @param found blocks that were unreadable on a second read
 * @param withdrawn blocks claimed damaged that the appender opened, every chunk id recomputed
 */
public record Damage(long base, List<PackBlocks> found, List<PackBlocks> withdrawn)
    implements LogRecord {

  public Damage {
    found = List.copyOf(found);
    withdrawn = List.copyOf(withdrawn);
  }

  @Override
  public RecordKind kind() {
    return RecordKind.DAMAGE;
  }

  @Override
  public Claims claims() {
    Claims.Builder claims = Claims.at(base);
    found.forEach(blocks -> claims.kills(blocks.pack(), Claims.NEVER));
    return claims.build();
  }

  @Override
  public void write(Encoder out) {
    Parts.list(out, found, PackBlocks::write);
    Parts.list(out, withdrawn, PackBlocks::write);
  }

  static Damage read(long base, Decoder in) throws FormatException {
    return new Damage(
        base,
        Parts.list(in, PackBlocks.LEAST_BYTES, PackBlocks::read),
        Parts.list(in, PackBlocks.LEAST_BYTES, PackBlocks::read));
  }
}
