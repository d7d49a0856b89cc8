package dev.varve.internal.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** How a finished temporary file becomes an item. Safe for use by many threads. */
sealed interface Publishing extends Closeable permits LinkPublishing, RenamePublishing {

  /**
   * Gives the temporary file the item's name, or another file with the same content; its directory
   * is not forced yet.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is an item; it is left as it was
   */
  void publish(Path temporary, Path item) throws IOException;

  /** The directory of the item was forced after the item was seen in this state. */
  void forced(Path item, FileState state);

  /** Whether the name of an item that was just seen may still get lost with the power. */
  boolean mayGetLost(Path item, FileState state);

  @Override
  default void close() throws IOException {}
}
