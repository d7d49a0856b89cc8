package dev.varve.mariadbtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Describes a schema by what the server itself says of it, to be compared. Stateless. */
final class Judge {

  private Judge() {}

  /** Two schemas are the same in everything the servers tell of them, and in all rows. */
  static void assertEqual(
      MariaDbServer server, String schema, MariaDbServer otherServer, String other) {
    Map<String, String> expected = definitions(server, schema);
    Map<String, String> found = definitions(otherServer, other);
    expected.forEach((thing, text) -> assertEquals(text, found.get(thing), thing));
    assertEquals(expected.keySet(), found.keySet());
    assertEquals(
        String.join("\n", rows(server, schema)), String.join("\n", rows(otherServer, other)));
  }

  /** Everything but rows: one text a thing, the schema's name being {@code @}. */
  static Map<String, String> definitions(MariaDbServer server, String schema) {
    Map<String, String> all = new TreeMap<>();
    all.put(
        "schema",
        server.one(
            "",
            "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME, SCHEMA_COMMENT FROM"
                + " information_schema.SCHEMATA WHERE SCHEMA_NAME='"
                + schema
                + "'"));
    String things =
        "SELECT IF(TABLE_TYPE IN ('VIEW','SEQUENCE'),TABLE_TYPE,'TABLE'), TABLE_NAME FROM"
            + " information_schema.TABLES WHERE TABLE_SCHEMA='"
            + schema
            + "' UNION ALL SELECT"
            + " ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE"
            + " ROUTINE_SCHEMA='"
            + schema
            + "' UNION ALL SELECT 'EVENT', EVENT_NAME FROM"
            + " information_schema.EVENTS WHERE EVENT_SCHEMA='"
            + schema
            + "' UNION ALL SELECT"
            + " 'TRIGGER', TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA='"
            + schema
            + "'";
    for (String thing : server.ask("", things)) {
      String[] words = thing.split(" \\| ", 2);
      String shown =
          String.join(
              "\n",
              server.ask(
                  schema, "SHOW CREATE " + words[0] + " `" + words[1].replace("`", "``") + "`"));
      shown = shown.replaceAll(" \\| \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d+$", "");
      all.put(words[0] + " " + words[1], shown.replace("`" + schema + "`", "`@`"));
    }
    all.put(
        "columns",
        String.join(
                "\n",
                server.ask(
                    "",
                    "SELECT TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, COLUMN_DEFAULT,"
                        + " IS_NULLABLE, CHARACTER_SET_NAME, COLLATION_NAME, EXTRA, COLUMN_COMMENT FROM"
                        + " information_schema.COLUMNS WHERE TABLE_SCHEMA='"
                        + schema
                        + "' ORDER BY 1, 2"))
            .replace("`" + schema + "`", "`@`"));
    all.put(
        "triggers",
        String.join(
            "\n",
            server.ask(
                "",
                "SELECT EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER,"
                    + " TRIGGER_NAME, SQL_MODE, DEFINER FROM information_schema.TRIGGERS WHERE"
                    + " TRIGGER_SCHEMA='"
                    + schema
                    + "' ORDER BY 1, 2, 3, 4")));
    return all;
  }

  /**
   * The server's checksum of each table, computed from all rows, and their number. A table that is
   * system-versioned has the times of its rows in its checksum, so that is computed of the rest.
   */
  static List<String> rows(MariaDbServer server, String schema) {
    List<String> sums = new ArrayList<>();
    for (String table :
        server.ask(
            "",
            "SELECT CONCAT(TABLE_TYPE,' ',TABLE_NAME) FROM information_schema.TABLES WHERE"
                + " TABLE_SCHEMA='"
                + schema
                + "' AND TABLE_TYPE IN ('BASE TABLE','SYSTEM VERSIONED') ORDER BY TABLE_NAME")) {
      boolean versioned = table.startsWith("SYSTEM VERSIONED");
      String plain = table.replaceFirst("BASE TABLE |SYSTEM VERSIONED ", "");
      String name = "`" + plain.replace("`", "``") + "`";
      String sum =
          versioned
              ? String.join(";", server.ask(schema, "SELECT * FROM " + name + " ORDER BY 1"))
              : server.one(schema, "CHECKSUM TABLE " + name + " EXTENDED");
      sums.add(
          plain
              + sum.substring(Math.max(0, sum.indexOf(" | ")))
              + " "
              + server.one(schema, "SELECT COUNT(*) FROM " + name));
    }
    return sums;
  }
}
