package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceLostException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One index while it is backed up: its point in time, which is opened when the first of its slices
 * is read, and its definition. Safe for use by many threads.
 */
final class IndexView {

  /** Hears that all of an index was read. */
  interface Finished {
    void accept(IndexView view) throws IOException;
  }

  private final Connection connection;
  private final Cluster cluster;
  private final SourceContext context;
  private final IndexFacts facts;
  private final Optional<String> state;
  private final boolean refresh;
  private final Finished whenFinished;

  private Optional<DocumentView> view = Optional.empty();
  private Optional<IOException> failure = Optional.empty();
  private Optional<RawJson> definition = Optional.empty();
  private final Set<Integer> finished = new HashSet<>();
  private boolean changed;
  private boolean givenUp;

  IndexView(
      Connection connection,
      Cluster cluster,
      SourceContext context,
      IndexFacts facts,
      Optional<String> state,
      boolean refresh,
      Finished whenFinished) {
    this.connection = connection;
    this.cluster = cluster;
    this.context = context;
    this.facts = facts;
    this.state = state;
    this.refresh = refresh;
    this.whenFinished = whenFinished;
  }

  String name() {
    return facts.name();
  }

  /** Whether the index belongs to a data stream. */
  boolean isOfStream() {
    return facts.stream().isPresent();
  }

  /** So many documents were read. */
  void count(long documents) {
    context.count("documents", documents);
  }

  /** The one state that is read of this index. */
  synchronized DocumentView documents() throws IOException {
    if (givenUp) {
      throw new SourceLostException(
          "Index " + name() + " was read already, and that state is gone; run the backup again");
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    if (view.isEmpty()) {
      try {
        view = Optional.of(open());
      } catch (IOException e) {
        failure = Optional.of(failed(e));
        throw failure.get();
      }
    }
    return view.get();
  }

  /** Its mappings, without comments and as the cluster writes them. */
  synchronized byte[] mappings() throws IOException {
    return line(definition().at("mappings"));
  }

  /** Its settings, their names with dots. */
  synchronized byte[] settings() throws IOException {
    return line(definition().at("settings"));
  }

  /** Its aliases with their filters and routing. */
  byte[] aliases() throws IOException {
    return line(ask("/_alias").at("aliases"));
  }

  /** A slice was read to its end. */
  Entry finished(Slice slice, Entry entry) throws IOException {
    boolean all;
    synchronized (this) {
      finished.add(slice.number());
      all = finished.size() == facts.slices();
    }
    if (all) {
      whenFinished.accept(this);
    }
    return isAsListed() ? entry : entry.toBuilder().withoutRevision().build();
  }

  /**
   * Fails if some slices were taken over from an older backup, and the others read after the index
   * had changed.
   */
  synchronized void requireOneState() throws SourceLostException {
    if (changed && !finished.isEmpty() && finished.size() < facts.slices()) {
      throw new SourceLostException(
          "Index " + name() + " changed before the rest of it could be read; run the backup again");
    }
  }

  /** Whether the documents that are read are those the listing told the state of. */
  private synchronized boolean isAsListed() {
    return !changed;
  }

  /** Lets the cluster keep the point in time, if there is one. */
  void keepAlive() throws IOException {
    Optional<DocumentView> open;
    synchronized (this) {
      open = view;
    }
    if (open.isPresent()) {
      open.get().keepAlive();
    }
  }

  /** Lets the cluster forget the point in time. */
  void giveUp() throws IOException {
    Optional<DocumentView> open;
    synchronized (this) {
      open = view;
      givenUp |= view.isPresent();
      view = Optional.empty();
    }
    if (open.isPresent()) {
      open.get().close();
    }
  }

  private DocumentView open() throws IOException {
    boolean visible = refresh && refresh();
    DocumentView opened =
        cluster.hasPointsInTime()
            ? PointInTime.open(connection, cluster, name())
            : Scrolls.open(connection, name(), facts.slices(), facts.shards());
    if (state.isPresent()) {
      String now = ShardStates.ask(connection, name()).getOrDefault(name(), "");
      changed = !visible || !now.equals(state.get());
    }
    if (definition.isPresent() && !isSameMapping(definition.get(), askDefinition())) {
      throw new SourceLostException(
          "The mappings of index " + name() + " changed while it was read; run the backup again");
    }
    return opened;
  }

  /**
   * What was acknowledged shall be in the backup, also if it cannot be found yet.
   *
   * @return whether all of it certainly is
   */
  private boolean refresh() throws IOException {
    try {
      RawJson answer = connection.ask(Call.post("/" + Call.step(name()) + "/_refresh"));
      return answer.at("_shards", "failed").number() == 0;
    } catch (ServerException e) {
      if (e.status() != 403) {
        throw e;
      }
      context.count("indices that could not be refreshed", 1);
      return false;
    }
  }

  private RawJson definition() throws IOException {
    if (definition.isEmpty()) {
      definition = Optional.of(askDefinition());
    }
    return definition.get();
  }

  private RawJson askDefinition() throws IOException {
    return ask("?flat_settings=true");
  }

  private RawJson ask(String what) throws IOException {
    try {
      return connection.ask(Call.get("/" + Call.step(name()) + what)).at(name());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private IOException failed(IOException e) {
    if (e instanceof ServerException server && server.status() == 404) {
      NoSuchFileException gone =
          new NoSuchFileException(name(), null, "the index was deleted meanwhile");
      gone.initCause(e);
      return gone;
    }
    return e;
  }

  private static boolean isSameMapping(RawJson one, RawJson other) throws IOException {
    return one.at("mappings").canonical().equals(other.at("mappings").canonical());
  }

  private static byte[] line(RawJson value) {
    return (value + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
