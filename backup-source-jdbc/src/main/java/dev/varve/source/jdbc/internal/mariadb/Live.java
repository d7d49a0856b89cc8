package dev.varve.source.jdbc.internal.mariadb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a schema holds at the moment, by kind and name. Immutable.
 *
 * @param exists whether there is such a schema
 * @param schema its name
 * @param things the names of all things of a kind
 */
record Live(String schema, boolean exists, Map<ObjectKind, List<String>> things) {

  /** Reads what there is. */
  static Live of(Session session, String schema) throws IOException {
    String attempted = "Listing what is in " + schema;
    String name = Names.text(schema);
    boolean exists =
        !session
            .rows(attempted, "SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME=" + name)
            .isEmpty();
    Map<ObjectKind, List<String>> things = new LinkedHashMap<>();
    if (exists) {
      String sql =
          "SELECT CASE TABLE_TYPE WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE"
              + " 'TABLE' END, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA="
              + name
              + " AND TABLE_TYPE<>'TEMPORARY' UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME FROM"
              + " information_schema.ROUTINES WHERE ROUTINE_SCHEMA="
              + name
              + " UNION ALL SELECT 'EVENT', EVENT_NAME FROM information_schema.EVENTS WHERE"
              + " EVENT_SCHEMA="
              + name
              + " UNION ALL SELECT 'TRIGGER', TRIGGER_NAME FROM information_schema.TRIGGERS WHERE"
              + " TRIGGER_SCHEMA="
              + name;
      for (Row row : session.rows(attempted, sql)) {
        String kind = row.text(1).toUpperCase(Locale.ROOT).replace(' ', '_');
        things.computeIfAbsent(ObjectKind.valueOf(kind), k -> new ArrayList<>()).add(row.text(2));
      }
    }
    return new Live(schema, exists, things);
  }

  /** The names of all things of a kind. */
  List<String> all(ObjectKind kind) {
    return things.getOrDefault(kind, List.of());
  }

  /** Whether there is something that such a thing cannot stand beside. */
  boolean has(ObjectKind kind, String name) {
    return switch (kind) {
      case TABLE, VIEW, SEQUENCE ->
          all(ObjectKind.TABLE).contains(name)
              || all(ObjectKind.VIEW).contains(name)
              || all(ObjectKind.SEQUENCE).contains(name);
      default -> all(kind).contains(name);
    };
  }
}
