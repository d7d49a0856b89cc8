package dev.varve.internal.index;

import dev.varve.internal.format.FormatException;
import dev.varve.store.Store;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.List;

/** The stored bytes of a run, wherever they are. Safe for use by many threads. */
sealed interface SealedItem {

  /** These {@code count} bytes, all on one page or before the first; not to be written to. */
  ByteBuffer bytes(long offset, int count) throws IOException;

  /** Bytes in memory. */
  record Held(byte[] item) implements SealedItem {
    @Override
    public ByteBuffer bytes(long offset, int count) {
      return ByteBuffer.wrap(item, (int) offset, count);
    }
  }

  /**
   * A file in the address space, in mappings of 1 GiB that each begin with a page. There is no way
   * to let go of a mapping but to forget it.
   */
  record Mapped(List<MappedByteBuffer> mappings) implements SealedItem {

    private static final int MAPPING_BITS = 30;

    static Mapped of(FileChannel file, long length) throws IOException {
      List<MappedByteBuffer> mappings = new ArrayList<>();
      for (long start = 0; start < length; ) {
        long end = Math.min(length, pageStart((long) (mappings.size() + 1) << MAPPING_BITS));
        mappings.add(file.map(MapMode.READ_ONLY, start, end - start));
        start = end;
      }
      return new Mapped(mappings);
    }

    @Override
    public ByteBuffer bytes(long offset, int count) throws IOException {
      int mapping = (int) (Math.max(0, offset - pageStart(0)) >>> MAPPING_BITS);
      long start = mapping == 0 ? 0 : pageStart((long) mapping << MAPPING_BITS);
      return mappings.get(mapping).slice((int) (offset - start), count);
    }

    private static long pageStart(long sealedOffset) {
      return RunLayout.storedBytes(0) + sealedOffset;
    }
  }

  /** An item of a store, asked anew each time. */
  record Remote(Store store, String key) implements SealedItem {
    @Override
    public ByteBuffer bytes(long offset, int count) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(count);
      try {
        store.read(key, offset, bytes);
      } catch (EOFException e) {
        throw new FormatException(key + " is shorter than it was", e);
      }
      return bytes.flip();
    }
  }
}
