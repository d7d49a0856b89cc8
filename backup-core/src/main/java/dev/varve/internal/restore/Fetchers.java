package dev.varve.internal.restore;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Lends each thread that fetches the memory to do it with. Safe for use by many threads. */
final class Fetchers implements AutoCloseable {

  private final Maker maker;
  private final List<Fetcher> made = new ArrayList<>();
  private final ArrayDeque<Fetcher> idle = new ArrayDeque<>();

  /** Makes one more; called as many times as threads fetch at once. */
  @FunctionalInterface
  interface Maker {
    Fetcher make() throws IOException;
  }

  /** Something to be fetched and delivered. */
  @FunctionalInterface
  interface Work {
    void with(Fetcher fetcher) throws IOException;
  }

  Fetchers(Maker maker) {
    this.maker = maker;
  }

  void run(Work work) throws IOException {
    Fetcher fetcher = take();
    try {
      work.with(fetcher);
    } finally {
      synchronized (this) {
        idle.push(fetcher);
      }
    }
  }

  @Override
  public synchronized void close() {
    made.forEach(Fetcher::close);
    made.clear();
    idle.clear();
  }

  private synchronized Fetcher take() throws IOException {
    if (!idle.isEmpty()) {
      return idle.pop();
    }
    Fetcher fetcher = maker.make();
    made.add(fetcher);
    return fetcher;
  }
}
