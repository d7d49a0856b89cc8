package dev.varve.internal.index;

import dev.varve.internal.format.FormatException;
import dev.varve.store.Store;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The stored bytes of a run, wherever they are. Safe for use by many threads. */
sealed interface SealedItem {

  /**
   * These {@code count} bytes, a page at most; valid until the thread asks again, and not to be
   * written to.
   *
   * @throws FormatException if this copy cannot give them
   */
  ByteBuffer bytes(long offset, int count) throws IOException;

  /** Bytes in memory. */
  record Held(byte[] item) implements SealedItem {
    @Override
    public ByteBuffer bytes(long offset, int count) {
      return ByteBuffer.wrap(item, (int) offset, count);
    }
  }

  /**
   * A local file, read rather than mapped: mapped pages count as the process's memory, and one that
   * cannot be read, because somebody cut the file short or the disk fails, is an error no caller
   * can catch reliably. Closed when nobody uses it any more.
   */
  record LocalFile(FileChannel file) implements SealedItem {

    /** Allocating one each time would cost a quarter of a microsecond. */
    private static final ThreadLocal<byte[]> BUFFER =
        ThreadLocal.withInitial(() -> new byte[RunLayout.SEALED_PAGE_BYTES]);

    @Override
    public ByteBuffer bytes(long offset, int count) throws FormatException {
      ByteBuffer bytes = ByteBuffer.wrap(BUFFER.get(), 0, count);
      try {
        while (bytes.hasRemaining()) {
          if (file.read(bytes, offset + bytes.position()) < 0) {
            throw new FormatException("its copy on this machine was cut short");
          }
        }
      } catch (FormatException e) {
        throw e;
      } catch (IOException e) {
        throw new FormatException("its copy on this machine cannot be read", e);
      }
      return bytes.flip();
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
        throw new FormatException("it is shorter than it was", e);
      }
      return bytes.flip();
    }
  }
}
