package dev.varve.internal.log;

import dev.varve.RefusedException;
import dev.varve.store.Body;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One record on its way into a log: created in the slot after everything known, if absent; if
 * somebody else has that slot, compared with what came and tried again. Used by one thread, once.
 *
 * <p>Whether it landed is decided by its id, in the slots since the first try.
 */
final class Appending {

  /** How often a slot is tried that the listings do not show, be it there or not. */
  private static final int MAX_UNLISTED = 16;

  private static final int MAX_FAILURES = 4;

  private final Log log;
  private final LogPlace place;
  private final SlotItem item;
  private final Draft draft;
  private final boolean givingUp;
  private RecordId id = RecordId.random();
  private Optional<Stored> created = Optional.empty();

  /**
   * Brings a record into {@code log}.
   *
   * @param givingUp whether it gives up what nobody can read, so that this is not in its way
   */
  Appending(Log log, LogPlace place, SlotItem item, Draft draft, boolean givingUp) {
    this.log = log;
    this.place = place;
    this.item = item;
    this.draft = draft;
    this.givingUp = givingUp;
  }

  /** The record, read back from its slot. */
  LogEntry run() throws IOException {
    LogState now = givingUp ? log.refresh() : log.fresh();
    log.requireWritable(now, givingUp);
    LogRecord record = draft.compute(now);
    Optional<Long> firstTry = Optional.empty();
    Optional<IOException> failure = Optional.empty();
    long tried = 0;
    int tries = 0;
    for (int failures = 0; ; failures += failure.isPresent() ? 1 : 0) {
      if (firstTry.isPresent()) {
        Optional<LogEntry> landed = readBack(record.kind(), tried);
        if (landed.isPresent()) {
          return landed.get();
        }
        now = refreshAfter(record.kind());
        landed = find(record.kind(), firstTry.get(), now.slot());
        if (landed.isPresent()) {
          return landed.get();
        }
        requireListed(record.kind(), now, tried, ++tries);
      }
      if (failure.isPresent() && (isFinal(failure.get()) || failures > MAX_FAILURES)) {
        throw isFinal(failure.get())
            ? failure.get()
            : new AppendUnknownException(record.kind(), id, failure.get());
      }
      log.requireWritable(now, givingUp);
      record = stillValid(record, now);
      if (record.needsVerifiedState() && !log.isVerified()) {
        throw new IllegalStateException(
            "A record of kind " + record.kind() + " needs a state folded from slot 0");
      }
      byte[] predecessor = log.ownBytes(now);
      long slot = now.slot() + 1;
      firstTry = Optional.of(firstTry.orElse(slot));
      tries = slot == tried ? tries : 0;
      tried = slot;
      failure = send(record, now, predecessor);
    }
  }

  /** Sends the record; empty if the store answered yes or no, else why nobody knows. */
  private Optional<IOException> send(LogRecord record, LogState after, byte[] predecessor)
      throws IOException {
    created = Optional.empty();
    long slot = after.slot() + 1;
    Instant time = after.headTime().orElse(Instant.EPOCH);
    byte[] own = item.seal(slot, place.header(id, after.hash(), time), record);
    Body body = Body.of(List.of(ByteBuffer.wrap(own), ByteBuffer.wrap(predecessor)));
    try {
      created = Optional.of(place.store().create(SlotItem.key(slot), body));
      return Optional.empty();
    } catch (FileAlreadyExistsException e) {
      id = place.rules().idOfRetry(id);
      return Optional.empty();
    } catch (IOException e) {
      id = place.rules().idOfRetry(id);
      return Optional.of(e);
    }
  }

  /**
   * A store that refuses a slot as being there and goes on not listing it would keep us for ever.
   */
  private void requireListed(RecordKind kind, LogState now, long tried, int tries)
      throws AppendUnknownException {
    if (now.slot() < tried && tries > MAX_UNLISTED) {
      String unlisted = " cannot be created, but the store does not list it either";
      throw new AppendUnknownException(kind, id, new IOException(SlotItem.key(tried) + unlisted));
    }
  }

  /** The record, if the store has just said that it created it; no listing is needed for that. */
  private Optional<LogEntry> readBack(RecordKind kind, long slot) throws AppendUnknownException {
    if (created.isEmpty() || givingUp) {
      return Optional.empty();
    }
    try {
      log.readBack(slot, created.get());
    } catch (IOException e) {
      throw new AppendUnknownException(kind, id, e);
    }
    return find(kind, slot, Math.min(slot, log.state().slot()));
  }

  /** Folds what was appended after a try; one's own record may be there. */
  private LogState refreshAfter(RecordKind kind) throws AppendUnknownException {
    try {
      return log.refresh();
    } catch (IOException e) {
      throw new AppendUnknownException(kind, id, e);
    }
  }

  private Optional<LogEntry> find(RecordKind kind, long from, long to)
      throws AppendUnknownException {
    try {
      return from > to
          ? Optional.empty()
          : log.entries(from, to).stream().filter(entry -> entry.id().equals(id)).findFirst();
    } catch (IOException e) {
      throw new AppendUnknownException(kind, id, e);
    }
  }

  /** Whether trying again cannot help, and what was sent does not arrive later. */
  private static boolean isFinal(IOException failure) {
    return failure instanceof AccessDeniedException || failure instanceof RefusedException;
  }

  private LogRecord stillValid(LogRecord record, LogState now) throws IOException {
    List<Conflict> conflicts = conflicts(record, now);
    if (conflicts.isEmpty()) {
      return record;
    }
    LogRecord again = draft.again(record, conflicts, now);
    List<Conflict> left = conflicts(again, now);
    if (!left.isEmpty()) {
      throw new LogConflictException(again.kind(), left);
    }
    return again;
  }

  private List<Conflict> conflicts(LogRecord record, LogState now) throws IOException {
    if (record.base() > now.slot()) {
      throw new IllegalArgumentException(
          "A record is based on slot " + record.base() + ", the log ends in " + now.slot());
    }
    return record.base() == now.slot()
        ? List.of()
        : place.rules().conflicts(log.entries(record.base() + 1, now.slot()), record);
  }
}
