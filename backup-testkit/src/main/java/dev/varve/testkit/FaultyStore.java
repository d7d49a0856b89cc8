package dev.varve.testkit;

import dev.varve.RefusedException;
import dev.varve.ThrottledException;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store whose calls go wrong as a {@link FaultPlan} says, and wait at {@link Gate}s. Everything
 * else it leaves to the store it wraps, which it closes with itself. Many items are deleted one by
 * one, each of which can go wrong. Safe for use by many threads.
 */
public final class FaultyStore implements Store {

  private static final Duration THROTTLED_FOR = Duration.ofSeconds(1);

  private record Hold(StoreCall call, String prefix, boolean after, Gate gate) {}

  private final Store store;
  private final FaultPlan plan;
  private final AtomicLong calls = new AtomicLong();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final List<Hold> holds = new CopyOnWriteArrayList<>();
  private volatile boolean dead;

  /** Wraps a store. */
  public FaultyStore(Store store, FaultPlan plan) {
    this.store = store;
    this.plan = plan;
  }

  /** Makes calls of this kind on keys that begin with {@code prefix} wait before they are done. */
  public Gate holdBefore(StoreCall call, String prefix) {
    Gate gate = new Gate();
    holds.add(new Hold(call, prefix, false, gate));
    return gate;
  }

  /** Makes such calls wait after they were done, before they are answered. */
  public Gate holdAfter(StoreCall call, String prefix) {
    Gate gate = new Gate();
    holds.add(new Hold(call, prefix, true, gate));
    return gate;
  }

  /** What went wrong so far, in order. */
  public List<Fault> faults() {
    return List.copyOf(faults);
  }

  /** How many calls there were. */
  public long calls() {
    return calls.get();
  }

  /** The process dies now: no call does anything any more. */
  public void kill() {
    dead = true;
  }

  @Override
  public Stored create(String key, Body body) throws IOException {
    Optional<FaultKind> fault = arrive(StoreCall.CREATE, key);
    if (fault.isEmpty()) {
      return leave(StoreCall.CREATE, key, store.create(key, body));
    }
    switch (fault.get()) {
      case APPLIED_BUT_REPLY_LOST -> {
        createUnheard(key, body);
        throw replyLost(key);
      }
      case CRASH_AFTER -> {
        createUnheard(key, body);
        throw death();
      }
      case EXISTS -> {
        store.create(key, body);
        throw new FileAlreadyExistsException(key);
      }
      case REPEATED -> {
        Stored first = store.create(key, body);
        try {
          store.create(key, body);
        } catch (FileAlreadyExistsException asItShould) {
          return leave(StoreCall.CREATE, key, first);
        }
        throw new AssertionError("The store created " + key + " twice");
      }
      case SHORT_BODY -> {
        try (InputStream in = body.open()) {
          in.readNBytes((int) Math.min(body.length() / 2, 1 << 20));
        }
        throw new IOException("Connection reset while sending " + key);
      }
      case NO_SPACE ->
          throw new RefusedException(
              "Cannot create " + key + ": no space left; make room",
              new FileSystemException(key, null, "No space left on device"));
      default -> throw failure(fault.get(), key);
    }
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    Optional<FaultKind> fault = arrive(StoreCall.READ, key);
    if (fault.isEmpty()) {
      store.read(key, offset, into);
      leave(StoreCall.READ, key, into);
      return;
    }
    int start = into.position();
    switch (fault.get()) {
      case SHORT_BODY -> {
        ByteBuffer half = into.slice().limit(into.remaining() / 2);
        store.read(key, offset, half);
        into.position(start + half.position());
        throw new EOFException("Connection closed early while reading " + key);
      }
      case SILENT_CORRUPTION -> {
        store.read(key, offset, into);
        if (into.position() > start) {
          int middle = (start + into.position()) / 2;
          into.put(middle, (byte) (into.get(middle) ^ 0x10));
        }
        leave(StoreCall.READ, key, into);
      }
      case REPEATED -> {
        store.read(key, offset, into.duplicate());
        store.read(key, offset, into);
        leave(StoreCall.READ, key, into);
      }
      default -> throw failure(fault.get(), key);
    }
  }

  @Override
  public Page list(String prefix, String startAfter) throws IOException {
    Optional<FaultKind> fault = arrive(StoreCall.LIST, prefix);
    if (fault.isPresent() && fault.get() != FaultKind.REPEATED) {
      throw failure(fault.get(), prefix);
    }
    return leave(StoreCall.LIST, prefix, store.list(prefix, startAfter));
  }

  @Override
  public void delete(String key) throws IOException {
    Optional<FaultKind> fault = arrive(StoreCall.DELETE, key);
    if (fault.isEmpty()) {
      store.delete(key);
      leave(StoreCall.DELETE, key, key);
      return;
    }
    switch (fault.get()) {
      case APPLIED_BUT_REPLY_LOST -> {
        store.delete(key);
        throw replyLost(key);
      }
      case CRASH_AFTER -> {
        store.delete(key);
        throw death();
      }
      case REPEATED -> {
        store.delete(key);
        store.delete(key);
        leave(StoreCall.DELETE, key, key);
      }
      default -> throw failure(fault.get(), key);
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
  }

  @Override
  public String toString() {
    return store.toString();
  }

  private void createUnheard(String key, Body body) throws IOException {
    try {
      store.create(key, body);
    } catch (FileAlreadyExistsException nobodyHears) {
      return;
    }
  }

  private Optional<FaultKind> arrive(StoreCall call, String key) throws IOException {
    pass(call, key, false);
    if (dead) {
      throw death();
    }
    long number = calls.incrementAndGet();
    Optional<FaultKind> fault = plan.fault(number, call, key).filter(kind -> kind.appliesTo(call));
    fault.ifPresent(kind -> faults.add(new Fault(number, call, key, kind)));
    if (fault.equals(Optional.of(FaultKind.CRASH))
        || fault.equals(Optional.of(FaultKind.CRASH_AFTER))) {
      dead = true;
    }
    return fault;
  }

  private <T> T leave(StoreCall call, String key, T answer) throws IOException {
    pass(call, key, true);
    if (dead) {
      throw death();
    }
    return answer;
  }

  private void pass(StoreCall call, String key, boolean after) {
    for (Hold hold : holds) {
      if (hold.call == call && hold.after == after && key.startsWith(hold.prefix)) {
        hold.gate.pass();
      }
    }
  }

  private static IOException failure(FaultKind kind, String key) {
    return switch (kind) {
      case FAIL_BEFORE -> new IOException("Connection refused: " + key);
      case TIMEOUT -> new SocketTimeoutException("Read timed out: " + key);
      case THROTTLED -> new ThrottledException("Slow down: " + key, THROTTLED_FOR);
      case SERVER_ERROR -> new IOException("503 Service Unavailable: " + key);
      case ACCESS_DENIED -> new AccessDeniedException(key, null, "not permitted");
      case CRASH -> death();
      default -> throw new IllegalStateException(kind + " is handled where the call is");
    };
  }

  private static IOException replyLost(String key) {
    return new IOException("Connection reset while waiting for the answer: " + key);
  }

  private static RefusedException death() {
    return new RefusedException("The process is dead");
  }
}
