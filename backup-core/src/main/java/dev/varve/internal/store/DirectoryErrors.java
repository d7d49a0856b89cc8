package dev.varve.internal.store;

import dev.varve.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Says what a failure of the file system means for whoever wants to back up. The JDK has no classes
 * for these cases, only the system's words.
 */
final class DirectoryErrors {

  /** What a new name and its directory may take besides the content. */
  private static final long DIRECTORY_ROOM_BYTES = 64 * 1024;

  private DirectoryErrors() {}

  /** The failure of {@code attempt}, e.g. {@code read config}, on the store at {@code root}. */
  static IOException explain(String attempt, Path root, IOException failed) {
    return explain(attempt, root, failed, 0);
  }

  /** The failure of {@code attempt}, which needs room for {@code bytes}. */
  static IOException explain(String attempt, Path root, IOException failed, long bytes) {
    if (failed instanceof NoSuchFileException
        || failed instanceof FileAlreadyExistsException
        || failed instanceof EOFException
        || failed instanceof RefusedException) {
      return failed;
    }
    String what = "Cannot " + attempt + " in " + root + ": ";
    if (failed instanceof AccessDeniedException || isNotPermitted(failed)) {
      return denied(
          what + "not permitted; give this user the right to read and write there", failed);
    }
    if (isReadOnly(failed)) {
      return denied(
          what + "the file system is mounted read-only; mount it so that it can be written",
          failed);
    }
    if (isFull(failed) || (bytes > 0 && !hasRoom(root, bytes))) {
      return new RefusedException(what + reason(failed) + room(root) + "; make room there", failed);
    }
    return new IOException(what + reason(failed), failed);
  }

  /** Whether there is no room left, on the disk or for this user. */
  static boolean isFull(IOException failed) {
    String reason = reason(failed).toLowerCase(Locale.ROOT);
    return reason.contains("no space left")
        || reason.contains("not enough space")
        || reason.contains("quota exceeded");
  }

  /** What the JDK does not count as denied access: an immutable directory, for instance. */
  private static boolean isNotPermitted(IOException failed) {
    return reason(failed).toLowerCase(Locale.ROOT).contains("operation not permitted");
  }

  private static boolean isReadOnly(IOException failed) {
    return reason(failed).toLowerCase(Locale.ROOT).contains("read-only file system");
  }

  private static AccessDeniedException denied(String message, IOException cause) {
    AccessDeniedException denied = new AccessDeniedException(message);
    denied.initCause(cause);
    return denied;
  }

  private static String reason(IOException failed) {
    if (failed instanceof FileSystemException told && told.getReason() != null) {
      return told.getReason();
    }
    return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
  }

  /** The system's words may be in another language; what is left is the same in all. */
  private static boolean hasRoom(Path root, long bytes) {
    try {
      return Files.getFileStore(root).getUsableSpace() > bytes + DIRECTORY_ROOM_BYTES;
    } catch (IOException unknown) {
      return true;
    }
  }

  private static String room(Path root) {
    try {
      FileStore store = Files.getFileStore(root);
      return String.format(
          " (%d of %d MiB are free)", store.getUsableSpace() >> 20, store.getTotalSpace() >> 20);
    } catch (IOException unknown) {
      return "";
    }
  }
}
