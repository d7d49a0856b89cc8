package dev.varve.internal.index;

/**
 * How much heap the index may take, whatever the size of the repository; beside it, a run takes
 * 0.11 bytes a chunk for finding pages.
 *
 * @param filterBytes for filters; less than 1.9 bytes a chunk costs opened pages, never answers
 * @param pageBytes for opened pages
 * @param heldBytes for short runs as they are stored; the others are files
 */
public record IndexMemory(long filterBytes, long pageBytes, long heldBytes) {

  /**
   * 64 MiB for filters, of which 10 million chunks take 19 MB; 8 MiB for pages; 16 MiB for runs.
   */
  public static final IndexMemory DEFAULT = new IndexMemory(64 << 20, 8 << 20, 16 << 20);
}
