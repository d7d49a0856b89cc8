package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One backup of a cluster. Safe for use by many threads as {@link SourceRun} says. */
final class SearchRun implements SourceRun {

  /** How many states are kept after all of them was read, in case something is read again. */
  private static final int KEPT_VIEWS = 4;

  private static final int KEEP_ALIVE_SECONDS = 120;

  private final Connection connection;
  private final SourceSettings settings;
  private final SourceContext context;
  private final Inventory inventory;
  private final Deque<IndexView> read = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private SearchRun(
      Connection connection, Cluster cluster, SourceSettings settings, SourceContext context) {
    this.connection = connection;
    this.settings = settings;
    this.context = context;
    this.inventory = new Inventory(connection, cluster, settings, context, this::finished);
  }

  static SearchRun begin(Connection connection, SourceSettings settings, SourceContext context)
      throws IOException {
    Cluster cluster = Cluster.ask(connection);
    cluster.requireKnown();
    SearchRun run = new SearchRun(connection, cluster, settings, context);
    run.inventory.take();
    Thread keeper = new Thread(run::keepAlive, "varve-search-keep-alive");
    keeper.setDaemon(true);
    keeper.start();
    return run;
  }

  @Override
  public EntryCursor entries() {
    Iterator<Inventory.Known> all = inventory.parts().values().iterator();
    return () -> all.hasNext() ? Optional.of(all.next().entry()) : Optional.empty();
  }

  @Override
  public Content open(Entry entry) throws IOException {
    Inventory.Known known = inventory.parts().get(entry.path());
    if (known == null) {
      throw new NoSuchFileException(entry.path().toString());
    }
    return known.part().open(entry);
  }

  @Override
  public int parallelReads() {
    return Math.max(2, settings.readers());
  }

  @Override
  public void finish() throws IOException {
    for (IndexView view : inventory.views()) {
      view.requireOneState();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    try {
      for (IndexView view : inventory.views()) {
        view.giveUp();
      }
    } catch (IOException e) {
      // The cluster forgets them by itself after a while.
      context.count("points in time left to the cluster", 1);
    } finally {
      connection.close();
    }
  }

  /** All of an index was read: lets the cluster forget the state of one that was read before. */
  private void finished(IndexView view) throws IOException {
    Optional<IndexView> enough = Optional.empty();
    synchronized (read) {
      read.remove(view);
      read.add(view);
      if (read.size() > KEPT_VIEWS) {
        enough = Optional.of(read.remove());
      }
    }
    if (enough.isPresent()) {
      enough.get().giveUp();
    }
  }

  /** Goes on until all is over. */
  private void keepAlive() {
    try {
      while (!closed.await(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)) {
        inventory.views().forEach(this::keepAlive);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keepAlive(IndexView view) {
    try {
      view.keepAlive();
    } catch (IOException e) {
      // Whoever reads it is told by the cluster; nobody else misses it.
      context.count("points in time that could not be kept alive", 1);
    }
  }
}
