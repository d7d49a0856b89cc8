package dev.varve.internal.format;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the bytes of something long are: at depth 0 the chunks themselves, at depth n chunks of
 * kind {@link ChunkKind#LIST} (or {@link ChunkKind#CATALOG} for fences) that hold the references of
 * depth n-1 one after the other.
 *
 * @param depth how many levels of lists lie above the chunks, from 0 to {@value #MAX_DEPTH}
 * @param refs the topmost references, at most {@value #MAX_REFS}
 */
public record ChunkList(int depth, List<ChunkRef> refs) {

  /** The deepest nesting; far more than any content needs. */
  public static final int MAX_DEPTH = 8;

  /** How many references stand in one place before they are stored as list chunks. */
  public static final int MAX_REFS = 256;

  /** No bytes at all. */
  public static final ChunkList EMPTY = new ChunkList(0, List.of());

  public ChunkList {
    refs = List.copyOf(refs);
  }

  /** Writes depth, count and references. */
  public void write(Encoder out) {
    out.varint(depth).varint(refs.size());
    refs.forEach(ref -> ref.write(out));
  }

  /** Reads what {@link #write} wrote. */
  public static ChunkList read(Decoder in) throws FormatException {
    int depth = (int) in.varint(MAX_DEPTH);
    int count = in.count(MAX_REFS, ChunkRef.LEAST_BYTES);
    List<ChunkRef> refs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      refs.add(ChunkRef.read(in));
    }
    return new ChunkList(depth, refs);
  }

  // By hand, for keys of maps: what the JDK makes of records costs milliseconds at start.
  @Override
  public boolean equals(Object other) {
    return other instanceof ChunkList that && depth == that.depth && refs.equals(that.refs);
  }

  @Override
  public int hashCode() {
    return 31 * refs.hashCode() + depth;
  }
}
