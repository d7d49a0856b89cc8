package dev.varve.source.elasticsearch;

import dev.varve.EntryPath;
import dev.varve.target.MissingContentException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes documents to one index: one thread reads them, several send batches and look at what
 * became of each document. What the cluster has no room for just now is sent again after a while,
 * by which the reader is held up too.
 */
final class BulkLoader implements Closeable {

  /** What a document may do to one that is there. */
  enum Writing {
    /** There is none: keep the version, and find out if somebody else writes. */
    NEW {
      @Override
      byte[] line(ActionLine action) {
        return action.keepingVersion();
      }
    },
    /** Replace it, keeping the version where that can be. */
    OVER {
      @Override
      byte[] line(ActionLine action) {
        return action.keepingVersion();
      }
    },
    /** A data stream: documents can be added, not replaced. */
    CREATE {
      @Override
      byte[] line(ActionLine action) {
        return action.creating();
      }
    };

    abstract byte[] line(ActionLine action);
  }

  private static final int MOST_ACTION_BYTES = 64 * 1024;

  private final RestoreScope scope;
  private final String index;
  private final Writing writing;
  private final int atOnce;
  private final Semaphore sending;
  private final ExecutorService senders;
  private final Set<EntryPath> broken = ConcurrentHashMap.newKeySet();
  private final AtomicLong written = new AtomicLong();
  private volatile Optional<IOException> failure = Optional.empty();

  BulkLoader(RestoreScope scope, String index, Writing writing) {
    this.scope = scope;
    this.index = index;
    this.writing = writing;
    this.atOnce = scope.settings().bulkRequests();
    this.sending = new Semaphore(atOnce);
    this.senders = Executors.newFixedThreadPool(atOnce, BulkLoader::thread);
  }

  /** How many documents the index has taken. */
  long written() {
    return written.get();
  }

  /** The entries of which not all documents were taken, which was said. */
  Set<EntryPath> broken() {
    return Set.copyOf(broken);
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
      broken.add(path);
      scope.context().warn(path, "Not all documents are restored: " + e.getMessage());
    }
  }

  /** Waits until all was sent and answered. */
  void finish() throws IOException {
    sending.acquireUninterruptibly(atOnce);
    sending.release(atOnce);
    checkGoingOn();
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

  private void add(EntryPath path, Lines lines, Batch batch) throws IOException {
    ByteArrayOutputStream action = new ByteArrayOutputStream(128);
    if (!lines.copyLine(action, MOST_ACTION_BYTES)) {
      throw new IOException("A line before a document is too long in " + path);
    }
    batch.begin();
    byte[] line = action.toByteArray();
    batch.out().writeBytes(writing.line(ActionLine.parse(line, 0, line.length)));
    batch.source();
    if (!lines.more()) {
      throw new IOException("The last document of " + path + " is missing");
    }
    lines.copyLine(batch.out(), Integer.MAX_VALUE);
    batch.end();
  }

  @Override
  public void close() {
    senders.shutdownNow();
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

  private void send(EntryPath path, Batch batch) {
    if (batch.documents() == 0) {
      return;
    }
    sending.acquireUninterruptibly();
    senders.execute(
        () -> {
          try {
            deliver(path, batch);
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

  private void deliver(EntryPath path, Batch whole) throws IOException {
    Pacing pacing = new Pacing(scope.connection()::pause, scope.settings().patience());
    Batch batch = whole;
    boolean sentBefore = false;
    while (batch.documents() > 0 && failure.isEmpty()) {
      Batch rest = new Batch();
      try {
        Answer answer = scope.connection().once(Call.lines(path(), batch.body()));
        if (answer.status() == 413) {
          halve(path, batch);
          return;
        }
        answer.accepted();
        BulkAnswer told = BulkAnswer.parse(answer.body(), batch.documents());
        written.addAndGet(batch.documents() - told.problems().size());
        IOException busy = new IOException("nothing");
        boolean waiting = false;
        for (BulkAnswer.Problem problem : told.problems()) {
          if (problem.passing()) {
            rest.add(batch, problem.document());
            waiting = true;
            busy = new IOException(refusal(problem, batch));
          } else {
            settle(path, batch, problem, rest, sentBefore);
          }
        }
        if (waiting) {
          if (told.problems().size() < batch.documents()) {
            pacing.went();
          }
          pacing.waitAfter(busy);
        }
      } catch (ServerException e) {
        if (!e.passing()) {
          throw e;
        }
        rest = batch;
        pacing.waitAfter(e);
      } catch (IOException e) {
        if (failure.isPresent() || e instanceof BlockedException) {
          throw e;
        }
        rest = batch;
        pacing.waitAfter(e);
      }
      sentBefore = true;
      batch = rest;
    }
  }

  /** A document was not written, and would not be if it were just sent again. */
  private void settle(
      EntryPath path, Batch batch, BulkAnswer.Problem problem, Batch rest, boolean sentBefore)
      throws IOException {
    if (problem.blocked()) {
      throw new BlockedException(
          "Index "
              + index
              + " takes no documents: "
              + problem.reason()
              + "; make room on the cluster's disks or remove the block, and restore again");
    }
    ActionLine action = batch.action(problem.document());
    if (problem.conflicting() && writing == Writing.OVER && hasVersion(action)) {
      rest.add(batch, problem.document(), action.overwriting());
    } else if (problem.conflicting() && writing == Writing.CREATE) {
      // Sent before and taken, or there since long ago: documents of a data stream do not change.
      written.incrementAndGet();
      scope.context().count(sentBefore ? "documents sent twice" : "documents that were there", 1);
    } else {
      broken.add(path);
      scope.context().warn(path, "document " + refusal(problem, batch));
    }
  }

  private static boolean hasVersion(ActionLine action) {
    return action.version().isPresent();
  }

  private String refusal(BulkAnswer.Problem problem, Batch batch) throws IOException {
    return batch.action(problem.document()).id()
        + " was not taken by index "
        + index
        + ": "
        + problem.reason();
  }

  /** The cluster takes no requests as long as this. */
  private void halve(EntryPath path, Batch batch) throws IOException {
    int documents = batch.documents();
    if (documents == 1) {
      broken.add(path);
      scope
          .context()
          .warn(
              path,
              "document "
                  + batch.action(0).id()
                  + " was not taken: it is longer than the cluster's http.max_content_length");
      return;
    }
    Batch first = new Batch();
    Batch second = new Batch();
    for (int i = 0; i < documents; i++) {
      (i < documents / 2 ? first : second).add(batch, i);
    }
    deliver(path, first);
    deliver(path, second);
  }

  private String path() {
    return "/" + Call.step(index) + "/_bulk?pipeline=_none&" + BulkAnswer.FILTER;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "varve-search-bulk");
    thread.setDaemon(true);
    return thread;
  }

  /** Nothing can be written until somebody does something. */
  private static final class BlockedException extends IOException {
    private static final long serialVersionUID = 1;

    BlockedException(String message) {
      super(message);
    }
  }
}
