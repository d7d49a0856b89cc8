package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks which indices a cluster has. */
final class Listing {

  private final Connection connection;
  private final SourceSettings settings;

  Listing(Connection connection, SourceSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  /** All indices that are meant, with those of data streams that are meant. */
  List<IndexFacts> indices(List<RawJson> streams) throws IOException {
    Map<String, String> streamOf = new HashMap<>();
    for (RawJson stream : streams) {
      for (RawJson index : stream.at("indices").items()) {
        streamOf.put(index.at("index_name").text(), stream.at("name").text());
      }
    }
    String columns = "index,uuid,status,health,pri,pri.store.size";
    RawJson all =
        connection.ask(
            Call.get("/_cat/indices?format=json&bytes=b&expand_wildcards=all&h=" + columns));
    List<IndexFacts> indices = new ArrayList<>();
    for (RawJson line : all.items()) {
      String name = line.at("index").text();
      Optional<String> stream = Optional.ofNullable(streamOf.get(name));
      if (settings.admits(stream.orElse(name))) {
        indices.add(facts(line, name, stream));
      }
    }
    return indices;
  }

  /** All data streams, hidden ones too; none where the cluster knows no such thing. */
  List<RawJson> streams() throws IOException {
    try {
      RawJson answer = connection.ask(Call.get("/_data_stream/*?expand_wildcards=all"));
      return answer.at("data_streams").items();
    } catch (ServerException e) {
      // OpenSearch has no hidden ones, Elasticsearch 7 without its modules has none at all.
      if (e.status() != 400 && e.status() != 404 && e.status() != 405) {
        throw e;
      }
    }
    try {
      return connection.ask(Call.get("/_data_stream")).at("data_streams").items();
    } catch (ServerException e) {
      if (e.status() == 400 || e.status() == 404 || e.status() == 405) {
        return List.of();
      }
      throw e;
    }
  }

  private IndexFacts facts(RawJson line, String name, Optional<String> stream) throws IOException {
    boolean open = line.at("status").text().equals("open");
    int shards = Math.max(1, (int) number(line, "pri"));
    int perShard = Math.max(1, (settings.slices() + shards - 1) / shards);
    Optional<RawJson> health = line.find("health");
    return new IndexFacts(
        name,
        line.at("uuid").text(),
        stream,
        open,
        health.isPresent() ? health.get().text() : "",
        shards,
        number(line, "pri.store.size"),
        shards * perShard);
  }

  private static long number(RawJson line, String name) throws IOException {
    Optional<RawJson> value = line.find(name);
    return value.isPresent() ? value.get().number() : 0;
  }
}
