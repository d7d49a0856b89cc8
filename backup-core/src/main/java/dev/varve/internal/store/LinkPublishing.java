package dev.varve.internal.store;

import dev.varve.RefusedException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Publishes by a hard link, which fails if the name exists, for all processes and machines that
 * share the file system.
 *
 * <p>The temporary name is removed only after the item's directory was forced: an item with two
 * names may still get lost, one with a single name cannot.
 */
final class LinkPublishing implements Publishing {

  private static final int MOST_REMEMBERED = 10_000;

  /** Items with several names that are durable, by their time; others may link to items too. */
  private final Map<Path, Instant> durable = new ConcurrentHashMap<>();

  @Override
  public void publish(Path temporary, Path item) throws IOException {
    try {
      Files.createLink(item, temporary);
    } catch (UnsupportedOperationException none) {
      throw refusal(item);
    } catch (IOException failed) {
      // NFS can apply a link, lose the answer, and report that it exists when it asks again.
      if (isSame(temporary, item)) {
        return;
      }
      throw explain(failed, temporary, item);
    }
  }

  @Override
  public void forced(Path item, FileState state) {
    if (state.links() > 1) {
      if (durable.size() >= MOST_REMEMBERED) {
        durable.clear();
      }
      durable.put(item, state.time());
    }
  }

  @Override
  public boolean mayGetLost(Path item, FileState state) {
    return state.links() > 1 && !state.time().equals(durable.get(item));
  }

  private static boolean isSame(Path temporary, Path item) throws IOException {
    try {
      return Files.isSameFile(temporary, item);
    } catch (NoSuchFileException notThere) {
      return false;
    }
  }

  private static IOException explain(IOException failed, Path temporary, Path item)
      throws IOException {
    if (failed instanceof FileAlreadyExistsException
        || failed instanceof NoSuchFileException
        || failed instanceof AccessDeniedException
        || DirectoryErrors.isFull(failed)) {
      return failed;
    }
    if (!Files.getFileStore(temporary).equals(Files.getFileStore(Directories.parent(item)))) {
      return new RefusedException(
          item.getParent()
              + " lies on another file system than "
              + temporary.getParent()
              + "; all of a repository's directory must lie on one",
          failed);
    }
    return linksWork(temporary) ? failed : refusal(item);
  }

  private static boolean linksWork(Path temporary) throws IOException {
    Path second = temporary.resolveSibling(temporary.getFileName() + "+link");
    try {
      Files.createLink(second, temporary);
    } catch (IOException | UnsupportedOperationException refused) {
      return false;
    }
    Files.delete(second);
    return true;
  }

  private static RefusedException refusal(Path item) {
    return new RefusedException(
        "The file system of "
            + item.getParent()
            + " has no hard links, without which several processes cannot share a repository"
            + " safely. If never more than one process at a time uses this one, say so with the"
            + " store option exclusive=true; else use another file system");
  }
}
