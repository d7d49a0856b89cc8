package dev.varve.source.elasticsearch;

import dev.varve.EntryPath;
import dev.varve.target.MissingContentException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Reads documents of a snapshot and has them written to one index: one thread reads, several send,
 * and hold up the reader when the cluster takes no more. Used by one thread.
 */
final class BulkLoader implements Closeable {

  private static final int MOST_ACTION_BYTES = 64 * 1024;

  private final RestoreScope scope;
  private final BulkSender.Writing writing;
  private final BulkSender sender;
  private final int atOnce;
  private final Semaphore sending;
  private final ExecutorService senders;
  private volatile Optional<IOException> failure = Optional.empty();

  BulkLoader(RestoreScope scope, String index, BulkSender.Writing writing) {
    this.scope = scope;
    this.writing = writing;
    this.sender = new BulkSender(scope, index, writing);
    this.atOnce = scope.settings().bulkRequests();
    this.sending = new Semaphore(atOnce);
    this.senders = Executors.newFixedThreadPool(atOnce, BulkLoader::thread);
  }

  /** How many documents the index has taken. */
  long written() {
    return sender.written();
  }

  /** The entries of which not all documents were taken, which was said. */
  Set<EntryPath> broken() {
    return Set.copyOf(sender.broken());
  }

  /**
   * Loads the documents of an entry; the last may still be on their way afterwards.
   *
   * @throws IOException if the index takes no more
   */
  void load(EntryPath path) throws IOException {
    try (InputStream in = scope.contents().open(path)) {
      load(path, new Lines(in));
    } catch (MissingContentException e) {
      sender.broken().add(path);
      scope.context().warn(path, "Not all documents are restored: " + e.getMessage());
    }
  }

  /** Waits until all was sent and answered. */
  void finish() throws IOException {
    sending.acquireUninterruptibly(atOnce);
    sending.release(atOnce);
    checkGoingOn();
  }

  /** Breaks off what is still being sent. */
  @Override
  public void close() {
    senders.shutdownNow();
  }

  private void load(EntryPath path, Lines lines) throws IOException {
    Batch batch = new Batch();
    while (lines.more()) {
      checkGoingOn();
      add(path, lines, batch);
      if (batch.size() >= scope.settings().bulkBytes()) {
        send(path, batch);
        batch = new Batch();
      }
    }
    send(path, batch);
  }

  /** Adds a document to a batch, or sends it at once if it is too long to be held. */
  private void add(EntryPath path, Lines lines, Batch batch) throws IOException {
    batch.begin();
    if (!lines.copyLine(batch.out(), MOST_ACTION_BYTES)) {
      throw new IOException("A line before a document is too long in " + path);
    }
    if (!writing.keepsVersion() || !batch.keepsVersion()) {
      byte[] line = batch.action();
      batch.drop();
      batch.out().writeBytes(writing.line(ActionLine.parse(line, 0, line.length)));
    }
    batch.source();
    if (!lines.more()) {
      throw new IOException("The last document of " + path + " is missing");
    }
    long start = lines.offset();
    if (lines.copyLine(batch.out(), scope.settings().bulkBytes())) {
      batch.end();
      return;
    }
    byte[] action = batch.drop();
    sender.deliver(path, Batch.of(new LargeDocument(scope.contents(), path, start), action));
    while (!lines.copyLine(OutputStream.nullOutputStream(), 1 << 20)) {
      checkGoingOn();
    }
  }

  private void send(EntryPath path, Batch batch) {
    if (batch.documents() == 0) {
      return;
    }
    sending.acquireUninterruptibly();
    senders.execute(
        () -> {
          try {
            sender.deliver(path, batch);
            scope.context().progress(batch.size(), "loading documents");
          } catch (IOException e) {
            failed(e);
          } catch (RuntimeException e) {
            failed(new IOException("Loading documents failed", e));
          } finally {
            sending.release();
          }
        });
  }

  private void checkGoingOn() throws IOException {
    if (failure.isPresent()) {
      throw failure.get();
    }
    scope.checkGoingOn();
  }

  private synchronized void failed(IOException e) {
    if (failure.isEmpty()) {
      failure = Optional.of(e);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "varve-search-bulk");
    thread.setDaemon(true);
    return thread;
  }
}
