package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Problem;
import dev.varve.target.Receiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Hands contents to a receiver in shuffled pieces from several threads, while entries are still
 * being added by one; used once.
 */
final class Delivery {

  private static final class Piece {
    private final Entry entry;
    private final long offset;
    private final byte[] bytes;
    private final Optional<Hole> hole;

    private Piece(Entry entry, long offset, byte[] bytes, Optional<Hole> hole) {
      this.entry = entry;
      this.offset = offset;
      this.bytes = bytes;
      this.hole = hole;
    }
  }

  private interface Call {
    void make() throws IOException;
  }

  private final Receiver receiver;
  private final Consumer<Problem> problems;
  private final int pieceBytes;
  private final Random random;
  private final List<Piece> pieces = new ArrayList<>();
  private final Map<EntryPath, Integer> left = new HashMap<>();
  private final Set<EntryPath> failed = new HashSet<>();
  private boolean ended;

  Delivery(Receiver receiver, Consumer<Problem> problems, int pieceBytes, long seed) {
    this.receiver = receiver;
    this.problems = problems;
    this.pieceBytes = pieceBytes;
    this.random = new Random(seed);
  }

  /** Delivers this content from now on. */
  void add(Entry entry, byte[] bytes, List<Hole> holes) {
    List<Piece> own = cut(entry, bytes, holes);
    if (own.isEmpty()) {
      hand(entry, () -> receiver.complete(entry));
      return;
    }
    synchronized (this) {
      left.put(entry.path(), own.size());
      pieces.addAll(own);
      notifyAll();
    }
  }

  /** Nothing will be added any more. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Delivers until all is done; run by every thread that is to help. */
  void work() {
    for (Optional<Piece> next = take(); next.isPresent(); next = take()) {
      Piece piece = next.get();
      hand(piece.entry, () -> deliver(piece));
      if (isLast(piece.entry)) {
        hand(piece.entry, () -> receiver.complete(piece.entry));
      }
    }
  }

  private void deliver(Piece piece) throws IOException {
    if (piece.hole.isPresent()) {
      receiver.missing(piece.entry, piece.hole.get());
      return;
    }
    // Overwritten after the call, as the contract allows: whoever keeps it sees rubbish.
    byte[] lent = piece.bytes.clone();
    receiver.receive(piece.entry, piece.offset, ByteBuffer.wrap(lent));
    Arrays.fill(lent, (byte) 0x5a);
  }

  private void hand(Entry entry, Call call) {
    synchronized (this) {
      if (failed.contains(entry.path())) {
        return;
      }
    }
    try {
      call.make();
    } catch (IOException e) {
      synchronized (this) {
        failed.add(entry.path());
      }
      problems.accept(new Problem(Optional.of(entry.path()), String.valueOf(e.getMessage())));
    }
  }

  private synchronized Optional<Piece> take() {
    try {
      while (pieces.isEmpty() && !ended) {
        wait();
      }
    } catch (InterruptedException stopped) {
      return Optional.empty();
    }
    return pieces.isEmpty()
        ? Optional.empty()
        : Optional.of(pieces.remove(random.nextInt(pieces.size())));
  }

  private synchronized boolean isLast(Entry entry) {
    return left.merge(entry.path(), -1, Integer::sum) == 0;
  }

  private List<Piece> cut(Entry entry, byte[] bytes, List<Hole> holes) {
    List<Piece> own = new ArrayList<>();
    long at = 0;
    while (at < bytes.length) {
      long start = at;
      Optional<Hole> hole = holes.stream().filter(h -> h.offset() == start).findFirst();
      long next =
          holes.stream()
              .mapToLong(Hole::offset)
              .filter(offset -> offset > start)
              .reduce(start + pieceBytes, Math::min);
      long end = Math.min(bytes.length, hole.map(h -> start + h.length()).orElse(next));
      own.add(new Piece(entry, at, Arrays.copyOfRange(bytes, (int) at, (int) end), hole));
      at = end;
    }
    return own;
  }
}
