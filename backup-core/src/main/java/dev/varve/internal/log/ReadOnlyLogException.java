package dev.varve.internal.log;

import java.io.IOException;

/** A newer software wrote something that this one does not know; it must not write after it. */
public final class ReadOnlyLogException extends IOException {

  private static final long serialVersionUID = 1;

  ReadOnlyLogException(String unknown) {
    super(unknown + ", which this software does not know: use a newer one to write");
  }
}
