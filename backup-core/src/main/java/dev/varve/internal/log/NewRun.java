package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.RunName;

/**
 * A run that a record adds to the index. Written as name (16 bytes), varint stored bytes.
 *
 * @param name the run
 * @param storedBytes its length in the store
 */
public record NewRun(RunName name, long storedBytes) {

  /** The longest run: what a store keeps as one item has at most 5 GB. */
  static final long MAX_STORED_BYTES = 5L << 30;

  static final int LEAST_BYTES = RunName.BYTES + 1;

  void write(Encoder out) {
    name.write(out);
    out.varint(storedBytes);
  }

  static NewRun read(Decoder in) throws FormatException {
    return new NewRun(RunName.read(in), in.varint(MAX_STORED_BYTES));
  }
}
