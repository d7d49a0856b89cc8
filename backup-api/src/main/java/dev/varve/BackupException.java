package dev.varve;

/**
 * Everything that a verb of Varve can fail with. The message says what was attempted, on what, and
 * what to do next, and holds no secrets.
 */
public abstract sealed class BackupException extends RuntimeException
    permits CancelledException,
        ConfigurationException,
        ConflictException,
        CorruptRepositoryException,
        LockedException,
        SourceException,
        StoreException,
        TargetException,
        UnlockException {

  private static final long serialVersionUID = 1;

  BackupException(String message) {
    super(message);
  }

  BackupException(String message, Throwable cause) {
    super(message, cause);
  }
}
