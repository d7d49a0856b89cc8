package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The state of an index as a point in time, which both products know. */
final class PointInTime implements DocumentView {

  private final Connection connection;
  private final Cluster cluster;
  private volatile RawJson id;

  private PointInTime(Connection connection, Cluster cluster, RawJson id) {
    this.connection = connection;
    this.cluster = cluster;
    this.id = id;
  }

  /** Asks for one; all its shards must take part. */
  static PointInTime open(Connection connection, Cluster cluster, String index) throws IOException {
    String step = "/" + Call.step(index);
    String path =
        cluster.opensearch()
            ? step
                + "/_search/point_in_time?allow_partial_pit_creation=false&preference=_primary"
                + "&expand_wildcards=all&keep_alive="
            // The same copies of shards each night, as far as there are: others have their
            // documents in another order.
            : step + "/_pit?preference=varve&expand_wildcards=all&keep_alive=";
    RawJson answer = connection.ask(Call.post(path + KEEP_ALIVE));
    RawJson id = cluster.opensearch() ? answer.at("pit_id") : answer.at("id");
    return new PointInTime(connection, cluster, id);
  }

  @Override
  public InputStream page(Slice slice, int size, Optional<RawJson> after, Exchange exchange)
      throws IOException {
    return connection.stream(search(slice, size, after), exchange);
  }

  @Override
  public Optional<Connection.Sent<ArrivingBody>> ahead(
      Slice slice, int size, RawJson after, Exchange exchange) throws IOException {
    return Optional.of(connection.send(search(slice, size, Optional.of(after)), exchange));
  }

  private Call search(Slice slice, int size, Optional<RawJson> after) {
    boolean first = after.isEmpty();
    StringBuilder search = new StringBuilder(500);
    search.append("{\"size\":").append(size).append(",\"pit\":").append(pit());
    slice.clause().ifPresent(clause -> search.append(',').append(clause));
    // Each slice is of one shard, in which these are unique. By _shard_doc the cluster would look
    // at
    // all documents before those of the page, each time.
    search.append(",\"sort\":[{\"_doc\":\"asc\"}]");
    after.ifPresent(sort -> search.append(",\"search_after\":").append(sort));
    search.append(",\"version\":true,\"track_total_hits\":").append(first);
    search.append(",\"_source\":");
    search.append(cluster.leavesVectorsOut() ? "{\"exclude_vectors\":false}}" : "true}");
    return Call.post("/_search?allow_partial_search_results=false", RawJson.of(search.toString()));
  }

  @Override
  public boolean renamed(Slice slice, RawJson newId) {
    boolean other = !newId.equals(id);
    id = newId;
    return other;
  }

  @Override
  public boolean repeats() {
    return true;
  }

  @Override
  public void keepAlive() throws IOException {
    String search =
        "{\"size\":0,\"terminate_after\":1,\"track_total_hits\":false,\"pit\":" + pit() + "}";
    Call call = Call.post("/_search?allow_partial_search_results=false", RawJson.of(search));
    connection.ask(call);
  }

  @Override
  public void close() throws IOException {
    Call call =
        cluster.opensearch()
            ? Call.delete("/_search/point_in_time", RawJson.of("{\"pit_id\":[" + id + "]}"))
            : Call.delete("/_pit", RawJson.of("{\"id\":" + id + "}"));
    Answer answer = connection.once(call);
    if (answer.status() != 404) {
      answer.accepted();
    }
  }

  private String pit() {
    return "{\"id\":" + id + ",\"keep_alive\":\"" + KEEP_ALIVE + "\"}";
  }
}
