package dev.varve.internal.archive;

import java.io.IOException;

/** A source, not the repository, failed so that a snapshot of it would be worth nothing. */
public final class SourceFailure extends IOException {

  private static final long serialVersionUID = 1;

  SourceFailure(IOException cause) {
    super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
  }

  /** Does something with the source. */
  @FunctionalInterface
  interface Call<T> {
    T call() throws IOException;
  }

  /** The result of {@code call}, its failure told from those of the repository. */
  static <T> T of(Call<T> call) throws SourceFailure {
    try {
      return call.call();
    } catch (SourceFailure e) {
      throw e;
    } catch (IOException e) {
      throw new SourceFailure(e);
    }
  }
}
