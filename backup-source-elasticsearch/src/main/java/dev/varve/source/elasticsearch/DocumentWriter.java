package dev.varve.source.elasticsearch;

import java.io.ByteArrayOutputStream;
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
  private static final byte[] CREATE = ascii("{\"create\":{\"_id\":");
  private static final byte[] INDEX = ascii("{\"index\":{\"_id\":");
  private static final byte[] ROUTING = ascii(",\"routing\":");
  private static final byte[] VERSION = ascii(",\"version\":");
  private static final byte[] VERSION_TYPE = ascii(",\"version_type\":\"external_gte\"");
  private static final byte[] END = ascii("}}\n");

  private final OutputStream out;
  private final boolean stream;
  private final ByteArrayOutputStream action = new ByteArrayOutputStream(200);
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
    action.reset();
    action.writeBytes(stream ? CREATE : INDEX);
    id.writeTo(action);
    if (routing.isPresent()) {
      action.writeBytes(ROUTING);
      routing.get().writeTo(action);
    }
    if (!stream) {
      action.writeBytes(VERSION);
      action.writeBytes(Long.toString(version).getBytes(StandardCharsets.US_ASCII));
      action.writeBytes(VERSION_TYPE);
    }
    action.writeBytes(END);
    action.writeTo(this);
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

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
