package dev.varve.source.archive;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a member of a tar archive holds: the stretches stored of it, and zeros for its holes. Used
 * by one thread at a time.
 */
final class TarContent {

  private final TarInput in;
  private final Expansion expansion;
  private final Optional<SparseMap> sparse;
  private final long size;
  private long storedLeft;
  private long padding;
  private int stretch;
  private long at;

  /**
   * A content that begins where {@code in} stands.
   *
   * @param sparse which stretches are stored, if not all of it is
   * @param size how long it is, in bytes, holes included
   * @param storedBytes how much of it is stored
   * @param padding how many bytes follow that are no content
   */
  TarContent(
      TarInput in,
      Expansion expansion,
      Optional<SparseMap> sparse,
      long size,
      long storedBytes,
      long padding) {
    this.in = in;
    this.expansion = expansion;
    this.sparse = sparse;
    this.size = size;
    this.storedLeft = storedBytes;
    this.padding = padding;
  }

  long size() {
    return size;
  }

  /** Some bytes; -1 at the end. */
  int read(byte[] into, int offset, int length) throws IOException {
    if (at == size) {
      return -1;
    }
    long most = Math.min(length, size - at);
    if (sparse.isPresent()) {
      SparseMap map = sparse.get();
      while (stretch < map.count() && map.offset(stretch) + map.length(stretch) <= at) {
        stretch++;
      }
      boolean inHole = stretch == map.count() || at < map.offset(stretch);
      if (inHole) {
        long end = stretch == map.count() ? size : map.offset(stretch);
        int count = (int) Math.min(most, end - at);
        expansion.unpacked(count);
        Arrays.fill(into, offset, offset + count, (byte) 0);
        at += count;
        return count;
      }
      most = Math.min(most, map.offset(stretch) + map.length(stretch) - at);
    }
    int count = in.read(into, offset, (int) Math.min(most, storedLeft));
    if (count < 0) {
      throw TarInput.truncated();
    }
    storedLeft -= count;
    at += count;
    return count;
  }

  /** Passes over what was not read. */
  void skip() throws IOException {
    in.skip(storedLeft + padding);
    storedLeft = 0;
    padding = 0;
  }
}
