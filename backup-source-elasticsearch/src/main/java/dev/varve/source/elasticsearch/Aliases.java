package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives names to indices, all at once. */
final class Aliases {

  private Aliases() {}

  /**
   * Gives an index the aliases that a snapshot holds, after some other actions.
   *
   * @param stored filters and routing by the alias's name
   * @throws ServerException if the cluster does none of it
   */
  static void add(RestoreScope scope, String index, RawJson stored, List<RawJson> first)
      throws IOException {
    List<RawJson> actions = new ArrayList<>(first);
    for (Map.Entry<String, RawJson> alias : stored.fields().entrySet()) {
      String name = scope.settings().renamed(alias.getKey());
      if (scope.settings().renamed().isPresent() && name.equals(alias.getKey())) {
        scope.context().count("aliases left out, as they are not renamed", 1);
      } else {
        actions.add(added(index, name, alias.getValue()));
      }
    }
    if (!actions.isEmpty()) {
      RawJson body = RawJson.object(Map.of("actions", RawJson.list(actions)));
      scope.connection().change(Call.post("/_aliases", body));
    }
  }

  /** The action that gives an index an alias. */
  static RawJson added(String index, String alias, RawJson filterAndRouting) throws IOException {
    Map<String, RawJson> fields = new LinkedHashMap<>();
    fields.put("index", RawJson.string(index));
    fields.put("alias", RawJson.string(alias));
    fields.putAll(filterAndRouting.fields());
    return RawJson.object(Map.of("add", RawJson.object(fields)));
  }

  /** The action that takes an alias from an index. */
  static RawJson removed(String index, String alias) {
    return RawJson.object(
        Map.of(
            "remove",
            RawJson.object(
                Map.of("index", RawJson.string(index), "alias", RawJson.string(alias)))));
  }

  /** The action that deletes an index. */
  static RawJson removedIndex(String index) {
    return RawJson.object(
        Map.of("remove_index", RawJson.object(Map.of("index", RawJson.string(index)))));
  }
}
