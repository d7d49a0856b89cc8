package dev.varve.internal.archive;

import java.io.IOException;
import java.util.Optional;

/** A snapshot that is to be copied is damaged where it is; others may be whole. */
final class DamagedSnapshotException extends IOException {

  private static final long serialVersionUID = 1;

  DamagedSnapshotException(String message) {
    super(message);
  }

  DamagedSnapshotException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Why, if a failure comes from one. */
  static Optional<String> reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DamagedSnapshotException damaged) {
        return Optional.of(String.valueOf(damaged.getMessage()));
      }
    }
    return Optional.empty();
  }
}
