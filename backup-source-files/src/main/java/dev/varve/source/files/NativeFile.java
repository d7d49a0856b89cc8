package dev.varve.source.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file opened by a call of the system, which costs a third of what the JDK's way does and never
 * waits for the writer of a pipe. Used by one thread, except for closing: what is closed while it
 * is read ends when that read returns, so that nobody reads by a number that means another file.
 */
final class NativeFile implements OpenedFile {

  private final SystemCalls calls;
  private final Spot spot;
  private final long descriptor;
  private final Stat before;
  private boolean reading;
  private boolean closed;

  private NativeFile(SystemCalls calls, Spot spot, long descriptor, Stat before) {
    this.calls = calls;
    this.spot = spot;
    this.descriptor = descriptor;
    this.before = before;
  }

  /**
   * Opens whatever is there, links not followed, and looks at what it got; nothing if it can be
   * opened by waiting only, because another process holds a lease on it.
   */
  static Optional<NativeFile> open(SystemCalls calls, Spot spot) throws IOException {
    OptionalLong found = calls.open(spot);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    long descriptor = found.getAsLong();
    boolean opened = false;
    try {
      NativeFile file = new NativeFile(calls, spot, descriptor, calls.stat(descriptor));
      opened = true;
      return Optional.of(file);
    } finally {
      if (!opened) {
        calls.close(descriptor);
      }
    }
  }

  @Override
  public Stat before() {
    return before;
  }

  @Override
  public Stat look() throws IOException {
    return calls.stat(spot);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    begin();
    try {
      return calls.read(descriptor, spot, into);
    } finally {
      end();
    }
  }

  @Override
  public synchronized boolean isOpen() {
    return !closed;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (!reading) {
        calls.close(descriptor);
      }
    }
  }

  private synchronized void begin() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    reading = true;
  }

  private synchronized void end() throws IOException {
    reading = false;
    if (closed) {
      calls.close(descriptor);
      throw new AsynchronousCloseException();
    }
  }
}
