package dev.varve.repository;

import dev.varve.SourceIdentity;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;

/** A source that is at its end when it was read. */
record OnceOnly(Source source) implements Source {

  @Override
  public SourceIdentity identity() {
    return source.identity();
  }

  @Override
  public SourceRun begin(SourceContext context) throws IOException {
    return source.begin(context);
  }
}
