package dev.varve.source;

import dev.varve.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One consistent view of a source while it is read.
 *
 * <p>The engine asks for the cursor once and moves it with one thread; it opens contents from up to
 * {@link #parallelReads()} threads at once, of any entry the cursor has shown, usually soon after,
 * not always in order, and possibly more than once. It calls {@link #finish()} once after
 * everything was read, then {@link #close()}; after a failure only {@code close()}. When cancelled
 * it closes open contents from another thread.
 */
public interface SourceRun extends Closeable {

  /**
   * The entries, strictly ascending by path.
   *
   * @throws IOException if the source cannot be listed; the call commits nothing. Also from the
   *     cursor
   */
  EntryCursor entries() throws IOException;

  /**
   * Opens the content of an entry whose kind has content.
   *
   * @throws java.nio.file.NoSuchFileException if it vanished: it is left out and reported
   * @throws IOException if this entry cannot be read: recorded as a problem, the rest goes on
   * @throws SourceLostException if nothing can be read any more: the call commits nothing
   */
  Content open(Entry entry) throws IOException;

  /**
   * How many contents may be open at once. 1 means more: a content is opened only between two calls
   * of the cursor, for the entry it showed last, and closed before the next.
   */
  default int parallelReads() {
    return Integer.MAX_VALUE;
  }

  /**
   * Everything was read: the last chance to fail, e.g. for an exit code that is not 0.
   *
   * @throws IOException if what was read is not worth a snapshot; the call commits nothing
   */
  default void finish() throws IOException {}

  /**
   * What the entries were when they were a snapshot before, e.g. one that was exported; asked once,
   * after {@link #finish()}.
   */
  default Optional<Origin> origin() {
    return Optional.empty();
  }

  /**
   * What a new snapshot takes over from the one its entries come from.
   *
   * @param time when that began, as claimed
   * @param tags what was attached; where the caller gives a tag of the same name, that counts
   */
  record Origin(Instant time, Map<String, String> tags) {

    /** Copies the tags. */
    public Origin {
      tags = Map.copyOf(tags);
    }
  }

  /** Ends the view and lets go of everything. */
  @Override
  void close() throws IOException;
}
