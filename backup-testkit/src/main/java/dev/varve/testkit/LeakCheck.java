package dev.varve.testkit;

import dev.varve.source.Source;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.target.SnapshotContents;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves something open: what was handed out by what it {@code watch}es, or a
 * thread called {@code varve-…}. Register it with {@code @RegisterExtension}. Safe for use by many
 * threads.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {

  private static final String THREAD_PREFIX = "varve-";

  /** An executor that has terminated still lets go of its threads; a leaked one never does. */
  private static final long THREAD_END_MILLIS = 60_000;

  private final Map<Object, Throwable> open = Collections.synchronizedMap(new IdentityHashMap<>());

  private final Set<Thread> before = new HashSet<>();

  /** The same store, whose closing is waited for. */
  public Store watch(Store store) {
    Object ticket = opened("store " + store);
    return new StoreHandle(store, store, () -> closed(ticket));
  }

  /** The same source; its runs, cursors and contents must be closed. */
  public Source watch(Source source) {
    return new WatchedSource(source, this);
  }

  /** The same contents; their cursors and streams must be closed. */
  public SnapshotContents watch(SnapshotContents contents) {
    return new WatchedContents(contents, this);
  }

  /** The same body; its streams must be closed. */
  public Body watch(Body body) {
    return new Body() {
      @Override
      public long length() {
        return body.length();
      }

      @Override
      public InputStream open() throws IOException {
        return watch("stream of a body", body.open());
      }
    };
  }

  /** What is open now, for people. */
  public List<String> leaks() {
    List<String> leaks = new ArrayList<>();
    synchronized (open) {
      open.values().forEach(leak -> leaks.add(String.valueOf(leak.getMessage())));
    }
    threads().forEach(thread -> leaks.add("thread " + thread.getName()));
    Collections.sort(leaks);
    return leaks;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    open.clear();
    before.clear();
    before.addAll(threads());
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    assertNothingIsLeft();
  }

  /** Fails if something is open, naming it and where it was opened; then forgets it. */
  public void assertNothingIsLeft() throws InterruptedException {
    for (Thread thread : threads()) {
      thread.join(THREAD_END_MILLIS);
    }
    List<String> leaks = leaks();
    if (leaks.isEmpty()) {
      return;
    }
    AssertionError error = new AssertionError("Left open: " + leaks);
    synchronized (open) {
      open.values().forEach(error::addSuppressed);
      open.clear();
    }
    for (Thread thread : threads()) {
      Throwable where = new Throwable("thread " + thread.getName() + " is here");
      where.setStackTrace(thread.getStackTrace());
      error.addSuppressed(where);
    }
    throw error;
  }

  InputStream watch(String what, InputStream in) {
    Object ticket = opened(what);
    return new WatchedStream(in, () -> closed(ticket));
  }

  /** Something was opened; what is returned stands for it. */
  Object opened(String what) {
    Object ticket = new Object();
    open.put(ticket, new Throwable(what + ", opened here"));
    return ticket;
  }

  void closed(Object ticket) {
    open.remove(ticket);
  }

  /** Closes and tells, even if closing fails. */
  void close(Object ticket, Closeable closeable) throws IOException {
    closed(ticket);
    closeable.close();
  }

  private List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(THREAD_PREFIX))
        .filter(thread -> thread.isAlive() && !before.contains(thread))
        .toList();
  }
}
