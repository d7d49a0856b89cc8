package dev.varve.examples.cli.show;

import dev.varve.Problem;
import dev.varve.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Writes one JSON object a line for each thing that happens, its field {@code event} telling what.
 * Called by one thread at a time. A line that cannot be written ends the output; {@link #close()}
 * says so.
 */
public final class JsonProgress implements ProgressView {

  private final Json json;
  private final boolean problemsOnly;
  private Optional<IOException> failure = Optional.empty();

  /** A view that writes to {@code json}, leaving out progress if {@code problemsOnly}. */
  public JsonProgress(Json json, boolean problemsOnly) {
    this.json = json;
    this.problemsOnly = problemsOnly;
  }

  @Override
  public void progress(Progress progress) {
    if (!problemsOnly) {
      event("progress", () -> json.progress(progress));
    }
  }

  @Override
  public void problem(Problem problem) {
    event("problem", () -> json.problem(problem));
  }

  @Override
  public void close() {
    failure.ifPresent(
        cause -> {
          throw new UncheckedIOException(cause);
        });
  }

  private void event(String name, Json.Fields fields) {
    if (failure.isPresent()) {
      return;
    }
    try {
      json.value(
          () -> {
            json.field("event", name);
            fields.write();
          });
    } catch (IOException cannotWrite) {
      failure = Optional.of(cannotWrite);
    }
  }
}
