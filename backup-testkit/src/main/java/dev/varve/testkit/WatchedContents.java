package dev.varve.testkit;

import dev.varve.EntryPath;
import dev.varve.source.EntryCursor;
import dev.varve.target.SnapshotContents;
import java.io.IOException;
import java.io.InputStream;

/** Contents whose cursors and streams must be closed. As thread safe as what it wraps. */
final class WatchedContents extends ForwardingContents {

  private final LeakCheck leaks;

  WatchedContents(SnapshotContents contents, LeakCheck leaks) {
    super(contents);
    this.leaks = leaks;
  }

  @Override
  public EntryCursor entries() throws IOException {
    return new WatchedSource.WatchedCursor(super.entries(), leaks);
  }

  @Override
  public InputStream open(EntryPath path) throws IOException {
    return leaks.watch("stream of " + path, super.open(path));
  }
}
