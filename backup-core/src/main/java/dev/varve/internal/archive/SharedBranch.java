package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A {@link SharedSource} as one of the backups sees it: a source of its own. For one run. */
final class SharedBranch implements Branch {

  private final SharedSource shared;
  private final int number;

  SharedBranch(SharedSource shared, int number) {
    this.shared = shared;
    this.number = number;
  }

  @Override
  public SourceIdentity identity() {
    return shared.identity();
  }

  @Override
  public SnapshotId snapshotId() {
    return shared.id();
  }

  @Override
  public SourceRun begin(SourceContext own) throws IOException {
    shared.begin(number, own);
    return new Run();
  }

  private final class Run implements SourceRun {

    private boolean finished;

    @Override
    public EntryCursor entries() throws IOException {
      shared.openCursor(number);
      return () -> shared.next(number);
    }

    @Override
    public Content open(Entry entry) throws IOException {
      SharedContent content = shared.open(number, entry);
      return new Content() {
        @Override
        public int read(ByteBuffer into) throws IOException {
          return content.read(number, into);
        }

        @Override
        public Entry finished() throws IOException {
          return content.finished().orElseThrow(() -> new IOException("Not read to its end"));
        }

        @Override
        public void close() throws IOException {
          shared.close(number, content);
        }
      };
    }

    @Override
    public int parallelReads() {
      return 1;
    }

    @Override
    public void finish() throws IOException {
      shared.finish(number);
      finished = true;
    }

    @Override
    public Optional<Origin> origin() {
      return shared.origin();
    }

    /** After everything was read all end it together, since a failure then concerns all. */
    @Override
    public void close() throws IOException {
      if (finished) {
        shared.end(number);
      }
      shared.leave(number);
    }
  }
}
