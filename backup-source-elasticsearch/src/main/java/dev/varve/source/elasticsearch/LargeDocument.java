package dev.varve.source.elasticsearch;

import dev.varve.EntryPath;
import dev.varve.target.SnapshotContents;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;

/**
 * A document that is too long to be held: it is sent from the snapshot while it is read, and read
 * again where it must be sent again. Used by one thread.
 */
final class LargeDocument {

  private final SnapshotContents contents;
  private final EntryPath path;
  private final long offset;

  /** The document whose source begins at {@code offset} of an entry. */
  LargeDocument(SnapshotContents contents, EntryPath path, long offset) {
    this.contents = contents;
    this.path = path;
    this.offset = offset;
  }

  /** Sends it once, with this line before it. */
  Answer send(Connection connection, String to, byte[] action) throws IOException {
    try (InputStream in = contents.open(path)) {
      in.skipNBytes(offset);
      Line line = new Line(new Lines(in));
      InputStream body = new SequenceInputStream(new ByteArrayInputStream(action), line);
      BodyPublisher publisher = BodyPublishers.ofInputStream(() -> body);
      try {
        return connection.once(Call.lines(to, publisher));
      } finally {
        // What cannot be read must not look like the end of the document to anybody.
        line.requireRead();
      }
    }
  }

  /** One line, that is at most one piece of it, in memory. */
  private static final class Line extends InputStream {

    private static final int PIECE_BYTES = 256 * 1024;

    private final Lines lines;
    private byte[] piece = new byte[0];
    private int position;
    private boolean ended;
    private volatile Optional<IOException> failure = Optional.empty();

    Line(Lines lines) {
      this.lines = lines;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (position == piece.length && !fill()) {
        return -1;
      }
      int count = Math.min(length, piece.length - position);
      System.arraycopy(piece, position, into, from, count);
      position += count;
      return count;
    }

    private boolean fill() throws IOException {
      if (ended) {
        return false;
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream(PIECE_BYTES);
      try {
        ended = lines.copyLine(out, PIECE_BYTES);
      } catch (IOException e) {
        failure = Optional.of(e);
        throw e;
      }
      piece = out.toByteArray();
      position = 0;
      return true;
    }

    void requireRead() throws IOException {
      if (failure.isPresent()) {
        throw failure.get();
      }
    }
  }
}
