package dev.varve.internal.log;

import java.io.IOException;

/** A record was sent, and nobody could find out whether it arrived: it may be committed. */
public final class AppendUnknownException extends IOException {

  private static final long serialVersionUID = 1;

  AppendUnknownException(RecordKind kind, RecordId id, IOException cause) {
    super(
        String.format(
            "A record of kind %s with id %s was sent and may or may not be committed: %s. Look at"
                + " the repository once the store answers again",
            kind, id, cause.getMessage()),
        cause);
  }
}
