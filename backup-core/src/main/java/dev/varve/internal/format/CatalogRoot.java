package dev.varve.internal.format;

/**
 * Where a snapshot's catalog is, and how much it holds.
 *
 * @param fences the topmost chunk of the catalog, or none if it is empty
 * @param entries how many entries it holds
 * @param bytes the sum of their sizes
 */
public record CatalogRoot(ChunkList fences, long entries, long bytes) {

  /** A catalog without entries. */
  public static final CatalogRoot EMPTY = new CatalogRoot(ChunkList.EMPTY, 0, 0);

  /** Writes fences, number of entries and bytes. */
  public void write(Encoder out) {
    fences.write(out);
    out.varint(entries).varint(bytes);
  }

  /** Reads what {@link #write} wrote. */
  public static CatalogRoot read(Decoder in) throws FormatException {
    return new CatalogRoot(
        ChunkList.read(in), in.varint(Long.MAX_VALUE), in.varint(Long.MAX_VALUE));
  }
}
