package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.Marker;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.crypto.StreamSeal;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds blocks in the bytes of a pack by the markers before them, footer or not. Used by one
 * thread. What it finds is a guess until the block is opened.
 */
public final class BlockScan {

  private static final int LEAST_BLOCK_BYTES = Marker.BYTES + StreamSeal.HEADER_BYTES;

  private final Marker marker;

  /** Finds blocks of packs of the repository with these keys. */
  public BlockScan(RepositoryKeys keys) throws IOException {
    this.marker = new Marker(keys);
  }

  /** Where a block may lie. */
  public record Found(int ordinal, int offset, int storedBytes) {}

  /**
   * The blocks whose markers are among the first {@code length} bytes, ascending by offset. Each is
   * taken to reach to the next marker, the last one to the footer, or to the end if there is no
   * telling where that begins.
   */
  public List<Found> find(PackName pack, byte[] bytes, int length) {
    Map<Long, Integer> ordinals = new HashMap<>();
    int most = Math.min(PackFooter.MAX_BLOCKS, length / LEAST_BLOCK_BYTES + 1);
    for (int ordinal = 0; ordinal < most; ordinal++) {
      ordinals.put(ByteBuffer.wrap(marker.of(pack, ordinal)).getLong(), ordinal);
    }
    List<Integer> starts = new ArrayList<>();
    List<Integer> found = new ArrayList<>();
    ByteBuffer all = ByteBuffer.wrap(bytes, 0, length);
    for (int at = 0; at + Marker.BYTES <= length; at++) {
      Integer ordinal = ordinals.get(all.getLong(at));
      if (ordinal != null && isMarker(pack, ordinal, bytes, at)) {
        starts.add(at);
        found.add(ordinal);
      }
    }
    List<Found> blocks = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      int offset = starts.get(i) + Marker.BYTES;
      int end = i + 1 < starts.size() ? starts.get(i + 1) : footerStart(all, length);
      if (end > offset) {
        blocks.add(new Found(found.get(i), offset, end - offset));
      }
    }
    return blocks;
  }

  private boolean isMarker(PackName pack, int ordinal, byte[] bytes, int at) {
    return Arrays.equals(bytes, at, at + Marker.BYTES, marker.of(pack, ordinal), 0, Marker.BYTES);
  }

  private static int footerStart(ByteBuffer all, int length) {
    int sealed = length < PackFooter.TRAILER_BYTES ? -1 : all.getInt(length - 4);
    int start = length - PackFooter.TRAILER_BYTES - sealed;
    try {
      return sealed >= 0 && start > 0 && StreamSeal.plainLength(sealed) <= PackFooter.MAX_BYTES
          ? start
          : length;
    } catch (FormatException e) {
      return length;
    }
  }
}
