package dev.varve.source.files;

import dev.varve.PluginContext;
import java.io.IOException;

/** Ends work that nobody waits for any more. */
final class Cancelled {

  private Cancelled() {}

  /** Fails if the caller wants the work to stop. */
  static void check(PluginContext context) throws IOException {
    if (context.cancelled()) {
      throw new IOException("The work was cancelled");
    }
  }
}
