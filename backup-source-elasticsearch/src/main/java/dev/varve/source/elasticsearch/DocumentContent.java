package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.source.Content;
import dev.varve.source.SourceLostException;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The documents of one slice while they are read: a thread of its own asks for pages and is a
 * little ahead of the reader. Used by one thread, except for closing.
 */
final class DocumentContent implements Content {

  private static final int AHEAD_BYTES = 1 << 20;
  private static final int PIECE_BYTES = 64 * 1024;

  private final Entry entry;
  private final IndexView index;
  private final Slice slice;
  private final Connection connection;
  private final int mostHits;
  private final Pipe pipe = new Pipe(AHEAD_BYTES);
  private final Exchange exchange = new Exchange();
  private boolean ended;

  private DocumentContent(
      Entry entry, IndexView index, Slice slice, Connection connection, int mostHits) {
    this.entry = entry;
    this.index = index;
    this.slice = slice;
    this.connection = connection;
    this.mostHits = mostHits;
  }

  /** Begins to read. */
  static DocumentContent open(
      Entry entry, IndexView index, Slice slice, Connection connection, int mostHits)
      throws IOException {
    DocumentView view = index.documents();
    DocumentContent content = new DocumentContent(entry, index, slice, connection, mostHits);
    Thread thread = new Thread(() -> content.run(view), "varve-documents-" + index.name());
    thread.setDaemon(true);
    thread.start();
    return content;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = pipe.read(into);
    ended |= count < 0;
    return count;
  }

  @Override
  public Entry finished() throws IOException {
    if (!ended) {
      throw new IOException(entry.path() + " was not read to its end");
    }
    return index.finished(slice, entry);
  }

  @Override
  public void close() {
    exchange.breakOff();
    pipe.close();
  }

  private void run(DocumentView view) {
    try (BufferedOutputStream out = new BufferedOutputStream(new Unclosed(pipe), PIECE_BYTES)) {
      DocumentReader reader = new DocumentReader(connection, exchange, view, slice, mostHits);
      index.count(reader.readAll(out, index.isOfStream()));
      out.flush();
      pipe.end();
    } catch (IOException e) {
      pipe.fail(lost(e));
    } catch (RuntimeException e) {
      pipe.fail(lost(new IOException("The cluster's answer could not be read", e)));
    } finally {
      connection.done(exchange);
    }
  }

  /** One state cannot be had any more, so there is no point in the rest either. */
  private SourceLostException lost(IOException e) {
    return new SourceLostException(
        "The documents of index "
            + index.name()
            + " could not be read to their end in one state: "
            + e.getMessage()
            + "; run the backup again",
        e);
  }

  /** Passes bytes on, but not that it is closed: that must not look like the end. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(Pipe pipe) {
      super(pipe);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {}
  }
}
