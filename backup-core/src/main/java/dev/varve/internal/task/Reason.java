package dev.varve.internal.task;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Says why something failed, in words for people. The JDK's failures of file systems often say no
 * more than a path, and leave what happened to the name of their class. Stateless.
 */
public final class Reason {

  private Reason() {}

  /** What failed and why, e.g. {@code /srv/mail may not be accessed}. */
  public static String of(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || message.isEmpty()) {
      return failure.getClass().getSimpleName();
    }
    if (failure instanceof FileSystemException file) {
      return explained(file) ? message : message + " " + word(file);
    }
    boolean telling = message.contains(" ") || failure.getClass() == IOException.class;
    return telling ? message : failure.getClass().getSimpleName() + ": " + message;
  }

  /** Why alone, for a message that names what it is about itself. */
  public static String alone(Throwable failure) {
    if (failure instanceof FileSystemException file) {
      if (file.getReason() != null) {
        return file.getReason();
      }
      if (!explained(file)) {
        return "it " + word(file);
      }
    }
    return of(failure);
  }

  /** A plugin that explains a failure gives its reason, or says all of it and keeps the cause. */
  private static boolean explained(FileSystemException failure) {
    return failure.getReason() != null || failure.getCause() != null;
  }

  private static String word(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return "does not exist";
    }
    if (failure instanceof AccessDeniedException) {
      return "may not be accessed";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "exists already";
    }
    if (failure instanceof NotDirectoryException) {
      return "is not a directory";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "is a directory that is not empty";
    }
    return "failed";
  }
}
