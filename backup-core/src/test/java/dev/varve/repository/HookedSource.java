package dev.varve.repository;

import dev.varve.SourceIdentity;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import dev.varve.testkit.ForwardingRun;
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
  public boolean rereadable() {
    return source.rereadable();
  }

  @Override
  public SourceRun begin(SourceContext context) throws IOException {
    return new ForwardingRun(source.begin(context)) {
      @Override
      public void finish() throws IOException {
        super.finish();
        hook.run();
      }
    };
  }
}
