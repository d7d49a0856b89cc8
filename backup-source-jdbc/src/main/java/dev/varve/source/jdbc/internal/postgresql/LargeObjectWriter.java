package dev.varve.source.jdbc.internal.postgresql;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Makes large objects of what {@link LargeObjectReading} wrote. Used by one thread. */
final class LargeObjectWriter {

  private static final int MOST_DIGITS = 20;

  private final Session session;
  private final List<Long> numbers = new ArrayList<>();

  LargeObjectWriter(Session session) {
    this.session = session;
  }

  /** Takes the pieces as they come. */
  interface Pieces {
    /**
     * Takes one.
     *
     * @param first whether a new large object begins
     * @param offset where in it this piece begins
     */
    void take(long number, boolean first, long offset, byte[] bytes)
        throws SQLException, IOException;
  }

  /** Makes what does not exist. */
  void write(InputStream content) throws SQLException, IOException {
    write(content, false);
  }

  /** Makes all, in the place of those that have the same numbers. */
  void replace(InputStream content) throws SQLException, IOException {
    write(content, true);
  }

  private void write(InputStream content, boolean replace) throws SQLException, IOException {
    try (PreparedStatement unlink =
            session
                .connection()
                .prepareStatement(
                    "SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE oid = ?::bigint::oid");
        PreparedStatement create =
            session.connection().prepareStatement("SELECT lo_create(?::bigint::oid)");
        PreparedStatement put =
            session.connection().prepareStatement("SELECT lo_put(?::bigint::oid, ?, ?)")) {
      read(
          content,
          (number, first, offset, bytes) -> {
            if (first && replace) {
              unlink.setLong(1, number);
              unlink.executeQuery().close();
            }
            if (first) {
              create.setLong(1, number);
              create.executeQuery().close();
              numbers.add(number);
            }
            if (bytes.length > 0) {
              put.setLong(1, number);
              put.setLong(2, offset);
              put.setBytes(3, bytes);
              put.executeQuery().close();
            }
          });
    }
  }

  /** What was made. */
  List<Long> numbers() {
    return numbers;
  }

  static void read(InputStream content, Pieces pieces) throws SQLException, IOException {
    long last = -1;
    long offset = 0;
    for (String head = line(content); !head.isEmpty(); head = line(content)) {
      int space = head.indexOf(' ');
      if (space < 0) {
        throw malformed(head);
      }
      long number;
      int length;
      try {
        number = Long.parseLong(head.substring(0, space));
        length = Integer.parseInt(head.substring(space + 1));
      } catch (NumberFormatException notNumbers) {
        throw malformed(head);
      }
      if (length < 0 || length > LargeObjectReading.PIECE_BYTES) {
        throw malformed(head);
      }
      byte[] bytes = content.readNBytes(length);
      if (bytes.length < length || content.read() != '\n') {
        throw new EOFException("Large object " + number + " ends too early");
      }
      boolean first = number != last;
      offset = first ? 0 : offset;
      pieces.take(number, first, offset, bytes);
      offset += length;
      last = number;
    }
  }

  private static IOException malformed(String head) {
    return new IOException(
        "Large objects begin with a number and a length, not with '" + head + "'");
  }

  /** A line without its end; empty at the end of all. */
  private static String line(InputStream content) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = content.read(); c >= 0 && c != '\n'; c = content.read()) {
      if (line.length() > 2 * MOST_DIGITS) {
        throw malformed(line.toString());
      }
      line.append((char) c);
    }
    return line.toString();
  }
}
