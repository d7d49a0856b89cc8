package dev.varve.source.elasticsearch;

import dev.varve.source.SourceContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Says what a backup would lack, by asking for as little as possible. */
final class SourceCheck {

  private static final RawJson PRIVILEGES =
      RawJson.of(
          "{\"cluster\":[\"monitor\"],\"index\":[{\"names\":[\"*\"],\"privileges\":"
              + "[\"read\",\"view_index_metadata\",\"monitor\",\"maintenance\"]}]}");

  private final Connection connection;
  private final SourceSettings settings;
  private final SourceContext context;

  SourceCheck(Connection connection, SourceSettings settings, SourceContext context) {
    this.connection = connection;
    this.settings = settings;
    this.context = context;
  }

  /**
   * Warns of what would be left out.
   *
   * @throws IOException if there would be no backup at all
   */
  void run() throws IOException {
    Cluster cluster = Cluster.ask(connection);
    cluster.requireKnown();
    privileges(cluster);
    Listing listing = new Listing(connection, settings);
    List<RawJson> streams = listing.streams();
    Set<String> found = new HashSet<>();
    for (RawJson stream : streams) {
      found.add(stream.at("name").text());
    }
    Sources sources = Sources.ask(connection);
    Optional<IndexFacts> readable = Optional.empty();
    for (IndexFacts index : listing.indices(streams)) {
      found.add(index.name());
      if (!index.open()) {
        context.warn("Index " + index.name() + " is closed: its documents cannot be read; open it");
      } else if (index.health().equals("red")) {
        context.warn(
            "Index " + index.name() + " is red: shards of it are missing; look at _cluster/health");
      } else {
        readable = Optional.of(index);
      }
      if (sources.areOff(index.name())) {
        context.warn("Index " + index.name() + " keeps no _source: its documents cannot be read");
      } else if (sources.areFiltered(index.name())) {
        context.warn("The _source of index " + index.name() + " lacks fields by its mappings");
      }
    }
    for (String name : settings.patterns().named()) {
      if (!found.contains(name)) {
        context.warn("The cluster has no index or data stream " + name);
      }
    }
    if (readable.isPresent() && cluster.hasPointsInTime()) {
      PointInTime.open(connection, cluster, readable.get().name()).close();
    }
  }

  private void privileges(Cluster cluster) throws IOException {
    if (cluster.opensearch()) {
      return;
    }
    Answer answer = connection.once(Call.post("/_security/user/_has_privileges", PRIVILEGES));
    // Without security, or without its module, nothing needs a privilege.
    if (answer.status() == 200 && !answer.accepted().at("has_all_requested").isTrue()) {
      List<String> missing = new ArrayList<>();
      collect(answer.accepted().find("cluster"), missing);
      collect(answer.accepted().find("index", "*"), missing);
      context.warn(
          "The user lacks the privileges " + missing + " of the cluster or of all indices");
    }
  }

  private static void collect(Optional<RawJson> privileges, List<String> missing)
      throws IOException {
    if (privileges.isPresent()) {
      for (Map.Entry<String, RawJson> privilege : privileges.get().fields().entrySet()) {
        if (!privilege.getValue().isTrue()) {
          missing.add(privilege.getKey());
        }
      }
    }
  }
}
