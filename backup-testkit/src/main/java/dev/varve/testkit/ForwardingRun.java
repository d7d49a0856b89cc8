package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.util.Optional;

/** Leaves everything to another run; for tests that change one thing. As safe as that one is. */
public class ForwardingRun implements SourceRun {

  private final SourceRun run;

  /** Forwards to {@code run}. */
  public ForwardingRun(SourceRun run) {
    this.run = run;
  }

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
  }

  @Override
  public Optional<Origin> origin() {
    return run.origin();
  }

  @Override
  public void close() throws IOException {
    run.close();
  }
}
