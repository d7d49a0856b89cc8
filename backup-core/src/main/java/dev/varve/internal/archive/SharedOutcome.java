package dev.varve.internal.archive;

import dev.varve.source.SourceLostException;
import java.io.IOException;
import java.util.Optional;

/**
 * What came of something done once for several backups: each of them gets the same.
 *
 * @param result what it gave, if it did
 * @param failure why it failed, if it did
 */
record SharedOutcome<T>(Optional<T> result, Optional<IOException> failure) {

  /** Something to be done once. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /** What comes of {@code work}, now. */
  static <T> SharedOutcome<T> of(Work<T> work) {
    try {
      return new SharedOutcome<>(Optional.of(work.run()), Optional.empty());
    } catch (IOException e) {
      return new SharedOutcome<>(Optional.empty(), Optional.of(e));
    } catch (RuntimeException | Error e) {
      // Thrown to one, it would leave the others waiting.
      return new SharedOutcome<>(
          Optional.empty(), Optional.of(new SourceLostException("A fault of the source: " + e, e)));
    }
  }

  T get() throws IOException {
    if (failure.isPresent()) {
      throw failure.get();
    }
    return result.orElseThrow();
  }
}
