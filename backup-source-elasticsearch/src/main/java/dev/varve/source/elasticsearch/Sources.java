package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * In which indices documents are not kept as they came.
 *
 * @param off those that keep none
 * @param filtered those that leave fields out
 */
record Sources(Set<String> off, Set<String> filtered) {

  /** Asks all indices, which mostly say nothing. */
  static Sources ask(Connection connection) throws IOException {
    RawJson all =
        connection.ask(Call.get("/_mapping?expand_wildcards=all&filter_path=*.mappings._source"));
    Set<String> off = new HashSet<>();
    Set<String> filtered = new HashSet<>();
    for (Map.Entry<String, RawJson> index : all.fields().entrySet()) {
      Optional<RawJson> source = index.getValue().find("mappings", "_source");
      if (source.isPresent()) {
        sort(index.getKey(), source.get(), off, filtered);
      }
    }
    return new Sources(off, filtered);
  }

  boolean areOff(String index) {
    return off.contains(index);
  }

  boolean areFiltered(String index) {
    return filtered.contains(index);
  }

  private static void sort(String index, RawJson source, Set<String> off, Set<String> filtered)
      throws IOException {
    Optional<RawJson> enabled = source.find("enabled");
    Optional<RawJson> mode = source.find("mode");
    if ((enabled.isPresent() && enabled.get().text().equals("false"))
        || (mode.isPresent() && mode.get().text().equals("disabled"))) {
      off.add(index);
    } else if (lists(source, "includes") || lists(source, "excludes")) {
      filtered.add(index);
    }
  }

  private static boolean lists(RawJson source, String field) throws IOException {
    Optional<RawJson> list = source.find(field);
    return list.isPresent() && !(list.get().isList() && list.get().items().isEmpty());
  }
}
