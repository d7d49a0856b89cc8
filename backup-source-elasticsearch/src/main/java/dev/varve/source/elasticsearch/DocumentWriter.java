package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes documents as the lines that {@code _bulk} takes: what to do, and the source. Used by one
 * thread. When a page broke off it is written again from its document on, and what of it was
 * already passed on is left out: documents of any size pass through without being held.
 */
final class DocumentWriter extends OutputStream {

  private static final byte[] NEW_LINE = {'\n'};

  private final OutputStream out;
  private final boolean stream;
  private long position;
  private long passedOn;
  private long documents;

  /** Writes to {@code out}; documents of a data {@code stream} can only be created. */
  DocumentWriter(OutputStream out, boolean stream) {
    this.out = out;
    this.stream = stream;
  }

  /** How many documents are complete. */
  long documents() {
    return documents;
  }

  /** The last document that is not complete comes again. */
  void again() {
    position = 0;
  }

  /** A document begins; its source is written next. */
  void begin(RawJson id, Optional<RawJson> routing, long version) throws IOException {
    StringBuilder action = new StringBuilder(100);
    action.append(stream ? "{\"create\":{\"_id\":" : "{\"index\":{\"_id\":").append(id);
    routing.ifPresent(value -> action.append(",\"routing\":").append(value));
    if (!stream) {
      action.append(",\"version\":").append(version).append(",\"version_type\":\"external_gte\"");
    }
    write(action.append("}}\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The document's source was written. */
  void end() throws IOException {
    write(NEW_LINE);
    position = 0;
    passedOn = 0;
    documents++;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int known = (int) Math.min(length, Math.max(0, passedOn - position));
    position += length;
    if (known < length) {
      out.write(bytes, offset + known, length - known);
      passedOn = position;
    }
  }
}
