package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One backup of a cluster. Safe for use by many threads as {@link SourceRun} says. */
final class SearchRun implements SourceRun {

  /** How many states are kept after all of them was read, in case something is read again. */
  private static final int KEPT_VIEWS = 4;

  private static final int KEEP_ALIVE_SECONDS = 120;

  /** Opens what an entry stands for. */
  private interface Part {
    Content open(Entry entry) throws IOException;
  }

  /** Makes a content that fits into memory. */
  private interface Text {
    byte[] bytes() throws IOException;
  }

  private record Known(Entry entry, Part part) {}

  private final Connection connection;
  private final SourceSettings settings;
  private final SourceContext context;
  private final SortedMap<EntryPath, Known> parts = new TreeMap<>();
  private final List<IndexView> views = new ArrayList<>();
  private final Deque<IndexView> read = new ArrayDeque<>();
  private final ScheduledExecutorService keeper =
      Executors.newSingleThreadScheduledExecutor(SearchRun::thread);

  private SearchRun(Connection connection, SourceSettings settings, SourceContext context) {
    this.connection = connection;
    this.settings = settings;
    this.context = context;
  }

  static SearchRun begin(Connection connection, SourceSettings settings, SourceContext context)
      throws IOException {
    SearchRun run = new SearchRun(connection, settings, context);
    try {
      run.list();
      run.keeper.scheduleWithFixedDelay(
          run::keepAlive, KEEP_ALIVE_SECONDS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
      return run;
    } catch (IOException | RuntimeException e) {
      run.keeper.shutdownNow();
      throw e;
    }
  }

  @Override
  public EntryCursor entries() {
    return EntryCursor.of(parts.values().stream().map(Known::entry).toList());
  }

  @Override
  public Content open(Entry entry) throws IOException {
    Known known = parts.get(entry.path());
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
  public void close() throws IOException {
    keeper.shutdownNow();
    try {
      for (IndexView view : views) {
        view.giveUp();
      }
    } catch (IOException e) {
      // The cluster forgets them by itself after a while.
      context.count("points in time left to the cluster", 1);
    } finally {
      connection.close();
    }
  }

  private void list() throws IOException {
    Cluster cluster = Cluster.ask(connection);
    Listing listing = new Listing(connection, settings);
    List<RawJson> streams = listing.streams();
    for (IndexFacts facts : listing.indices(streams)) {
      add(cluster, facts);
    }
  }

  private void add(Cluster cluster, IndexFacts facts) {
    IndexView view =
        new IndexView(connection, cluster, context, facts, settings.refresh(), this::finished);
    if (facts.stream().isEmpty()) {
      text(Names.ofIndex(facts, "aliases.json"), view::aliases);
    }
    text(Names.ofIndex(facts, "mappings.json"), view::mappings);
    text(Names.ofIndex(facts, "settings.json"), view::settings);
    if (!facts.open()) {
      context.warn(
          Names.ofIndex(facts, "settings.json"),
          "Index " + facts.name() + " is closed, so its documents are not in the backup; open it");
      return;
    }
    views.add(view);
    for (int i = 0; i < facts.slices(); i++) {
      Slice slice = new Slice(i, facts.slices(), facts.shards());
      EntryPath path = Names.ofIndex(facts, Names.DOCUMENTS + slice.fileName());
      Entry entry =
          Entry.builder(path, EntryKind.FILE).size(facts.bytes() / facts.slices()).build();
      parts.put(path, new Known(entry, shown -> documents(shown, view, slice)));
    }
  }

  private void text(EntryPath path, Text text) {
    Entry entry = Entry.builder(path, EntryKind.FILE).build();
    parts.put(path, new Known(entry, shown -> new BytesContent(shown, text.bytes())));
  }

  private Content documents(Entry entry, IndexView view, Slice slice) throws IOException {
    return DocumentContent.open(entry, view, slice, connection, settings.pageSize());
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

  private void keepAlive() {
    for (IndexView view : views) {
      try {
        view.keepAlive();
      } catch (IOException e) {
        // Whoever reads it is told by the cluster; nobody else misses it.
        context.count("points in time that could not be kept alive", 1);
      }
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "varve-search-keep-alive");
    thread.setDaemon(true);
    return thread;
  }
}
