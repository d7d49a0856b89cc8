package dev.varve.internal.format;

/**
 * A chunk and how long its plaintext is.
 *
 * @param id its name
 * @param length its plaintext's length in bytes, from 1 to {@value #MAX_LENGTH}
 */
public record ChunkRef(ChunkId id, int length) {

  /** The longest chunk of any kind, in bytes. */
  public static final int MAX_LENGTH = 16 << 20;

  /** How many bytes a reference takes at least when written. */
  public static final int LEAST_BYTES = ChunkId.BYTES + 1;

  /** Writes id and length. */
  public void write(Encoder out) {
    out.id(id).varint(length);
  }

  /** Reads what {@link #write} wrote. */
  public static ChunkRef read(Decoder in) throws FormatException {
    ChunkId id = in.id();
    int length = (int) in.varint(MAX_LENGTH);
    if (length == 0) {
      throw new FormatException("A chunk cannot be empty");
    }
    return new ChunkRef(id, length);
  }

  // By hand, for keys of maps: what the JDK makes of records costs milliseconds at start.
  @Override
  public boolean equals(Object other) {
    return other instanceof ChunkRef that && id.equals(that.id) && length == that.length;
  }

  @Override
  public int hashCode() {
    return 31 * id.hashCode() + length;
  }
}
