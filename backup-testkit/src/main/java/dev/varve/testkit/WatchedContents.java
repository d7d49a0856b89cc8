package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Snapshot;
import dev.varve.source.EntryCursor;
import dev.varve.target.Receiver;
import dev.varve.target.SnapshotContents;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Predicate;

/** Contents whose cursors and streams must be closed. As thread safe as what it wraps. */
final class WatchedContents implements SnapshotContents {

  private final SnapshotContents contents;
  private final LeakCheck leaks;

  WatchedContents(SnapshotContents contents, LeakCheck leaks) {
    this.contents = contents;
    this.leaks = leaks;
  }

  @Override
  public Snapshot snapshot() {
    return contents.snapshot();
  }

  @Override
  public EntryCursor entries() throws IOException {
    return new WatchedSource.WatchedCursor(contents.entries(), leaks);
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
    return leaks.watch("stream of " + path, contents.open(path));
  }

  @Override
  public void deliver(Predicate<Entry> wanted, Receiver receiver) throws IOException {
    contents.deliver(wanted, receiver);
  }
}
