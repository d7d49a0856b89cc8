package dev.varve.source;

import dev.varve.SourceIdentity;
import java.io.IOException;

/**
 * What a backup reads. Immutable: it describes what to read, and may be used for any number of
 * backups, by any thread.
 */
public interface Source {

  /** Whose snapshots these are; the same every night, whatever machine it runs on. */
  SourceIdentity identity();

  /**
   * Begins to read one consistent view.
   *
   * @throws IOException if nothing worth a snapshot can be read; the call commits nothing
   */
  SourceRun begin(SourceContext context) throws IOException;

  /**
   * Whether one backup may begin a second run when the first is over, and finds there what is there
   * now: so for files and databases, not for a stream that is at its end or a command whose work is
   * done. Needed only where a prune deletes what a backup relied on before that commits.
   */
  default boolean rereadable() {
    return false;
  }

  /**
   * Says whether everything is reachable and permitted, by reading as little as possible.
   *
   * @throws IOException that says what is missing and what to do
   */
  default void check(SourceContext context) throws IOException {
    begin(context).close();
  }
}
