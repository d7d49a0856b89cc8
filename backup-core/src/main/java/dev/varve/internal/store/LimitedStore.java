package dev.varve.internal.store;

import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;

/**
 * Sends and fetches no more bytes a second than are allowed, over all threads. As safe for use by
 * many threads as the store. Counts contents, not what requests and listings need besides.
 *
 * <p>Bodies are slowed down while they are read, except {@linkplain Body#local() here}. What is
 * fetched is asked for in pieces of at most a second's bytes, each after its time has come. Only so
 * many transfers run at once that each is fast enough not to be taken for stuck.
 */
final class LimitedStore implements Store {

  /** So fast each transfer is to be before another one may run beside it. */
  private static final long EACH_BYTES_PER_SECOND = 256 * 1024;

  private static final int MOST_TRANSFERS = 64;
  private static final int SENT_PIECE_BYTES = 16 * 1024;
  private static final int LEAST_FETCHED_BYTES = 256 * 1024;

  private final Store store;
  private final Optional<Lane> sending;
  private final Optional<Lane> fetching;
  private final int fetchedBytes;

  /** Moves bytes in one direction. */
  private static final class Lane {

    final Throttle throttle;
    private final Semaphore turns;

    Lane(long bytesPerSecond, Pause pause) {
      throttle = new Throttle(bytesPerSecond, pause);
      long turns = Math.max(1, Math.min(MOST_TRANSFERS, bytesPerSecond / EACH_BYTES_PER_SECOND));
      this.turns = new Semaphore((int) turns, true);
    }

    <T> T inTurn(Transfer<T> transfer) throws IOException {
      turns.acquireUninterruptibly();
      try {
        return transfer.run();
      } finally {
        turns.release();
      }
    }
  }

  private interface Transfer<T> {
    T run() throws IOException;
  }

  /** Limits a store, which is closed with this. */
  LimitedStore(Store store, TransferLimits limits, Pause pause) {
    this.store = store;
    this.sending = lane(limits.upload(), pause);
    this.fetching = lane(limits.download(), pause);
    this.fetchedBytes =
        (int)
            Math.min(Integer.MAX_VALUE, Math.max(LEAST_FETCHED_BYTES, limits.download().orElse(0)));
  }

  private static Optional<Lane> lane(OptionalLong limit, Pause pause) {
    return limit.isPresent() ? Optional.of(new Lane(limit.getAsLong(), pause)) : Optional.empty();
  }

  @Override
  public Stored create(String key, Body body) throws IOException {
    if (sending.isEmpty()) {
      return store.create(key, body);
    }
    Lane lane = sending.get();
    SlowBody slow = new SlowBody(body, lane.throttle);
    try {
      return lane.inTurn(() -> store.create(key, slow));
    } catch (IOException | RuntimeException e) {
      // What comes out of a stream may be wrapped by whoever reads it.
      slow.requireNotCancelled();
      throw e;
    }
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    if (fetching.isEmpty()) {
      store.read(key, offset, into);
      return;
    }
    Lane lane = fetching.get();
    int start = into.position();
    int limit = into.limit();
    try {
      do {
        into.limit(Math.min(limit, into.position() + Math.min(limit, fetchedBytes)));
        long from = offset + into.position() - start;
        lane.inTurn(
            () -> {
              lane.throttle.pass(into.remaining());
              store.read(key, from, into);
              return key;
            });
      } while (into.position() < limit);
    } finally {
      into.limit(limit);
    }
  }

  @Override
  public Page list(String prefix, String startAfter) throws IOException {
    return store.list(prefix, startAfter);
  }

  @Override
  public void delete(String key) throws IOException {
    store.delete(key);
  }

  @Override
  public Map<String, IOException> deleteAll(Collection<String> keys) {
    return store.deleteAll(keys);
  }

  @Override
  public Optional<Duration> protection() {
    return store.protection();
  }

  @Override
  public void protect(String key) throws IOException {
    store.protect(key);
  }

  @Override
  public void close() throws IOException {
    store.close();
  }

  @Override
  public String toString() {
    return store.toString();
  }

  /** The same bytes, read no faster than they may be sent. */
  private static final class SlowBody implements Body {

    private final Body body;
    private final Throttle throttle;
    private volatile Optional<CancellationException> cancelled = Optional.empty();

    SlowBody(Body body, Throttle throttle) {
      this.body = body;
      this.throttle = throttle;
    }

    void requireNotCancelled() {
      if (cancelled.isPresent()) {
        throw cancelled.get();
      }
    }

    @Override
    public long length() {
      return body.length();
    }

    @Override
    public InputStream open() throws IOException {
      return new FilterInputStream(body.open()) {
        @Override
        public int read() throws IOException {
          pass(1);
          return super.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
          int count = super.read(into, offset, Math.min(length, SENT_PIECE_BYTES));
          if (count > 0) {
            pass(count);
          }
          return count;
        }
      };
    }

    @Override
    public void writeTo(WritableByteChannel out) throws IOException {
      body.writeTo(
          new WritableByteChannel() {
            @Override
            public int write(ByteBuffer piece) throws IOException {
              ByteBuffer some = piece.duplicate();
              some.limit(Math.min(piece.limit(), piece.position() + SENT_PIECE_BYTES));
              pass(some.remaining());
              int count = out.write(some);
              piece.position(some.position());
              return count;
            }

            @Override
            public boolean isOpen() {
              return out.isOpen();
            }

            @Override
            public void close() throws IOException {
              out.close();
            }
          });
    }

    @Override
    public Body local() {
      return body.local();
    }

    @Override
    public boolean isCold() {
      return body.isCold();
    }

    private void pass(int bytes) throws IOException {
      try {
        throttle.pass(bytes);
      } catch (CancellationException e) {
        cancelled = Optional.of(e);
        throw new IOException("Sending was cancelled", e);
      }
    }
  }
}
