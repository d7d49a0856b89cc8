package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Snapshot;
import dev.varve.source.EntryCursor;
import dev.varve.target.Receiver;
import dev.varve.target.SnapshotContents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Predicate;

/** Contents that let something happen at chosen moments of a restore. */
final class HookedContents implements SnapshotContents {

  /** What happens. */
  interface Hook {
    void at(Entry entry) throws IOException;
  }

  private final SnapshotContents contents;
  private final Hook shown;
  private final Hook completing;

  /**
   * @param shown after the target was shown an entry
   * @param completing before the target is told that an entry is complete
   */
  HookedContents(SnapshotContents contents, Hook shown, Hook completing) {
    this.contents = contents;
    this.shown = shown;
    this.completing = completing;
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
  public Optional<Entry> find(EntryPath path) throws IOException {
    return contents.find(path);
  }

  @Override
  public InputStream open(EntryPath path) throws IOException {
    return contents.open(path);
  }

  @Override
  public void deliver(Predicate<Entry> wanted, Receiver receiver) throws IOException {
    contents.deliver(entry -> test(wanted, entry), new HookedReceiver(receiver));
  }

  private boolean test(Predicate<Entry> wanted, Entry entry) {
    boolean answer = wanted.test(entry);
    try {
      shown.at(entry);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
    return answer;
  }

  private final class HookedReceiver implements Receiver {

    private final Receiver receiver;

    HookedReceiver(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public void receive(Entry entry, long offset, ByteBuffer piece) throws IOException {
      receiver.receive(entry, offset, piece);
    }

    @Override
    public void missing(Entry entry, Hole hole) throws IOException {
      receiver.missing(entry, hole);
    }

    @Override
    public void complete(Entry entry) throws IOException {
      completing.at(entry);
      receiver.complete(entry);
    }
  }
}
