package dev.varve.source.elasticsearch;

import dev.varve.EntryPath;
import dev.varve.target.TargetContext;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
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

  private final Connection connection;
  private final String index;
  private final Writing writing;
  private final TargetSettings settings;
  private final TargetContext context;
  private final Semaphore sending;
  private final ExecutorService senders;
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile Optional<IOException> failure = Optional.empty();

  BulkLoader(
      Connection connection,
      String index,
      Writing writing,
      TargetSettings settings,
      TargetContext context) {
    this.connection = connection;
    this.index = index;
    this.writing = writing;
    this.settings = settings;
    this.context = context;
    this.sending = new Semaphore(settings.bulkRequests());
    this.senders = Executors.newFixedThreadPool(settings.bulkRequests(), BulkLoader::thread);
  }

  /** How many documents the index has taken. */
  long written() {
    return written.get();
  }

  /** How many it has refused for good. */
  long refused() {
    return refused.get();
  }

  /**
   * Loads documents and waits until all were sent.
   *
   * @return whether all were taken
   * @throws IOException if they cannot be read, or the index takes no more
   */
  boolean load(EntryPath path, InputStream in) throws IOException {
    long refusedBefore = refused.get();
    Lines lines = new Lines(in);
    Batch batch = new Batch();
    while (lines.more()) {
      checkGoingOn();
      Batch action = new Batch();
      if (!lines.copyLine(action.out(), MOST_ACTION_BYTES)) {
        throw new IOException("A line before a document is too long in " + path);
      }
      batch.begin();
      batch
          .out()
          .writeBytes(writing.line(ActionLine.parse(action.out().toByteArray(), 0, action.size())));
      batch.source();
      if (!lines.more()) {
        throw new IOException("The last document of " + path + " is missing");
      }
      lines.copyLine(batch.out(), Integer.MAX_VALUE);
      batch.end();
      if (batch.size() >= settings.bulkBytes()) {
        send(path, batch);
        batch = new Batch();
      }
    }
    send(path, batch);
    sending.acquireUninterruptibly(settings.bulkRequests());
    sending.release(settings.bulkRequests());
    checkGoingOn();
    return refused.get() == refusedBefore;
  }

  @Override
  public void close() {
    senders.shutdownNow();
  }

  private void checkGoingOn() throws IOException {
    if (failure.isPresent()) {
      throw failure.get();
    }
    if (context.cancelled()) {
      throw new IOException("The restore was cancelled");
    }
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
            context.progress(batch.size(), "loading documents");
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
    Pacing pacing = new Pacing(connection::pause, settings.patience());
    Batch batch = whole;
    boolean sentBefore = false;
    while (batch.documents() > 0 && failure.isEmpty()) {
      Batch rest = new Batch();
      try {
        Answer answer = connection.once(Call.lines(path(), batch.body()));
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
      context.count(sentBefore ? "documents sent twice" : "documents that were there", 1);
    } else {
      refused.incrementAndGet();
      context.warn(path, "document " + refusal(problem, batch));
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
      refused.incrementAndGet();
      context.warn(
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
