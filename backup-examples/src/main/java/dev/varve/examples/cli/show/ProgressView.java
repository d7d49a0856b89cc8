package dev.varve.examples.cli.show;

import dev.varve.Listener;

/** Shows long work while it goes on; closed when the work has ended, before its result is shown. */
public interface ProgressView extends Listener, AutoCloseable {

  @Override
  void close();
}
