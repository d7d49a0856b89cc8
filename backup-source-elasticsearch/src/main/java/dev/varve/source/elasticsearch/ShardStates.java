package dev.varve.source.elasticsearch;

import dev.varve.Revision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tells by the numbers of the last writes whether documents of an index may have changed. Every
 * write to a shard has a number, one higher than the last; the history it belongs to and the term
 * of who gave it are part of the state, so that equal states mean equal documents.
 */
final class ShardStates {

  private static final String QUERY =
      "/_stats/docs?level=shards&expand_wildcards=open,hidden&filter_path=indices.*.uuid,"
          + "indices.*.shards.*.routing.primary,indices.*.shards.*.seq_no,"
          + "indices.*.shards.*.commit.user_data.history_uuid,"
          + "indices.*.shards.*.retention_leases.primary_term";

  private ShardStates() {}

  /**
   * The states of indices by name; those that are just written to, or do not tell, are missing.
   *
   * @param which a name, or {@code _all}
   */
  static Map<String, String> ask(Connection connection, String which) throws IOException {
    RawJson answer;
    try {
      answer = connection.ask(Call.get("/" + Call.step(which) + QUERY));
    } catch (ServerException e) {
      if (e.status() == 401) {
        throw e;
      }
      return Map.of();
    }
    Map<String, String> states = new HashMap<>();
    Optional<RawJson> indices = answer.find("indices");
    if (indices.isPresent()) {
      for (Map.Entry<String, RawJson> index : indices.get().fields().entrySet()) {
        state(index.getValue()).ifPresent(state -> states.put(index.getKey(), state));
      }
    }
    return states;
  }

  /** What is equal for the same state read in the same parts. */
  static Revision revision(String state, int slices) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(("lines 1, slices " + slices + ", ").getBytes(StandardCharsets.UTF_8));
      return Revision.of(digest.digest(state.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static Optional<String> state(RawJson index) throws IOException {
    Optional<RawJson> uuid = index.find("uuid");
    Optional<RawJson> shards = index.find("shards");
    if (uuid.isEmpty() || shards.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, String> states = new TreeMap<>();
    Map<String, RawJson> all = shards.get().fields();
    for (Map.Entry<String, RawJson> shard : all.entrySet()) {
      for (RawJson copy : copies(shard.getValue())) {
        primary(copy).ifPresent(state -> states.put(shard.getKey(), state));
      }
    }
    return states.size() == all.size() && !all.isEmpty()
        ? Optional.of(uuid.get().text() + states)
        : Optional.empty();
  }

  private static List<RawJson> copies(RawJson shard) throws IOException {
    return shard.isList() ? shard.items() : List.of();
  }

  /** The state of a primary to which nothing is being written; empty for all others. */
  private static Optional<String> primary(RawJson copy) throws IOException {
    Optional<RawJson> primary = copy.find("routing", "primary");
    Optional<RawJson> last = copy.find("seq_no", "max_seq_no");
    Optional<RawJson> local = copy.find("seq_no", "local_checkpoint");
    Optional<RawJson> global = copy.find("seq_no", "global_checkpoint");
    Optional<RawJson> history = copy.find("commit", "user_data", "history_uuid");
    Optional<RawJson> term = copy.find("retention_leases", "primary_term");
    boolean told =
        primary.isPresent() && last.isPresent() && history.isPresent() && term.isPresent();
    if (!told || !primary.get().isTrue() || !last.equals(local) || !last.equals(global)) {
      return Optional.empty();
    }
    return Optional.of(
        history.get().text() + "/" + term.get().number() + "/" + last.get().number());
  }
}
