package dev.varve.internal.format;

import java.io.IOException;
import java.util.List;

/**
 * Something that takes bytes from strangers.
 *
 * @param name what it is called, to be chosen alone
 * @param body takes bytes; whatever they are, it returns or throws an {@code IOException}, soon and
 *     without using much memory
 * @param seeds valid or nearly valid bytes to begin with
 */
public record FuzzTarget(String name, Body body, List<byte[]> seeds) {

  /** Takes bytes. */
  @FunctionalInterface
  public interface Body {
    /** Takes bytes. */
    void accept(byte[] data) throws IOException;
  }

  /** Takes bytes and says whether they were fine. */
  public boolean takes(byte[] data) {
    try {
      body.accept(data);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
