package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.FormatException;
import java.util.Arrays;

/** Reads what {@link PathEncoder} wrote and nothing else: paths ascend strictly. One thread. */
final class PathDecoder {

  private byte[] last = new byte[0];

  /** Reads the next path. */
  EntryPath read(Decoder in) throws FormatException {
    int shared = (int) in.varint(last.length);
    int count = (int) in.varint(EntryPath.MAX_BYTES - shared);
    byte[] rest = in.raw(count);
    if (count == 0 || (shared < last.length && (rest[0] & 0xff) <= (last[shared] & 0xff))) {
      throw new FormatException("Paths of a catalog do not ascend");
    }
    byte[] path = Arrays.copyOf(last, shared + count);
    System.arraycopy(rest, 0, path, shared, count);
    last = path;
    try {
      return EntryPath.ofBytes(path);
    } catch (IllegalArgumentException e) {
      throw new FormatException("A catalog holds a path that cannot be one", e);
    }
  }
}
