package dev.varve.internal.repair;

import java.util.Optional;

/** What of one content is lost, in words. Used by one thread. */
final class Holes {

  private static final int MOST_NAMED = 100;

  private final long size;
  private final StringBuilder named = new StringBuilder();
  private long start;
  private long end = -1;
  private long bytes;
  private int count;

  /** The holes of a content of so many bytes. */
  Holes(long size) {
    this.size = size;
  }

  /** Adds a hole, behind those added before; one that touches the last becomes part of it. */
  void add(long offset, long length) {
    bytes += length;
    if (offset == end) {
      end += length;
      return;
    }
    name();
    start = offset;
    end = offset + length;
  }

  /** All of them; empty if there are none. */
  Optional<String> describe() {
    name();
    end = -1;
    if (count == 0) {
      return Optional.empty();
    }
    int unnamed = count - Math.min(count, MOST_NAMED);
    return Optional.of(
        "Left out: "
            + bytes
            + " of its "
            + size
            + " bytes are lost, at "
            + named
            + (unnamed > 0 ? " and " + unnamed + " more places" : ""));
  }

  private void name() {
    if (end < 0) {
      return;
    }
    if (count < MOST_NAMED) {
      named.append(count > 0 ? ", " : "").append(start).append('-').append(end - 1);
    }
    count++;
  }
}
