package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a cluster has and a backup does not carry: asked for, so that the snapshot can say it. Each
 * is a request and where its answer counts or lists.
 */
final class NotCarried {

  /** What is looked for, by where to ask and which field of the answer holds them. */
  private record Question(String what, String path, String field) {}

  private static final List<Question> ELASTICSEARCH =
      List.of(
          new Question("anomaly detection jobs", "/_ml/anomaly_detectors", "jobs"),
          new Question("auto-follow patterns", "/_ccr/auto_follow", "patterns"),
          new Question("connectors", "/_connector", "results"),
          new Question("data frame analytics", "/_ml/data_frame/analytics", "data_frame_analytics"),
          new Question("enrich policies", "/_enrich/policy", "policies"),
          new Question("inference endpoints", "/_inference/_all", "endpoints"),
          new Question("Logstash pipelines", "/_logstash/pipeline", ""),
          new Question("query rules", "/_query_rules", "results"),
          new Question("role mappings", "/_security/role_mapping", ""),
          new Question("roles", "/_security/role", ""),
          new Question("rollup jobs", "/_rollup/job/_all", "jobs"),
          new Question("search applications", "/_application/search_application", "results"),
          new Question("snapshot lifecycle policies", "/_slm/policy", ""),
          new Question("snapshot repositories", "/_snapshot", ""),
          new Question("synonym sets", "/_synonyms", "results"),
          new Question("trained models", "/_ml/trained_models", "trained_model_configs"),
          new Question("transforms", "/_transform", "transforms"),
          new Question("users", "/_security/user", ""),
          new Question("watches", "/_watcher/_query/watches", "watches"));

  private static final List<Question> OPENSEARCH =
      List.of(
          new Question("action groups", "/_plugins/_security/api/actiongroups", ""),
          new Question("anomaly detectors", "/_plugins/_anomaly_detection/detectors", "detectors"),
          new Question(
              "auto-follow patterns",
              "/_plugins/_replication/autofollow_stats",
              "autofollow_stats"),
          new Question("monitors", "/_plugins/_alerting/monitors", "monitors"),
          new Question("notification channels", "/_plugins/_notifications/configs", "config_list"),
          new Question("role mappings", "/_plugins/_security/api/rolesmapping", ""),
          new Question("roles", "/_plugins/_security/api/roles", ""),
          new Question("rollup jobs", "/_plugins/_rollup/jobs", "rollups"),
          new Question("snapshot policies", "/_plugins/_sm/policies", "policies"),
          new Question("snapshot repositories", "/_snapshot", ""),
          new Question("transforms", "/_plugins/_transform", "transforms"),
          new Question("users", "/_plugins/_security/api/internalusers", ""));

  private NotCarried() {}

  /** Asks for all of it; what cannot be told is said to be so. */
  static RawJson ask(Connection connection, Cluster cluster) {
    SortedMap<String, RawJson> found = new TreeMap<>();
    for (Question question : cluster.opensearch() ? OPENSEARCH : ELASTICSEARCH) {
      ask(connection, question).ifPresent(answer -> found.put(question.what(), answer));
    }
    Map<String, RawJson> sorted = new LinkedHashMap<>(found);
    return RawJson.object(sorted);
  }

  private static Optional<RawJson> ask(Connection connection, Question question) {
    try {
      Answer answer = connection.once(Call.get(question.path()));
      if (answer.status() == 403) {
        return Optional.of(RawJson.string("not known, as asking is not allowed"));
      }
      return answer.status() == 200 ? count(answer.accepted(), question) : Optional.empty();
    } catch (IOException e) {
      return Optional.of(RawJson.string("not known, as asking failed"));
    }
  }

  private static Optional<RawJson> count(RawJson answer, Question question) {
    try {
      Optional<RawJson> all =
          question.field().isEmpty() ? Optional.of(answer) : answer.find(question.field());
      long count =
          all.isEmpty() ? 0 : all.get().isList() ? all.get().items().size() : names(all.get());
      return count == 0 ? Optional.empty() : Optional.of(RawJson.of(Long.toString(count)));
    } catch (IOException e) {
      return Optional.of(RawJson.string("not known, as the answer cannot be read"));
    }
  }

  private static long names(RawJson object) throws IOException {
    return object.isObject() ? object.fields().size() : 0;
  }
}
