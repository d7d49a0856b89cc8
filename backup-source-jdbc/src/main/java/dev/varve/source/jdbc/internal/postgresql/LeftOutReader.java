package dev.varve.source.jdbc.internal.postgresql;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Names what a user made and a dump does not carry: nothing is left out in silence. */
final class LeftOutReader {

  private final Inventory inventory;

  LeftOutReader(Inventory inventory) {
    this.inventory = inventory;
  }

  void read() throws SQLException {
    for (Map.Entry<String, String> kind : inSchemas().entrySet()) {
      name(kind.getKey(), kind.getValue(), true);
    }
    for (Map.Entry<String, String> kind : ofDatabase().entrySet()) {
      name(kind.getKey(), kind.getValue(), false);
    }
    special();
  }

  private void name(String what, String from, boolean inSchema) throws SQLException {
    if (!has(what)) {
      return;
    }
    String[] parts = from.split(" ", -1);
    String catalog = parts[0];
    String name = parts[1];
    String schema = inSchema ? parts[2] : "";
    String more =
        parts.length > 3
            ? String.join(" ", java.util.List.of(parts).subList(3, parts.length))
            : "true";
    inventory
        .catalog()
        .visit(
            "SELECT "
                + (inSchema ? "quote_ident(n.nspname) || '.' || " : "")
                + name
                + "::text AS name FROM "
                + catalog
                + " x "
                + (inSchema ? "JOIN pg_namespace n ON n.oid = " + schema : "")
                + " WHERE x.oid >= 16384 AND "
                + (inSchema ? Catalog.USER_SCHEMA + " AND " : "")
                + more
                + " AND "
                + Catalog.own(catalog, "x.oid")
                + " ORDER BY 1",
            row -> inventory.leaveOut(what + " " + row.text("name")));
  }

  private boolean has(String what) throws SQLException {
    String kind = what.toUpperCase(Locale.ROOT).replace(' ', '_');
    return inventory.catalog().has(Occurrence.valueOf(kind));
  }

  /** What, as {@link Occurrence} calls it: catalog, name, schema, condition. */
  private static Map<String, String> inSchemas() {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("operator", "pg_operator oprname oprnamespace");
    kinds.put("operator class", "pg_opclass opcname opcnamespace");
    kinds.put("operator family", "pg_opfamily opfname opfnamespace");
    kinds.put("conversion", "pg_conversion conname connamespace");
    kinds.put("text search configuration", "pg_ts_config cfgname cfgnamespace");
    kinds.put("text search dictionary", "pg_ts_dict dictname dictnamespace");
    kinds.put("text search parser", "pg_ts_parser prsname prsnamespace");
    kinds.put("text search template", "pg_ts_template tmplname tmplnamespace");
    kinds.put("foreign table", "pg_class relname relnamespace relkind = 'f'");
    kinds.put(
        "base type",
        "pg_type typname typnamespace typtype = 'b' AND NOT (typcategory = 'A' AND typelem <> 0)");
    kinds.put("shell type", "pg_type typname typnamespace typtype = 'p'");
    return kinds;
  }

  private static Map<String, String> ofDatabase() {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("access method", "pg_am amname");
    kinds.put("procedural language", "pg_language lanname");
    kinds.put("foreign data wrapper", "pg_foreign_data_wrapper fdwname");
    kinds.put("foreign server", "pg_foreign_server srvname");
    kinds.put("publication", "pg_publication pubname");
    return kinds;
  }

  private void special() throws SQLException {
    Catalog catalog = inventory.catalog();
    if (catalog.has(Occurrence.CAST)) {
      catalog.visit(
          "SELECT format_type(castsource, NULL) || ' to ' || format_type(casttarget, NULL) AS name"
              + " FROM pg_cast x WHERE x.oid >= 16384 AND "
              + Catalog.own("pg_cast", "x.oid")
              // A range brings its own.
              + " AND NOT EXISTS (SELECT FROM pg_range WHERE rngtypid = castsource)",
          row -> inventory.leaveOut("cast from " + row.text("name")));
    }
    if (catalog.has(Occurrence.TRANSFORM)) {
      catalog.visit(
          "SELECT format_type(trftype, NULL) AS name FROM pg_transform x WHERE x.oid >= 16384 AND "
              + Catalog.own("pg_transform", "x.oid"),
          row -> inventory.leaveOut("transform for " + row.text("name")));
    }
    if (catalog.has(Occurrence.FOREIGN_SERVER)) {
      catalog.visit(
          "SELECT coalesce(usename::text, 'PUBLIC') || ' on ' || srvname AS name"
              + " FROM pg_user_mappings",
          row -> inventory.leaveOut("user mapping of " + row.text("name")));
    }
    // Who may not read pg_subscription itself may read these columns.
    catalog.visit(
        "SELECT subname FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database"
            + " WHERE datname = current_database())",
        row -> inventory.leaveOut("subscription " + row.text("subname")));
    if (catalog.has(Occurrence.SECURITY_LABEL) || catalog.has(Occurrence.SHARED_SECURITY_LABEL)) {
      catalog.visit(
          "SELECT objtype || ' ' || objname AS name FROM pg_seclabels WHERE objtype NOT IN"
              + " ('role', 'tablespace', 'database')",
          row -> inventory.leaveOut("security label on " + row.text("name")));
    }
    catalog.visit(
        changedPrivileges("pg_proc", "proname", "proacl", "true")
            + " UNION "
            + changedPrivileges(
                "pg_class",
                "relname",
                "relacl",
                "relnamespace <> 'information_schema'::regnamespace")
            + " ORDER BY 1",
        row ->
            inventory.leaveOut(
                "privileges changed on what the server brings: " + row.text("name")));
  }

  /**
   * A query for what the server or an extension brings with other privileges now. A join: asking
   * for each of thousands of functions what it came with takes the server longer than all else.
   */
  private static String changedPrivileges(String catalog, String name, String acl, String more) {
    return "SELECT x."
        + name
        + "::text AS name FROM "
        + catalog
        + " x LEFT JOIN pg_init_privs i ON i.classoid = '"
        + catalog
        + "'::regclass AND i.objoid = x.oid AND i.objsubid = 0 WHERE x."
        + acl
        + "::text IS DISTINCT FROM i.initprivs::text AND (x.oid < 16384 OR NOT "
        + Catalog.own(catalog, "x.oid")
        + ") AND "
        + more;
  }
}
