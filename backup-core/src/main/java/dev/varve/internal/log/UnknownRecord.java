package dev.varve.internal.log;

import dev.varve.internal.format.Encoder;

/**
 * A record of a kind, or with a feature, that this software does not know: from here on it reads
 * but does not write. Conflicts with everything.
 *
 * @param base the slot it was computed at
 * @param reason what is not known
 */
public record UnknownRecord(long base, String reason) implements LogRecord {

  @Override
  public RecordKind kind() {
    return RecordKind.UNKNOWN;
  }

  @Override
  public Claims claims() {
    return Claims.at(base).meetsAll().build();
  }

  /** Cannot be written. */
  @Override
  public void write(Encoder out) {
    throw new IllegalStateException("What is not known cannot be written: " + reason);
  }
}
