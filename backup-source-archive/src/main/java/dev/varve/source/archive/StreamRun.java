package dev.varve.source.archive;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceLostException;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads a tar archive made by Varve in one pass: its entries ascend. Used by one thread at a time,
 * but for closing a content.
 */
final class StreamRun implements SourceRun {

  private final TarReader reader;
  private final Description description;
  private final Revisions revisions = new Revisions();
  private Optional<TarMember> current = Optional.empty();
  private Optional<EntryPath> last = Optional.empty();
  private boolean opened;
  private boolean ended;

  StreamRun(TarReader reader, Description description) {
    this.reader = reader;
    this.description = description;
  }

  @Override
  public EntryCursor entries() {
    return this::next;
  }

  private synchronized Optional<Entry> next() throws IOException {
    while (!ended) {
      current = reader.next();
      opened = false;
      if (current.isEmpty()) {
        ended = true;
        break;
      }
      Optional<Entry> entry = Members.entry(current.get());
      if (entry.isPresent()) {
        requireAscending(entry.get().path());
        return Optional.of(revisions.marked(entry.get(), current.get()));
      }
    }
    return Optional.empty();
  }

  private void requireAscending(EntryPath path) throws IOException {
    if (last.isPresent() && last.get().compareTo(path) >= 0) {
      throw new IOException(
          "The archive is damaged: in it '" + path + "' comes after '" + last.get() + "'");
    }
    last = Optional.of(path);
  }

  @Override
  public synchronized Content open(Entry entry) throws IOException {
    if (current.isEmpty() || opened) {
      throw new SourceLostException("The archive comes as a stream, which is read once");
    }
    if (current.get().type() != TarMember.Type.FILE) {
      throw new IOException("it is another name of a file that could not be read");
    }
    opened = true;
    return new StreamedContent(entry);
  }

  @Override
  public int parallelReads() {
    return 1;
  }

  @Override
  public synchronized void finish() throws IOException {
    if (!ended) {
      throw TarInput.truncated();
    }
  }

  @Override
  public Optional<SourceRun.Origin> origin() {
    return Optional.of(new SourceRun.Origin(description.time(), description.tags()));
  }

  @Override
  public synchronized void close() throws IOException {
    reader.close();
  }

  /** What is damaged here is damaged behind it too: nothing can be read any more. */
  private final class StreamedContent implements Content {

    private final Entry entry;
    private volatile boolean closed;

    StreamedContent(Entry entry) {
      this.entry = entry;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      synchronized (StreamRun.this) {
        if (closed) {
          throw new IOException(entry.path() + " was closed while it was read");
        }
        boolean broken;
        try {
          int count = Pieces.read(reader::read, into);
          if (count >= 0) {
            return count;
          }
          broken = reader.brokenBefore();
        } catch (IOException e) {
          throw new SourceLostException(String.valueOf(e.getMessage()), e);
        }
        if (broken) {
          throw new IOException("it was damaged when it was exported");
        }
        return -1;
      }
    }

    @Override
    public Entry finished() {
      return entry;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
