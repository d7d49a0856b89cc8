package dev.varve.source.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The error numbers of Linux, as exceptions in the JDK's words. Stateless. */
final class LinuxErrors {

  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ERANGE = 34;
  static final int ENAMETOOLONG = 36;
  static final int ENODATA = 61;
  static final int ENOTSUP = 95;

  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final int EEXIST = 17;
  private static final int ENOTDIR = 20;
  private static final int ENOSPC = 28;
  private static final int EROFS = 30;
  private static final int ELOOP = 40;
  private static final int EDQUOT = 122;

  private LinuxErrors() {}

  /** The result of a call, unless it is a negated error number. */
  static long checked(long result, Spot spot) throws IOException {
    if (result < 0) {
      throw failure((int) -result, spot);
    }
    return result;
  }

  /** An error, as one of what was called upon. */
  static IOException failure(int error, Spot spot) {
    String path = spot.toString();
    return switch (error) {
      case ENOENT, ENOTDIR -> new NoSuchFileException(path);
      case EPERM, EACCES -> new AccessDeniedException(path);
      case EEXIST -> new FileAlreadyExistsException(path);
      default -> new FileSystemException(path, null, reason(error));
    };
  }

  private static String reason(int error) {
    return switch (error) {
      case ENOSPC -> "no space is left";
      case EROFS -> "the file system is read-only";
      case ERANGE -> "it is longer than Linux allows";
      case ENAMETOOLONG -> "the path is too long";
      case ELOOP -> "too many links";
      case ENOTSUP -> "not supported by this file system";
      case EDQUOT -> "the quota is used up";
      default -> "error " + error + " of the system";
    };
  }
}
