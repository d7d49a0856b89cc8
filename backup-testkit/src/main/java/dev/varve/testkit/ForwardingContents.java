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

/** Leaves everything to other contents; for tests that change one thing. As safe as those are. */
public class ForwardingContents implements SnapshotContents {

  private final SnapshotContents contents;

  /** Forwards to {@code contents}. */
  public ForwardingContents(SnapshotContents contents) {
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
    return contents.open(path);
  }

  @Override
  public void deliver(Predicate<Entry> wanted, Receiver receiver) throws IOException {
    contents.deliver(wanted, receiver);
  }
}
