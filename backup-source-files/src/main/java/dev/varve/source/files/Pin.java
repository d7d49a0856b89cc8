package dev.varve.source.files;

import java.io.Closeable;
import java.nio.file.Path;

/**
 * Something that is held, whatever is done with its names.
 *
 * @param descriptor by which it is held
 */
record Pin(long descriptor, SystemCalls calls) implements Closeable {

  /** A path that leads to it as long as it is held. */
  Path path() {
    return Path.of("/proc/self/fd/" + descriptor);
  }

  @Override
  public void close() {
    calls.close(descriptor);
  }
}
