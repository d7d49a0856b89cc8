package dev.varve.source.stream;

import dev.varve.Entry;
import dev.varve.source.Content;
import dev.varve.source.SourceLostException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * What a stream of the host gives. Fails if it was closed before its end, whatever the stream says
 * then. Used by one thread, except for closing.
 */
final class InputContent implements Content {

  private final Entry entry;
  private final InputStream in;
  private final Content content;
  private long bytes;
  private volatile boolean closed;

  InputContent(Entry entry, InputStream in) {
    this.entry = entry;
    this.in = in;
    this.content = Content.of(entry, in);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count;
    try {
      checkOpen();
      count = content.read(into);
    } catch (IOException failure) {
      checkOpen();
      throw new SourceLostException(
          "The stream for "
              + entry.path()
              + " broke off after "
              + bytes
              + " bytes, so nothing of it is kept: "
              + failure,
          failure);
    }
    checkOpen();
    bytes += Math.max(count, 0);
    return count;
  }

  @Override
  public Entry finished() {
    return entry;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    in.close();
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("The stream for " + entry.path() + " was closed while it was read");
    }
  }
}
