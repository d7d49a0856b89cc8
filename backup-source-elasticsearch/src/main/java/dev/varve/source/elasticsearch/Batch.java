package dev.varve.source.elasticsearch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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

    synchronized void cut(int length) {
      count = length;
    }
  }

  private final Bytes bytes = new Bytes();
  private final List<Item> items = new ArrayList<>();
  private Optional<LargeDocument> large = Optional.empty();
  private int start;
  private int source;

  /** A batch of one document that is too long to be held. */
  static Batch of(LargeDocument document, byte[] action) {
    Batch batch = new Batch();
    batch.begin();
    batch.bytes.writeBytes(action);
    batch.source();
    batch.end();
    batch.large = Optional.of(document);
    return batch;
  }

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

  /** Whether its action's line keeps the version, and says nothing else. */
  boolean keepsVersion() {
    return ActionLine.keepsVersion(bytes.array(), start, bytes.size());
  }

  /** Its action's line, just written. */
  byte[] action() {
    return Arrays.copyOfRange(bytes.array(), start, bytes.size());
  }

  /** Its source was written. */
  void end() {
    items.add(new Item(start, source, bytes.size()));
  }

  /** The document that began is not for this batch; answers its action's line. */
  byte[] drop() {
    byte[] action = Arrays.copyOfRange(bytes.array(), start, Math.max(start, source));
    bytes.cut(start);
    return action;
  }

  int documents() {
    return items.size();
  }

  int size() {
    return bytes.size();
  }

  /** The action of a document. */
  ActionLine action(int document) throws IOException {
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
    large = other.large;
  }

  /** Adds a document of another batch as it is. */
  void add(Batch other, int document) {
    Item item = other.items.get(document);
    byte[] action = Arrays.copyOfRange(other.bytes.array(), item.start(), item.source());
    add(other, document, action);
  }

  /** Sends it once. */
  Answer send(Connection connection, String to) throws IOException {
    if (large.isPresent()) {
      return large.get().send(connection, to, bytes.toByteArray());
    }
    BodyPublisher body = BodyPublishers.ofByteArray(bytes.array(), 0, bytes.size());
    return connection.once(Call.lines(to, body));
  }
}
