package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.SourceIdentity;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A source all of whose parts must be closed. As safe for many threads as what it wraps. */
final class WatchedSource implements Source {

  private final Source source;
  private final LeakCheck leaks;

  WatchedSource(Source source, LeakCheck leaks) {
    this.source = source;
    this.leaks = leaks;
  }

  @Override
  public SourceIdentity identity() {
    return source.identity();
  }

  @Override
  public boolean rereadable() {
    return source.rereadable();
  }

  @Override
  public SourceRun begin(SourceContext context) throws IOException {
    return new Run(source.begin(context));
  }

  @Override
  public void check(SourceContext context) throws IOException {
    source.check(context);
  }

  @Override
  public String toString() {
    return source.toString();
  }

  private final class Run implements SourceRun {
    private final SourceRun run;
    private final Object ticket;

    private Run(SourceRun run) {
      this.run = run;
      this.ticket = leaks.opened("run of " + source);
    }

    @Override
    public EntryCursor entries() throws IOException {
      return new WatchedCursor(run.entries(), leaks);
    }

    @Override
    public Content open(Entry entry) throws IOException {
      return new WatchedContent(run.open(entry), leaks, "content of " + entry.path());
    }

    @Override
    public int parallelReads() {
      return run.parallelReads();
    }

    @Override
    public void finish() throws IOException {
      run.finish();
    }

    @Override
    public void close() throws IOException {
      leaks.close(ticket, run);
    }
  }

  private static final class WatchedContent implements Content {
    private final Content content;
    private final LeakCheck leaks;
    private final Object ticket;

    private WatchedContent(Content content, LeakCheck leaks, String what) {
      this.content = content;
      this.leaks = leaks;
      this.ticket = leaks.opened(what);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return content.read(into);
    }

    @Override
    public Entry finished() throws IOException {
      return content.finished();
    }

    @Override
    public void close() throws IOException {
      leaks.close(ticket, content);
    }
  }

  /** A cursor that must be closed. */
  static final class WatchedCursor implements EntryCursor {
    private final EntryCursor cursor;
    private final LeakCheck leaks;
    private final Object ticket;

    WatchedCursor(EntryCursor cursor, LeakCheck leaks) {
      this.cursor = cursor;
      this.leaks = leaks;
      this.ticket = leaks.opened("cursor");
    }

    @Override
    public Optional<Entry> next() throws IOException {
      return cursor.next();
    }

    @Override
    public void close() throws IOException {
      leaks.close(ticket, cursor);
    }
  }
}
