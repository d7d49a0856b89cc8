package dev.varve.source.archive;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The record at the end of a zip archive.
 *
 * @param directoryBytes how long its directory is
 * @param comment the archive's comment
 */
record ZipEnd(long directoryBytes, byte[] comment) {

  /** What is read of a directory takes several times its length in memory. */
  private static final long MOST_DIRECTORY_BYTES = 32 << 20;

  private static final int END_BYTES = 22;
  private static final int LOCATOR_BYTES = 20;
  private static final int SIGNATURE = 0x06054b50;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;

  static ZipEnd of(FileChannel file) throws IOException {
    int most = (int) Math.min(file.size(), END_BYTES + 0xffff + LOCATOR_BYTES);
    ByteBuffer tail = read(file, file.size() - most, most);
    for (int at = most - END_BYTES; at >= 0; at--) {
      if (tail.getInt(at) == SIGNATURE
          && at + END_BYTES + (tail.getShort(at + 20) & 0xffff) == most) {
        byte[] comment = new byte[most - at - END_BYTES];
        tail.get(at + END_BYTES, comment);
        long bytes = tail.getInt(at + 12) & 0xffff_ffffL;
        int locator = at - LOCATOR_BYTES;
        if (locator >= 0 && tail.getInt(locator) == LOCATOR_SIGNATURE) {
          bytes = read(file, tail.getLong(locator + 8), 56).getLong(40);
        }
        return new ZipEnd(bytes, comment);
      }
    }
    throw new EOFException("The archive ends in the middle: it is not complete");
  }

  void requireModest() throws IOException {
    if (directoryBytes < 0 || directoryBytes > MOST_DIRECTORY_BYTES) {
      throw new IOException(
          "The archive is refused: its directory has "
              + directoryBytes
              + " bytes, and more than "
              + MOST_DIRECTORY_BYTES
              + " would not fit into memory; unpack it and back up the directory");
    }
  }

  private static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    if (position < 0) {
      throw new IOException("The archive is damaged: its end makes no sense");
    }
    while (bytes.hasRemaining()) {
      if (file.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("The archive ends in the middle: it is not complete");
      }
    }
    return bytes.flip();
  }
}
