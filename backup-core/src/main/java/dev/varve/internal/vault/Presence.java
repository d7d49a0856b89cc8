package dev.varve.internal.vault;

import dev.varve.internal.log.CallId;
import dev.varve.internal.log.LockNote;
import dev.varve.internal.store.Pause;
import dev.varve.internal.task.Cancellation;
import dev.varve.store.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run that others can see by its locks until this is closed. Used by one thread at a time. Never
 * fails: whatever cannot be stored or removed is left as it is.
 */
public final class Presence implements AutoCloseable {

  /** How long a run is silent at most; three times that is still not stale. */
  static final Duration BEAT = LockHolder.STALE_AFTER.dividedBy(4);

  private final Locks locks;
  private final Pause pause;
  private final Map<String, LockNote> stored = new LinkedHashMap<>();
  private LockNote note;
  private long signedAtNanos;
  private boolean closed;

  Presence(Locks locks, LockNote note, Pause pause) {
    this.locks = locks;
    this.pause = pause;
    this.note = note;
    LocalProcess.current().begin(note.run());
    boolean begun = false;
    try {
      sign();
      begun = true;
    } finally {
      if (!begun) {
        LocalProcess.current().end(note.run());
      }
    }
  }

  /** The run's name. */
  public CallId run() {
    return note.run();
  }

  /** When it began by the store's clock, if a lock could be stored. */
  public Optional<Instant> since() {
    return note.since();
  }

  /** What its own lock at this key says, as others read it. */
  Optional<LockNote> noteAt(String key) {
    return Optional.ofNullable(stored.get(key));
  }

  /** To be called now and then: gives a sign of life if it is time for one. */
  public void beat() {
    if (pause.nanoTime() - signedAtNanos >= BEAT.toNanos()) {
      List<String> before = List.copyOf(stored.keySet());
      if (sign()) {
        before.forEach(this::remove);
      }
    }
  }

  /** Says that the run is over: by removing its locks, or where that is not permitted, by one. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    LocalProcess.current().end(note.run());
    Cancellation.unstoppable(this::vanish);
  }

  private void vanish() {
    boolean removed = true;
    for (String key : List.copyOf(stored.keySet())) {
      removed &= remove(key);
    }
    if (!removed) {
      locks.store(note.ended());
    }
  }

  private boolean sign() {
    signedAtNanos = pause.nanoTime();
    Optional<Stored> made = locks.store(note);
    if (made.isPresent()) {
      stored.put(made.get().key(), note);
      Instant time = made.get().time();
      note = time.equals(Instant.MIN) ? note : note.begun(time);
    }
    return made.isPresent();
  }

  private boolean remove(String key) {
    boolean removed = locks.remove(key);
    if (removed) {
      stored.remove(key);
    }
    return removed;
  }
}
