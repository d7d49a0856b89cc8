package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Bytes that one thread writes and another reads, with a bounded number between them. A pipe that
 * was closed, or whose writer failed, never looks as if it had come to its end.
 */
final class Pipe extends OutputStream {

  private final byte[] ring;
  private int start;
  private int count;
  private boolean ended;
  private boolean closed;
  private Optional<IOException> failure = Optional.empty();

  Pipe(int bytes) {
    ring = new byte[bytes];
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /** Writes, waiting for the reader where there is no room. */
  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      awaitRoom();
      if (closed) {
        throw new IOException("Nobody reads this any more");
      }
      int at = (start + count) % ring.length;
      int piece = Math.min(left, Math.min(ring.length - count, ring.length - at));
      System.arraycopy(bytes, from, ring, at, piece);
      count += piece;
      from += piece;
      left -= piece;
      notifyAll();
    }
  }

  /** All was written. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** What was written is not all, and no more will come. */
  synchronized void fail(IOException why) {
    failure = Optional.of(why);
    notifyAll();
  }

  /** Reads at least one byte; -1 at the end. */
  synchronized int read(ByteBuffer into) throws IOException {
    awaitBytes();
    if (closed) {
      throw new IOException("The content was closed while it was read");
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    if (count == 0) {
      return -1;
    }
    int read = 0;
    while (count > 0 && into.hasRemaining()) {
      int piece = Math.min(into.remaining(), Math.min(count, ring.length - start));
      into.put(ring, start, piece);
      start = (start + piece) % ring.length;
      count -= piece;
      read += piece;
    }
    notifyAll();
    return read;
  }

  /** Nobody will read any more. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  private synchronized void awaitRoom() throws IOException {
    try {
      while (count == ring.length && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private synchronized void awaitBytes() throws IOException {
    try {
      while (count == 0 && !ended && !closed && failure.isEmpty()) {
        wait();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("Interrupted while waiting for documents", e);
  }
}
