package dev.varve.source.elasticsearch;

import dev.varve.EntryPath;
import dev.varve.target.MissingContentException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends batches of documents to one index until each was taken or refused for good, and looks at
 * what became of each. Safe for use by many threads.
 */
final class BulkSender {

  /** What a document may do to one that is there. */
  enum Writing {
    /** There is none: keep the version, and find out if somebody else writes. */
    NEW,
    /** Replace it, keeping the version where that can be. */
    OVER,
    /** A new data stream: documents can be added, not replaced. */
    CREATE,
    /** A data stream that is there: what it has stays as it is. */
    ADD;

    /** Whether that line keeps the document's version. */
    boolean keepsVersion() {
      return this == NEW || this == OVER;
    }

    /** The line before a document. */
    byte[] line(ActionLine action) {
      return keepsVersion() ? action.keepingVersion() : action.creating();
    }
  }

  private final RestoreScope scope;
  private final String index;
  private final Writing writing;
  private final String path;
  private final Set<EntryPath> broken = ConcurrentHashMap.newKeySet();
  private final AtomicLong written = new AtomicLong();

  BulkSender(RestoreScope scope, String index, Writing writing) {
    this.scope = scope;
    this.index = index;
    this.writing = writing;
    this.path = "/" + Call.step(index) + "/_bulk?pipeline=_none&" + BulkAnswer.FILTER;
  }

  /** How many documents the index has taken. */
  long written() {
    return written.get();
  }

  /** The entries of which not all documents were taken, which was said. */
  Set<EntryPath> broken() {
    return broken;
  }

  /**
   * Sends documents of an entry, again and again where that may help.
   *
   * @throws IOException if the index takes no more
   */
  void deliver(EntryPath entry, Batch whole) throws IOException {
    Pacing pacing = new Pacing(scope.connection()::pause, scope.settings().patience());
    Batch batch = whole;
    boolean again = false;
    while (batch.documents() > 0) {
      scope.checkGoingOn();
      try {
        Answer answer = batch.send(scope.connection(), path);
        if (answer.status() == 413) {
          halve(entry, batch);
          return;
        }
        answer.accepted();
        BulkAnswer told = BulkAnswer.parse(answer.body(), batch.documents());
        written.addAndGet(batch.documents() - told.problems().size());
        if (told.problems().size() < batch.documents()) {
          pacing.went();
        }
        batch = settle(entry, batch, told, again, pacing);
      } catch (ServerException e) {
        if (!e.passing()) {
          throw e;
        }
        pacing.waitAfter(e);
      } catch (MissingContentException | StopException e) {
        throw e;
      } catch (IOException e) {
        pacing.waitAfter(e);
      }
      again = true;
    }
  }

  /** Looks at each document that was not taken, and answers those to be sent again. */
  private Batch settle(EntryPath entry, Batch batch, BulkAnswer told, boolean again, Pacing pacing)
      throws IOException {
    Batch rest = new Batch();
    String busy = "";
    for (BulkAnswer.Problem problem : told.problems()) {
      if (problem.passing()) {
        rest.add(batch, problem.document());
        busy = refusal(problem, batch);
      } else {
        settle(entry, batch, problem, again, rest);
      }
    }
    if (!busy.isEmpty()) {
      pacing.waitAfter(new StopException("document " + busy));
    }
    return rest;
  }

  private void settle(
      EntryPath entry, Batch batch, BulkAnswer.Problem problem, boolean again, Batch rest)
      throws IOException {
    ActionLine action = batch.action(problem.document());
    if (problem.blocked()) {
      throw new StopException(
          "Index "
              + index
              + " takes no documents: "
              + problem.reason()
              + "; make room on the cluster's disks or remove the block, and restore again");
    } else if (problem.conflicting() && writing == Writing.OVER && action.version().isPresent()) {
      rest.add(batch, problem.document(), action.overwriting());
    } else if (problem.conflicting() && writing == Writing.CREATE && again) {
      // It was taken when it was sent before, and only the answer was lost.
      written.incrementAndGet();
    } else if (problem.conflicting() && writing == Writing.ADD) {
      scope.context().count("documents that were there", 1);
    } else {
      broken.add(entry);
      scope.context().warn(entry, "document " + refusal(problem, batch));
    }
  }

  private String refusal(BulkAnswer.Problem problem, Batch batch) throws IOException {
    return batch.action(problem.document()).id()
        + " was not taken by index "
        + index
        + ": "
        + problem.reason();
  }

  /** The cluster takes no requests as long as this. */
  private void halve(EntryPath entry, Batch batch) throws IOException {
    int documents = batch.documents();
    if (documents == 1) {
      broken.add(entry);
      scope
          .context()
          .warn(
              entry,
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
    deliver(entry, first);
    deliver(entry, second);
  }

  /** Sending it again cannot help, or has not for too long. */
  private static final class StopException extends IOException {
    private static final long serialVersionUID = 1;

    StopException(String message) {
      super(message);
    }
  }
}
