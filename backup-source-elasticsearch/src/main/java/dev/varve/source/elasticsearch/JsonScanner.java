package dev.varve.source.elasticsearch;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON from a stream and passes values on byte for byte, whatever their size, in constant
 * memory. Used by one thread. Does not tell whether what it passes on is JSON, only where it ends.
 * A value that lies in the buffer as a whole, as nearly all do, is passed on in one piece.
 *
 * <p>Outside strings, line breaks and comments (which Elasticsearch accepts in documents) become
 * spaces, so that a value fits on one line; all else stays as it is.
 */
final class JsonScanner {

  private static final int BUFFER_BYTES = 64 * 1024;

  /** Names that come with every document, made only once. */
  private static final String[] KNOWN_NAMES = {
    "_index", "_type", "_id", "_version", "_score", "_routing", "_source", "_ignored", "sort"
  };

  private static final byte[][] KNOWN_BYTES = new byte[KNOWN_NAMES.length][];

  static {
    for (int i = 0; i < KNOWN_NAMES.length; i++) {
      KNOWN_BYTES[i] = ('"' + KNOWN_NAMES[i] + '"').getBytes(StandardCharsets.US_ASCII);
    }
  }

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;

  JsonScanner(InputStream in) {
    this.in = in;
  }

  /** The next byte that is no space, which stays to be read. */
  int peek() throws IOException {
    while (true) {
      if (position == limit) {
        fill();
      }
      byte b = buffer[position];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b;
      }
      position++;
    }
  }

  /** Reads {@code expected}, after any spaces. */
  void expect(char expected) throws IOException {
    int found = peek();
    if (found != expected) {
      throw new IOException(
          "The cluster's answer is not as expected: '"
              + (char) found
              + "' where '"
              + expected
              + "' should be");
    }
    position++;
  }

  /** Whether {@code wanted} comes next, after any spaces; it is read if so. */
  boolean accept(char wanted) throws IOException {
    if (peek() != wanted) {
      return false;
    }
    position++;
    return true;
  }

  /** Reads the name of a field and its colon. */
  String name() throws IOException {
    peek();
    int end = endInBuffer();
    int known = end < 0 ? -1 : known(position, end);
    String name;
    if (known < 0) {
      name = value().text();
    } else {
      name = KNOWN_NAMES[known];
      position = end;
    }
    expect(':');
    return name;
  }

  private int known(int start, int end) {
    for (int i = 0; i < KNOWN_BYTES.length; i++) {
      byte[] name = KNOWN_BYTES[i];
      if (name.length == end - start && Arrays.equals(name, 0, name.length, buffer, start, end)) {
        return i;
      }
    }
    return -1;
  }

  /** Reads a value that fits into memory. */
  RawJson value() throws IOException {
    peek();
    int end = endInBuffer();
    if (end >= 0) {
      RawJson value = RawJson.of(Arrays.copyOfRange(buffer, position, end));
      position = end;
      return value;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    copy(out);
    return RawJson.of(out.toByteArray());
  }

  /** Reads a value and forgets it. */
  void skip() throws IOException {
    copy(OutputStream.nullOutputStream());
  }

  /** Reads to the end of the stream, where nothing but spaces may be. */
  void end() throws IOException {
    while (position < limit || more()) {
      if (buffer[position] > ' ') {
        throw new IOException("The cluster's answer goes on behind its end");
      }
      position++;
    }
  }

  /** Reads a value and writes it to {@code out}. */
  void copy(OutputStream out) throws IOException {
    int first = peek();
    int end = endInBuffer();
    if (end >= 0) {
      out.write(buffer, position, end - position);
      position = end;
    } else if (first == '{' || first == '[') {
      copyNested(out);
    } else if (first == '"') {
      copyString(out);
    } else {
      copyPlain(out);
    }
  }

  /**
   * Where the value ends that begins here, if it does so in the buffer and nothing in it has to be
   * replaced; otherwise -1.
   */
  private int endInBuffer() {
    int at = position;
    byte first = buffer[at];
    if (first == '"') {
      return endOfString(at + 1);
    }
    if (first == '{' || first == '[') {
      return endOfNested(at);
    }
    while (at < limit && isPlain(buffer[at])) {
      at++;
    }
    return at < limit ? at : -1;
  }

  /** Where a string ends of which {@code from} is the first character; -1 if not in the buffer. */
  private int endOfString(int from) {
    byte[] bytes = buffer;
    int end = limit;
    for (int at = from; at < end; at++) {
      byte b = bytes[at];
      if (b == '"') {
        return at + 1;
      }
      if (b == '\\') {
        at++;
      }
    }
    return -1;
  }

  private int endOfNested(int from) {
    byte[] bytes = buffer;
    int end = limit;
    int depth = 0;
    int at = from;
    while (at < end) {
      switch (bytes[at++]) {
        case '"' -> {
          at = endOfString(at);
          if (at < 0) {
            return -1;
          }
        }
        case '{', '[' -> depth++;
        case '}', ']' -> {
          if (--depth == 0) {
            return at;
          }
        }
        case '\n', '\r', '/' -> {
          return -1;
        }
        default -> {}
      }
    }
    return -1;
  }

  private void copyPlain(OutputStream out) throws IOException {
    while (true) {
      int start = position;
      while (position < limit && isPlain(buffer[position])) {
        position++;
      }
      out.write(buffer, start, position - start);
      if (position < limit) {
        return;
      }
      if (!more()) {
        return;
      }
    }
  }

  private static boolean isPlain(byte b) {
    return b > ' ' && b != ',' && b != '}' && b != ']' && b != ':';
  }

  private void copyString(OutputStream out) throws IOException {
    boolean escaped = false;
    int start = position++;
    while (true) {
      if (position == limit) {
        out.write(buffer, start, position - start);
        fill();
        start = 0;
      }
      byte b = buffer[position++];
      if (escaped) {
        escaped = false;
      } else if (b == '\\') {
        escaped = true;
      } else if (b == '"') {
        out.write(buffer, start, position - start);
        return;
      }
    }
  }

  private enum In {
    NOTHING,
    STRING,
    ESCAPE,
    SLASH,
    LINE,
    BLOCK,
    STAR
  }

  private void copyNested(OutputStream out) throws IOException {
    In in = In.NOTHING;
    int depth = 0;
    int start = position;
    while (true) {
      if (position == limit) {
        out.write(buffer, start, position - start);
        fill();
        start = 0;
      }
      byte b = buffer[position++];
      switch (in) {
        case STRING -> {
          if (b == '"') {
            in = In.NOTHING;
          } else if (b == '\\') {
            in = In.ESCAPE;
          }
        }
        case ESCAPE -> in = In.STRING;
        case NOTHING -> {
          if (b == '"') {
            in = In.STRING;
          } else if (b == '{' || b == '[') {
            depth++;
          } else if (b == '}' || b == ']') {
            if (--depth == 0) {
              out.write(buffer, start, position - start);
              return;
            }
          } else if (b == '\n' || b == '\r') {
            buffer[position - 1] = ' ';
          } else if (b == '/') {
            buffer[position - 1] = ' ';
            in = In.SLASH;
          }
        }
        default -> in = comment(in, b);
      }
    }
  }

  /** Wipes a byte of a comment and says where the next one stands. */
  private In comment(In in, byte b) {
    buffer[position - 1] = ' ';
    return switch (in) {
      case SLASH -> b == '*' ? In.BLOCK : In.LINE;
      case LINE -> b == '\n' || b == '\r' ? In.NOTHING : In.LINE;
      case STAR -> b == '/' ? In.NOTHING : b == '*' ? In.STAR : In.BLOCK;
      default -> b == '*' ? In.STAR : In.BLOCK;
    };
  }

  private void fill() throws IOException {
    if (!more()) {
      throw new EOFException("The cluster's answer ends too early");
    }
  }

  private boolean more() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }
}
