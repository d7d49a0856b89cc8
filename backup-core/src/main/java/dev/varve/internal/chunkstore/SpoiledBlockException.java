package dev.varve.internal.chunkstore;

import java.io.IOException;

/**
 * A block that was sealed did not open to what it was made of: bad memory, or a fault of compiler
 * or codec. Nothing of it was stored.
 */
public final class SpoiledBlockException extends IOException {

  private static final long serialVersionUID = 1;

  /** Says what was seen; what to do next is the same always. */
  public SpoiledBlockException(String message) {
    super(message + "; test this machine's memory before the next backup");
  }
}
