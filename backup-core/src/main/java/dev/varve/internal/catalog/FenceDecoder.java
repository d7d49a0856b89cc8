package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.FormatException;
import java.util.Optional;

/**
 * Reads the fences of one chunk, one after the other, with a look at the next. Used by one thread.
 */
final class FenceDecoder {

  private final Decoder in;
  private final PathDecoder paths = new PathDecoder();
  private final int level;
  private Optional<Fence> following;

  /** Reads what follows the chunk's first byte, which is its level. */
  FenceDecoder(Decoder in, int level) throws FormatException {
    this.in = in;
    this.level = level;
    this.following = read();
  }

  /** The level of this chunk; those its fences speak of are of the level below. */
  int level() {
    return level;
  }

  /** The next fence, which stays the next. */
  Optional<Fence> peek() {
    return following;
  }

  /** The next fence, none at the chunk's end. */
  Optional<Fence> next() throws FormatException {
    Optional<Fence> fence = following;
    following = Optional.empty();
    following = read();
    return fence;
  }

  private Optional<Fence> read() throws FormatException {
    if (in.remaining() == 0) {
      return Optional.empty();
    }
    EntryPath first = paths.read(in);
    return Optional.of(new Fence(first, ChunkRef.read(in)));
  }
}
