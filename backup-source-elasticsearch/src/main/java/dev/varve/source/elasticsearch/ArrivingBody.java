package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.function.BooleanSupplier;

/**
 * The body of an answer, which arrives ahead of its reader up to a bound, beyond which the sender
 * is held up. Read by one thread, closed by any. One that breaks off never looks as if it had
 * ended.
 */
final class ArrivingBody extends InputStream implements BodySubscriber<ArrivingBody> {

  private final int aheadBytes;
  private final Deque<ByteBuffer> arrived = new ArrayDeque<>();
  private Optional<Subscription> subscription = Optional.empty();
  private Optional<IOException> failure = Optional.empty();
  private long held;
  private boolean asked;
  private boolean ended;
  private boolean closed;

  /** At most about {@code aheadBytes} are held. */
  ArrivingBody(int aheadBytes) {
    this.aheadBytes = aheadBytes;
  }

  /**
   * Waits until everything has arrived, or as much as may be held.
   *
   * @param most how many bytes of the end are wanted
   * @return the last bytes that have not been read; empty if not everything has arrived
   */
  synchronized Optional<byte[]> tail(int most) throws IOException {
    await(() -> held >= aheadBytes);
    if (!ended) {
      return Optional.empty();
    }
    byte[] tail = new byte[(int) Math.min(most, held)];
    int left = tail.length;
    for (var buffers = arrived.descendingIterator(); left > 0; ) {
      ByteBuffer buffer = buffers.next();
      int piece = Math.min(left, buffer.remaining());
      left -= piece;
      buffer.get(buffer.limit() - piece, tail, left, piece);
    }
    return Optional.of(tail);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] into, int offset, int length) throws IOException {
    await(() -> !arrived.isEmpty());
    if (closed) {
      throw new IOException("The conversation with the cluster was broken off");
    }
    int read = 0;
    while (read < length && !arrived.isEmpty()) {
      ByteBuffer first = arrived.element();
      int piece = Math.min(length - read, first.remaining());
      first.get(into, offset + read, piece);
      read += piece;
      if (!first.hasRemaining()) {
        arrived.remove();
      }
    }
    held -= read;
    ask();
    if (read == 0 && length > 0) {
      if (failure.isPresent()) {
        throw failure.get();
      }
      return -1;
    }
    return read;
  }

  /** Nobody will read any more; what has not arrived is not waited for. */
  @Override
  public synchronized void close() {
    closed = true;
    arrived.clear();
    if (!ended && failure.isEmpty()) {
      subscription.ifPresent(Subscription::cancel);
    }
    notifyAll();
  }

  @Override
  public CompletionStage<ArrivingBody> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public synchronized void onSubscribe(Subscription given) {
    subscription = Optional.of(given);
    if (closed) {
      given.cancel();
    } else {
      ask();
    }
  }

  @Override
  public synchronized void onNext(List<ByteBuffer> more) {
    asked = false;
    for (ByteBuffer buffer : more) {
      if (buffer.hasRemaining() && !closed) {
        arrived.add(buffer);
        held += buffer.remaining();
      }
    }
    ask();
    notifyAll();
  }

  @Override
  public synchronized void onError(Throwable cause) {
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    failure = Optional.of(new IOException("The cluster's answer breaks off: " + why, cause));
    notifyAll();
  }

  @Override
  public synchronized void onComplete() {
    ended = true;
    notifyAll();
  }

  /** Asks for more where there is room. */
  private void ask() {
    if (!asked && !ended && !closed && held < aheadBytes && subscription.isPresent()) {
      asked = true;
      subscription.get().request(1);
    }
  }

  /** Waits until that holds, or nothing more comes. */
  private void await(BooleanSupplier enough) throws IOException {
    try {
      while (!ended && failure.isEmpty() && !closed && !enough.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for the cluster", e);
    }
  }
}
