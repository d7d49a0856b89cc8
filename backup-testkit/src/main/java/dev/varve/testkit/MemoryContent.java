package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.source.Content;
import dev.varve.source.SourceLostException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** The content of one entry, going wrong as told. Used by one thread, except for closing. */
final class MemoryContent implements Content {

  private static final int PIECE_BYTES = 8 * 1024;

  private static final Set<ContentFault> HALF_WAY =
      EnumSet.of(
          ContentFault.BREAKS,
          ContentFault.SOURCE_LOST_WHILE_READING,
          ContentFault.BLOCKS,
          ContentFault.SHRINKS);

  private static final Set<ContentFault> CHANGED =
      EnumSet.of(ContentFault.CHANGES_WHILE_READING, ContentFault.GROWS, ContentFault.SHRINKS);

  private final Entry entry;
  private final Optional<ContentFault> fault;
  private final MemoryNotes notes;
  private final Runnable onClose;
  private final InputStream in;
  private final long half;
  private final CountDownLatch closed = new CountDownLatch(1);
  private long at;

  MemoryContent(MemoryFile file, MemoryNotes notes, Runnable onClose) {
    this.entry = file.entry();
    this.fault = file.fault();
    this.notes = notes;
    this.onClose = onClose;
    this.half = fault.filter(HALF_WAY::contains).isPresent() ? entry.size() / 2 : Long.MAX_VALUE;
    InputStream once = file.content().get();
    this.in =
        fault.equals(Optional.of(ContentFault.GROWS))
            ? new SequenceInputStream(once, file.content().get())
            : once;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    requireOpen();
    if (at >= half) {
      return halfWay();
    }
    byte[] piece = new byte[(int) Math.min(Math.min(into.remaining(), PIECE_BYTES), half - at)];
    int count = in.read(piece);
    if (count > 0) {
      into.put(piece, 0, count);
      at += count;
    }
    return count;
  }

  @Override
  public Entry finished() throws IOException {
    requireOpen();
    return fault.filter(CHANGED::contains).isPresent()
        ? entry.toBuilder().withoutRevision().build()
        : entry;
  }

  @Override
  public void close() throws IOException {
    synchronized (closed) {
      if (closed.getCount() == 0) {
        return;
      }
      closed.countDown();
    }
    onClose.run();
    in.close();
  }

  private int halfWay() throws IOException {
    return switch (fault.orElseThrow()) {
      case BREAKS -> throw new IOException("Input/output error");
      case SOURCE_LOST_WHILE_READING -> throw new SourceLostException("The connection was lost");
      case BLOCKS -> {
        notes.blocked();
        Gate.awaitUninterrupted(closed);
        throw new IOException("Closed while reading " + entry.path());
      }
      default -> -1;
    };
  }

  private void requireOpen() throws IOException {
    if (closed.getCount() == 0) {
      throw new IOException("The content of " + entry.path() + " is closed");
    }
  }
}
