package dev.varve.internal.archive;

import java.io.IOException;

/** The repository, not the source, failed while a content was read: the whole run ends. */
final class SinkFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final IOException failure;

  SinkFailure(IOException failure) {
    super(failure);
    this.failure = failure;
  }

  IOException failure() {
    return failure;
  }
}
