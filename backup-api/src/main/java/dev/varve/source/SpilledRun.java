package dev.varve.source;

import dev.varve.Entry;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Ascending entries in a temporary file that vanishes with this. Used by one thread. */
final class SpilledRun implements Closeable {

  private static final int WRITE_BUFFER_BYTES = 64 * 1024;

  private final FileChannel file;
  private final long entries;

  private SpilledRun(FileChannel file, long entries) {
    this.file = file;
    this.entries = entries;
  }

  /** Writes all that {@code ascending} shows. */
  static SpilledRun write(EntryCursor ascending, Path directory) throws IOException {
    Path name = Files.createTempFile(directory, "varve-sort-", ".tmp");
    FileChannel file =
        FileChannel.open(
            name,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    boolean written = false;
    try {
      DataOutputStream out =
          new DataOutputStream(
              new BufferedOutputStream(Channels.newOutputStream(file), WRITE_BUFFER_BYTES));
      long count = 0;
      for (Optional<Entry> next = ascending.next(); next.isPresent(); next = ascending.next()) {
        EntryRecord.write(next.get(), out);
        count++;
      }
      out.flush();
      written = true;
      return new SpilledRun(file, count);
    } finally {
      if (!written) {
        file.close();
      }
    }
  }

  /** Reads from the beginning with a buffer of this size. */
  EntryCursor read(int bufferBytes) {
    DataInputStream in = new DataInputStream(new BufferedInputStream(new FromStart(), bufferBytes));
    return new EntryCursor() {
      private long left = entries;

      @Override
      public Optional<Entry> next() throws IOException {
        if (left == 0) {
          return Optional.empty();
        }
        left--;
        return Optional.of(EntryRecord.read(in));
      }
    };
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Reads the file at a position of its own. */
  private final class FromStart extends InputStream {

    private long position;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = file.read(ByteBuffer.wrap(into, offset, length), position);
      position += Math.max(count, 0);
      return count;
    }
  }
}
