package dev.varve.repository;

import dev.varve.BackupException;
import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.source.EntryCursor;
import dev.varve.target.Receiver;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * A target whose holes are filled from other repositories that have the same snapshot, or of which
 * it is a copy: those in contents that are delivered, and those that it meets in contents that it
 * opens by itself. Used for one restore; safe for use by the threads that deliver.
 */
final class HoleFilling implements Target {

  private static final String COPY_OF = "varve.original";
  private static final int PIECE_BYTES = 64 << 10;

  private final Target target;
  private final Iterator<? extends Repository> unasked;
  private final List<Repository> asked = new ArrayList<>();
  private final Map<Hole, List<Hole>> left = new ConcurrentHashMap<>();
  private final LongAdder filledBytes = new LongAdder();

  /** Fills from {@code others}, each of which is asked for only when those before it do not do. */
  HoleFilling(Target target, Iterable<? extends Repository> others) {
    this.target = target;
    this.unasked = others.iterator();
  }

  @Override
  public void restore(SnapshotContents contents, TargetContext context) throws IOException {
    target.restore(new Filled(contents), context);
  }

  /** The report without what was filled. */
  RestoreReport of(RestoreReport report) {
    List<Hole> holes = new ArrayList<>();
    for (Hole hole : report.holes()) {
      holes.addAll(left.getOrDefault(hole, List.of(hole)));
    }
    long filled = left.values().stream().filter(List::isEmpty).count();
    return new RestoreReport(
        report.entries(),
        report.bytes() + filledBytes.sum(),
        report.problems(),
        report.problemCount(),
        holes,
        report.holeCount() - filled,
        report.counts());
  }

  /** Hands over what can be had of a hole; what of it is left. */
  private List<Hole> fill(Snapshot snapshot, Entry entry, Hole hole, Receiver receiver)
      throws IOException {
    long from = hole.offset();
    long end = hole.offset() + hole.length();
    for (int number = 0; from < end; number++) {
      Optional<Repository> other = other(number);
      if (other.isEmpty()) {
        return List.of(new Hole(hole.path(), from, end - from, hole.reason()));
      }
      Optional<InputStream> content = content(other.get(), snapshot, entry);
      if (content.isPresent()) {
        try (InputStream in = content.get()) {
          in.skipNBytes(from);
          while (from < end) {
            byte[] piece = in.readNBytes((int) Math.min(PIECE_BYTES, end - from));
            if (piece.length == 0) {
              break;
            }
            receiver.receive(entry, from, ByteBuffer.wrap(piece));
            filledBytes.add(piece.length);
            from += piece.length;
          }
        } catch (ReceiverFailure e) {
          throw e;
        } catch (IOException | BackupException e) {
          // Not there either: the next one may have it.
        }
      }
    }
    return List.of();
  }

  private synchronized Optional<Repository> other(int number) {
    while (asked.size() <= number && unasked.hasNext()) {
      asked.add(unasked.next());
    }
    return number < asked.size() ? Optional.of(asked.get(number)) : Optional.empty();
  }

  /** The same content in another repository. */
  private static Optional<InputStream> content(Repository other, Snapshot snapshot, Entry entry) {
    try {
      for (Snapshot there : other.snapshots().list()) {
        if (origin(there).equals(origin(snapshot))
            && other.find(there, entry.path()).filter(entry::equals).isPresent()) {
          return Optional.of(other.content(there, entry.path()));
        }
      }
    } catch (BackupException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** The next of the others that has an entry's content, after so many that were asked. */
  private Optional<InputStream> elsewhere(SnapshotContents contents, EntryPath path, int[] asked)
      throws IOException {
    Optional<Entry> entry = contents.find(path);
    Optional<InputStream> content = Optional.empty();
    while (entry.isPresent() && content.isEmpty()) {
      Optional<Repository> other = other(asked[0]++);
      if (other.isEmpty()) {
        break;
      }
      content = content(other.get(), contents.snapshot(), entry.get());
    }
    return content;
  }

  private static String origin(Snapshot snapshot) {
    return snapshot.tags().getOrDefault(COPY_OF, snapshot.id().hex());
  }

  /** A failure of the target, not of a repository. */
  private static final class ReceiverFailure extends IOException {
    private static final long serialVersionUID = 1;

    ReceiverFailure(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private final class Filled implements SnapshotContents {
    private final SnapshotContents contents;

    Filled(SnapshotContents contents) {
      this.contents = contents;
    }

    @Override
    public Snapshot snapshot() {
      return contents.snapshot();
    }

    @Override
    public EntryCursor entries() throws IOException {
      return contents.entries();
    }

    @Override
    public boolean isListComplete() {
      return contents.isListComplete();
    }

    @Override
    public Optional<Entry> find(EntryPath path) throws IOException {
      return contents.find(path);
    }

    @Override
    public boolean filtered() {
      return contents.filtered();
    }

    @Override
    public InputStream open(EntryPath path) throws IOException {
      int[] asked = {0};
      return new FilledContent(
          contents.open(path), () -> elsewhere(contents, path, asked), left::put, filledBytes::add);
    }

    @Override
    public void deliver(Predicate<Entry> wanted, Receiver receiver) throws IOException {
      contents.deliver(wanted, new FilledReceiver(snapshot(), receiver));
    }
  }

  private final class FilledReceiver implements Receiver {
    private final Snapshot snapshot;
    private final Receiver receiver;

    FilledReceiver(Snapshot snapshot, Receiver receiver) {
      this.snapshot = snapshot;
      this.receiver = receiver;
    }

    @Override
    public void receive(Entry entry, long offset, ByteBuffer piece) throws IOException {
      try {
        receiver.receive(entry, offset, piece);
      } catch (IOException e) {
        throw new ReceiverFailure(e);
      }
    }

    @Override
    public void missing(Entry entry, Hole hole) throws IOException {
      List<Hole> rest = fill(snapshot, entry, hole, this);
      left.put(hole, rest);
      for (Hole each : rest) {
        receiver.missing(entry, each);
      }
    }

    @Override
    public void complete(Entry entry) throws IOException {
      receiver.complete(entry);
    }
  }
}
