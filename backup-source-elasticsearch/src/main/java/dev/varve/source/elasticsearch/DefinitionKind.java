package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Kinds of things that a cluster has besides indices, in the order in which they can be restored.
 * Each knows how it is listed, and how one is written.
 */
enum DefinitionKind {
  CLUSTER_SETTINGS("cluster-settings/", ElasticsearchTarget.Part.CLUSTER_SETTINGS) {
    @Override
    SortedMap<String, RawJson> ask(Connection connection) throws IOException {
      RawJson all = connection.ask(Call.get("/_cluster/settings?flat_settings=true"));
      SortedMap<String, RawJson> found = new TreeMap<>();
      if (!all.at("persistent").fields().isEmpty()) {
        found.put("persistent", all.at("persistent"));
      }
      return found;
    }

    @Override
    Call put(String name, RawJson body) {
      return Call.put("/_cluster/settings", RawJson.object(Map.of("persistent", body)));
    }
  },
  LIFECYCLE_POLICIES("policies/lifecycle/", ElasticsearchTarget.Part.POLICIES) {
    @Override
    SortedMap<String, RawJson> ask(Connection connection) throws IOException {
      // Who uses a policy and when it was changed is not its definition.
      return each(named(connection.ask(Call.get("/_ilm/policy"))), "policy");
    }

    @Override
    Call put(String name, RawJson body) {
      return Call.put("/_ilm/policy/" + Call.step(name), RawJson.object(Map.of("policy", body)));
    }
  },
  STATE_POLICIES("policies/state/", ElasticsearchTarget.Part.POLICIES) {
    @Override
    SortedMap<String, RawJson> ask(Connection connection) throws IOException {
      RawJson all = connection.ask(Call.get("/_plugins/_ism/policies?size=10000"));
      return listed(all.at("policies"), "_id", "policy");
    }

    @Override
    Call put(String name, RawJson body) {
      return Call.put(path(name), RawJson.object(Map.of("policy", body)));
    }

    @Override
    Call replace(Connection connection, String name, RawJson body) throws IOException {
      RawJson there = connection.ask(Call.get(path(name)));
      return Call.put(
          path(name)
              + "?if_seq_no="
              + there.at("_seq_no").number()
              + "&if_primary_term="
              + there.at("_primary_term").number(),
          RawJson.object(Map.of("policy", body)));
    }

    private String path(String name) {
      return "/_plugins/_ism/policies/" + Call.step(name);
    }
  },
  SCRIPTS("scripts/", ElasticsearchTarget.Part.SCRIPTS) {
    @Override
    SortedMap<String, RawJson> ask(Connection connection) throws IOException {
      RawJson all =
          connection.ask(Call.get("/_cluster/state/metadata?filter_path=metadata.stored_scripts"));
      Optional<RawJson> scripts = all.find("metadata", "stored_scripts");
      return scripts.isPresent() ? named(scripts.get()) : new TreeMap<>();
    }

    @Override
    Call put(String name, RawJson body) {
      return Call.put("/_scripts/" + Call.step(name), RawJson.object(Map.of("script", body)));
    }
  },
  INGEST_PIPELINES("pipelines/ingest/", ElasticsearchTarget.Part.PIPELINES) {
    @Override
    SortedMap<String, RawJson> ask(Connection connection) throws IOException {
      return named(connection.ask(Call.get("/_ingest/pipeline")));
    }

    @Override
    Call put(String name, RawJson body) {
      return Call.put("/_ingest/pipeline/" + Call.step(name), body);
    }
  },
  SEARCH_PIPELINES("pipelines/search/", ElasticsearchTarget.Part.PIPELINES) {
    @Override
    SortedMap<String, RawJson> ask(Connection connection) throws IOException {
      return named(connection.ask(Call.get("/_search/pipeline")));
    }

    @Override
    Call put(String name, RawJson body) {
      return Call.put("/_search/pipeline/" + Call.step(name), body);
    }
  },
  COMPONENT_TEMPLATES("templates/component/", ElasticsearchTarget.Part.TEMPLATES) {
    @Override
    SortedMap<String, RawJson> ask(Connection connection) throws IOException {
      RawJson all = connection.ask(Call.get("/_component_template"));
      return listed(all.at("component_templates"), "name", "component_template");
    }

    @Override
    Call put(String name, RawJson body) {
      return Call.put("/_component_template/" + Call.step(name), body);
    }
  },
  INDEX_TEMPLATES("templates/index/", ElasticsearchTarget.Part.TEMPLATES) {
    @Override
    SortedMap<String, RawJson> ask(Connection connection) throws IOException {
      RawJson all = connection.ask(Call.get("/_index_template"));
      return listed(all.at("index_templates"), "name", "index_template");
    }

    @Override
    Call put(String name, RawJson body) {
      return Call.put("/_index_template/" + Call.step(name), body);
    }
  },
  LEGACY_TEMPLATES("templates/legacy/", ElasticsearchTarget.Part.TEMPLATES) {
    @Override
    SortedMap<String, RawJson> ask(Connection connection) throws IOException {
      return named(connection.ask(Call.get("/_template")));
    }

    @Override
    Call put(String name, RawJson body) {
      return Call.put("/_template/" + Call.step(name), body);
    }
  };

  /**
   * When something was made or changed, and by which call: the cluster tells, nobody may set it.
   */
  private static final Set<String> TOLD_BY_THE_CLUSTER =
      Set.of(
          "created_date",
          "created_date_millis",
          "modified_date",
          "modified_date_millis",
          "last_updated_time");

  private final String directory;
  private final ElasticsearchTarget.Part part;

  DefinitionKind(String directory, ElasticsearchTarget.Part part) {
    this.directory = directory;
    this.part = part;
  }

  /** Where they lie in a snapshot, ending in a slash. */
  String directory() {
    return directory;
  }

  /** What a restore calls them. */
  ElasticsearchTarget.Part part() {
    return part;
  }

  /**
   * All of this kind, by name; empty where the cluster knows no such thing.
   *
   * @throws ServerException also if they may not be asked for
   */
  SortedMap<String, RawJson> list(Connection connection) throws IOException {
    try {
      SortedMap<String, RawJson> all = new TreeMap<>();
      for (Map.Entry<String, RawJson> one : ask(connection).entrySet()) {
        all.put(one.getKey(), definition(one.getValue()));
      }
      return all;
    } catch (ServerException e) {
      if (e.status() == 400 || e.status() == 404 || e.status() == 405 || e.status() == 410) {
        return new TreeMap<>();
      }
      throw e;
    }
  }

  /** Asks for all of this kind. */
  abstract SortedMap<String, RawJson> ask(Connection connection) throws IOException;

  /** The request that makes one, or replaces it. */
  abstract Call put(String name, RawJson body);

  /** The request that replaces one that is there. */
  Call replace(Connection connection, String name, RawJson body) throws IOException {
    return put(name, body);
  }

  /** Whether the server brings this one along itself. */
  static boolean isBuiltIn(String name, RawJson definition) throws IOException {
    Optional<RawJson> managed = definition.find("_meta", "managed");
    return name.startsWith(".") || (managed.isPresent() && managed.get().isTrue());
  }

  private static RawJson definition(RawJson told) throws IOException {
    Map<String, RawJson> fields = new LinkedHashMap<>(told.fields());
    return fields.keySet().removeAll(TOLD_BY_THE_CLUSTER) ? RawJson.object(fields) : told;
  }

  private static SortedMap<String, RawJson> named(RawJson all) throws IOException {
    return new TreeMap<>(all.fields());
  }

  private static SortedMap<String, RawJson> each(SortedMap<String, RawJson> all, String field)
      throws IOException {
    for (Map.Entry<String, RawJson> one : all.entrySet()) {
      one.setValue(one.getValue().at(field));
    }
    return all;
  }

  private static SortedMap<String, RawJson> listed(RawJson all, String name, String definition)
      throws IOException {
    SortedMap<String, RawJson> found = new TreeMap<>();
    List<RawJson> items = all.items();
    for (RawJson item : items) {
      found.put(item.at(name).text(), item.at(definition));
    }
    return found;
  }
}
