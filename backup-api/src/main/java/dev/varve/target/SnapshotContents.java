package dev.varve.target;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Snapshot;
import dev.varve.source.EntryCursor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Predicate;

/** What a snapshot holds, handed to a target. Safe for use by many threads; memory is bounded. */
public interface SnapshotContents {

  /** The snapshot. */
  Snapshot snapshot();

  /**
   * The selected entries, ascending by path. Any number of cursors may be open.
   *
   * @throws IOException if the snapshot cannot be read; also from the cursor
   */
  EntryCursor entries() throws IOException;

  /**
   * Whether no entries are known to be lost, as far as cursors have come: if some are, a target
   * must not take what is not listed for what the snapshot does not have, and delete it.
   */
  default boolean isListComplete() {
    return true;
  }

  /**
   * The entry of this path, selected or not.
   *
   * @throws IOException if the snapshot cannot be read
   */
  Optional<Entry> find(EntryPath path) throws IOException;

  /**
   * Whether a filter takes entries out from between the selected ones: then what a directory lacks
   * here it need not lack in the snapshot, and must not be deleted.
   */
  default boolean filtered() {
    return false;
  }

  /**
   * Opens the content of an entry, selected or not. The stream fails rather than give a byte that
   * was not verified, with a {@link MissingContentException} where a piece has no readable copy;
   * close it. Cheapest in ascending order.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such entry or it has no content
   * @throws IOException if it cannot be read from its beginning
   */
  InputStream open(EntryPath path) throws IOException;

  /**
   * Delivers contents in the order in which they lie in the store, from several threads, each
   * stored range fetched once.
   *
   * <p>The selected entries are shown to {@code wanted} once each, ascending, by one thread, while
   * others already deliver; it answers whether it wants the content, and may prepare for it.
   * Returns when everything wanted was received or found missing.
   *
   * @throws IOException if the snapshot or the store cannot be read; never what the receiver throws
   */
  void deliver(Predicate<Entry> wanted, Receiver receiver) throws IOException;
}
