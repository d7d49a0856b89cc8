package dev.varve.internal.archive;

import dev.varve.internal.log.LogConflictException;
import java.io.IOException;

/**
 * Others did away with what a backup relied on, and it cannot read by itself once more what it
 * read.
 */
public final class ReadOnceException extends IOException {

  private static final long serialVersionUID = 1;

  ReadOnceException(LogConflictException overtaken) {
    super(
        "a prune deleted what the backup found stored already, before it could commit ("
            + Backup.why(overtaken)
            + "). Its source gives its bytes only once, so that it was not read again by itself:"
            + " nothing was committed. Run the backup again, with whatever feeds it from its"
            + " beginning; what was stored by then is found",
        overtaken);
  }
}
