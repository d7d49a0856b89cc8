package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.internal.format.Encoder;
import java.util.Arrays;

/**
 * Writes ascending paths, each as what it adds to the one before. Used by one thread.
 *
 * <p>A path is: varint, how many bytes it has in common with the path before it in the same chunk
 * (the longest common prefix, 0 for the first path); varint, how many bytes follow; these bytes.
 */
final class PathEncoder {

  private byte[] last = new byte[0];

  /** Writes the path whose bytes are {@code path}. */
  void write(Encoder out, byte[] path) {
    int mismatch = Arrays.mismatch(last, path);
    int shared = mismatch < 0 ? path.length : mismatch;
    out.varint(shared).varint(path.length - shared).raw(path, shared, path.length - shared);
    last = path;
  }

  /** Forgets the path before. */
  void clear() {
    last = new byte[0];
  }

  /** Fails unless {@code path} comes after {@code last}. */
  static void requireAscending(EntryPath last, EntryPath path) {
    if (path.compareTo(last) <= 0) {
      throw new IllegalArgumentException(
          "Entries must ascend by path, but '" + path + "' comes after '" + last + "'");
    }
  }
}
