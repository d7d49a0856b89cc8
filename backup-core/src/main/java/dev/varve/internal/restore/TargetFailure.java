package dev.varve.internal.restore;

import java.io.IOException;

/** A target, not the repository, failed so that the restore cannot go on. */
public final class TargetFailure extends IOException {

  private static final long serialVersionUID = 1;

  TargetFailure(IOException cause) {
    super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
  }
}
