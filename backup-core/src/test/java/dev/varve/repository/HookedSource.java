package dev.varve.repository;

import dev.varve.Entry;
import dev.varve.SourceIdentity;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;

/** Does something else when all of a source was read, right before it says that it is done. */
record HookedSource(Source source, Hook hook) implements Source {

  /** Something to be done. */
  @FunctionalInterface
  interface Hook {
    void run() throws IOException;
  }

  @Override
  public SourceIdentity identity() {
    return source.identity();
  }

  @Override
  public SourceRun begin(SourceContext context) throws IOException {
    SourceRun run = source.begin(context);
    return new SourceRun() {
      @Override
      public EntryCursor entries() throws IOException {
        return run.entries();
      }

      @Override
      public Content open(Entry entry) throws IOException {
        return run.open(entry);
      }

      @Override
      public int parallelReads() {
        return run.parallelReads();
      }

      @Override
      public void finish() throws IOException {
        run.finish();
        hook.run();
      }

      @Override
      public void close() throws IOException {
        run.close();
      }
    };
  }
}
