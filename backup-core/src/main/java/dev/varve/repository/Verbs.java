package dev.varve.repository;

import dev.varve.BackupException;
import dev.varve.CancelledException;
import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.CorruptRepositoryException;
import dev.varve.RefusedException;
import dev.varve.SourceException;
import dev.varve.StoreException;
import dev.varve.TargetException;
import dev.varve.UnlockException;
import dev.varve.internal.archive.ReadOnceException;
import dev.varve.internal.archive.SourceFailure;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.crypto.AbsentKeyException;
import dev.varve.internal.crypto.WrongKeyException;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.NewerFormatException;
import dev.varve.internal.log.AppendUnknownException;
import dev.varve.internal.log.LogConflictException;
import dev.varve.internal.log.LostSlotException;
import dev.varve.internal.log.ReadOnlyLogException;
import dev.varve.internal.log.RollbackException;
import dev.varve.internal.restore.TargetFailure;
import dev.varve.internal.task.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

/** Turns what the rooms throw into what users see. Stateless. */
final class Verbs {

  private Verbs() {}

  /**
   * The result of {@code verb}, its failure told as that of {@code attempt}.
   *
   * @param attempt what is done on what, e.g. {@code Opening /srv/backups}
   */
  static <T> T run(String attempt, Callable<T> verb) {
    try {
      return verb.call();
    } catch (Exception e) {
      throw translated(attempt, e);
    }
  }

  /**
   * As {@link #run}, for what the calling thread does itself: an interrupt closes the files it is
   * at, so that what fails then was cancelled.
   */
  static <T> T runHere(String attempt, Callable<T> verb) {
    return run(
        attempt,
        () -> {
          try {
            return verb.call();
          } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
              throw new CancelledException(attempt + " was cancelled; run it again", e);
            }
            throw e;
          }
        });
  }

  /** What a user is to see of a failure. */
  static RuntimeException translated(String attempt, Exception e) {
    String failed = attempt + " failed: ";
    if (e instanceof BackupException known) {
      return known;
    }
    if (e instanceof CancellationException) {
      return new CancelledException(attempt + " was cancelled; " + outcome(e), e);
    }
    if (e instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
      return translated(attempt, unchecked.getCause());
    }
    if (e instanceof RuntimeException bug) {
      return bug;
    }
    if (e instanceof SourceFailure source) {
      return new SourceException(
          attempt + " failed and nothing was committed: " + Reason.of(causeOf(source)), e);
    }
    if (e instanceof TargetFailure target) {
      return new TargetException(failed + targetReason(causeOf(target)), e);
    }
    if (e instanceof WrongKeyException) {
      return new UnlockException(
          failed + Reason.of(e) + ". Check which passphrase or key file belongs to this repository",
          e);
    }
    if (e instanceof AbsentKeyException) {
      return new UnlockException(
          failed + Reason.of(e) + ". Use a key whose slot hands out more", e);
    }
    if (e instanceof LogConflictException || e instanceof ReadOnceException) {
      return new ConflictException(failed + Reason.of(e), e);
    }
    if (e instanceof LostSlotException || e instanceof RollbackException) {
      return new CorruptRepositoryException(failed + Reason.of(e), e);
    }
    if (e instanceof NewerFormatException || e instanceof ReadOnlyLogException) {
      return new ConfigurationException(failed + Reason.of(e), e);
    }
    if (e instanceof FormatException || e instanceof ChunkMissingException) {
      return new CorruptRepositoryException(
          failed + Reason.of(e) + ". Run a check to see what else is affected", e);
    }
    return new StoreException(failed + Reason.of(e) + advice(e), e);
  }

  /** Whoever was cancelled while committing in vain need not have failed. */
  private static String outcome(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof AppendUnknownException unknown) {
        return String.valueOf(unknown.getMessage());
      }
    }
    return "nothing was committed";
  }

  private static String targetReason(Throwable e) {
    String reason = Reason.of(e);
    return reason.contains("; ")
        ? reason
        : reason + ". Look whether the target has room and may be written, then run it again";
  }

  private static Throwable causeOf(IOException e) {
    return e.getCause() == null ? e : e.getCause();
  }

  /** What to do next, unless whoever failed has said so behind a semicolon. */
  private static String advice(Exception e) {
    if (String.valueOf(e.getMessage()).contains("; ")) {
      return "";
    }
    if (e instanceof RefusedException || e instanceof AccessDeniedException) {
      return ". Check credentials and permissions";
    }
    if (e instanceof NoSuchFileException) {
      return ". Something was deleted from the store; run a check";
    }
    return ". Check that the store is reachable and has room, then run it again";
  }
}
