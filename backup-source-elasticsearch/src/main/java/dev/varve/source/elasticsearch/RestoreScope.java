package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.target.SnapshotContents;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/**
 * What every part of one restore needs. Safe for use by many threads.
 *
 * @param connection asks the cluster; broken off when the restore is cancelled
 * @param tidying asks the cluster to put back what was set for the time of loading, also then
 * @param cluster what it is
 * @param settings what is wanted
 * @param contents what the snapshot holds
 * @param context who is told
 */
record RestoreScope(
    Connection connection,
    Connection tidying,
    Cluster cluster,
    TargetSettings settings,
    SnapshotContents contents,
    TargetContext context) {

  /** Something that is done with the cluster. */
  interface Work<T> {
    T run() throws IOException;
  }

  /** Puts back what was set for the time of some work. */
  interface Tidying<T> {
    void run(Optional<T> done) throws IOException;
  }

  /** Does some work and tidies up behind it, also if it fails. */
  static <T> T tidied(Work<T> work, Tidying<T> tidying) throws IOException {
    T done;
    try {
      done = work.run();
    } catch (IOException | RuntimeException e) {
      try {
        tidying.run(Optional.empty());
      } catch (IOException also) {
        e.addSuppressed(also);
      }
      throw e;
    }
    tidying.run(Optional.of(done));
    return done;
  }

  /** The JSON of an entry, selected or not. */
  RawJson json(EntryPath path) throws IOException {
    try (InputStream in = contents.open(path)) {
      return RawJson.of(in.readAllBytes()).trimmed();
    }
  }

  /** The JSON of an entry, selected or not; an empty object where there is none. */
  RawJson jsonOrNothing(EntryPath path) throws IOException {
    return contents.find(path).isPresent() ? json(path) : RawJson.of("{}");
  }

  /** Whether things of this kind are wanted. */
  boolean wants(ElasticsearchTarget.Part part) {
    return settings.parts().contains(part);
  }

  boolean isMode(ElasticsearchTarget.Mode mode) {
    return settings.mode() == mode;
  }

  void refuse(Entry entry, String why) {
    context.warn(entry.path(), "Not restored: " + why);
  }

  void checkGoingOn() throws IOException {
    if (context.cancelled()) {
      throw new IOException("The restore was cancelled");
    }
  }

  /** Sets settings of an index; doing so twice does no harm. */
  void set(Connection by, String index, Map<String, RawJson> values) throws IOException {
    if (!values.isEmpty()) {
      by.ask(Call.put("/" + Call.step(index) + "/_settings", RawJson.object(values)));
    }
  }

  /** How many documents an index or data stream has, all of them made visible. */
  long count(String index) throws IOException {
    String step = "/" + Call.step(index);
    connection.ask(Call.post(step + "/_refresh"));
    return connection.ask(Call.get(step + "/_count")).at("count").number();
  }
}
