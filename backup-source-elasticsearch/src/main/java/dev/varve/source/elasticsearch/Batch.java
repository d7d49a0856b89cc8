package dev.varve.source.elasticsearch;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;

/**
 * Documents that are sent together, as the lines that {@code _bulk} takes. Used by one thread at a
 * time.
 */
final class Batch {

  /** Where a document lies: its action's line, and then its source's up to the end. */
  private record Item(int start, int source, int end) {}

  /** Lets its bytes be sent without copying them. */
  private static final class Bytes extends ByteArrayOutputStream {
    byte[] array() {
      return buf;
    }
  }

  private final Bytes bytes = new Bytes();
  private final List<Item> items = new ArrayList<>();
  private int start;
  private int source;

  /** Where the lines of a document are written to. */
  ByteArrayOutputStream out() {
    return bytes;
  }

  /** A document begins: its action's line is written next. */
  void begin() {
    start = bytes.size();
  }

  /** Its action's line was written, its source comes next. */
  void source() {
    source = bytes.size();
  }

  /** Its source was written. */
  void end() {
    items.add(new Item(start, source, bytes.size()));
  }

  int documents() {
    return items.size();
  }

  int size() {
    return bytes.size();
  }

  /** The action of a document. */
  ActionLine action(int document) throws java.io.IOException {
    Item item = items.get(document);
    return ActionLine.parse(bytes.array(), item.start(), item.source() - item.start());
  }

  /** Adds a document of another batch, with another action. */
  void add(Batch other, int document, byte[] action) {
    Item item = other.items.get(document);
    begin();
    bytes.writeBytes(action);
    source();
    bytes.write(other.bytes.array(), item.source(), item.end() - item.source());
    end();
  }

  /** Adds a document of another batch as it is. */
  void add(Batch other, int document) {
    Item item = other.items.get(document);
    begin();
    bytes.write(other.bytes.array(), item.start(), item.source() - item.start());
    source();
    bytes.write(other.bytes.array(), item.source(), item.end() - item.source());
    end();
  }

  /** What is sent; the batch must not change until it was. */
  BodyPublisher body() {
    return BodyPublishers.ofByteArray(bytes.array(), 0, bytes.size());
  }
}
