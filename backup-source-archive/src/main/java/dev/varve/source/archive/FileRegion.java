package dev.varve.source.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Reads a file from some place on, others reading it elsewhere meanwhile. Used by one thread. Does
 * not close it.
 */
final class FileRegion extends InputStream {

  private final FileChannel file;
  private long position;

  FileRegion(FileChannel file, long position) {
    this.file = file;
    this.position = position;
  }

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

  @Override
  public long skip(long length) throws IOException {
    long count = Math.max(0, Math.min(length, file.size() - position));
    position += count;
    return count;
  }
}
