package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.sql.SQLException;
import java.util.Optional;

/** Reads what acts by itself: triggers, rules, row security and event triggers. */
final class BehaviourReader {

  private static final String RELATION =
      "n.nspname, t.relname, t.relkind, t.oid AS table_oid,"
          + " quote_ident(n.nspname) || '.' || quote_ident(t.relname) AS table_name ";

  private static final String OWN_RELATION =
      Catalog.USER_SCHEMA + " AND " + Catalog.own("pg_class", "t.oid");

  private final Catalog catalog;
  private final Inventory inventory;

  BehaviourReader(Inventory inventory) {
    this.catalog = inventory.catalog();
    this.inventory = inventory;
  }

  void read() throws SQLException {
    triggers();
    rules();
    rowSecurity();
    eventTriggers();
  }

  private Definition add(Catalog.Row row, ObjectId id, Kind kind, String... below)
      throws SQLException {
    String relations =
        switch (row.text("relkind")) {
          case "v" -> "views";
          case "m" -> "materialized-views";
          default -> "tables";
        };
    String[] steps = new String[below.length + 3];
    steps[0] = row.text("nspname");
    steps[1] = relations;
    steps[2] = row.text("relname");
    System.arraycopy(below, 0, steps, 3, below.length);
    Definition definition =
        inventory.add(
            id,
            kind,
            PathNames.path(steps),
            row.text("nspname"),
            row.text("table_name"),
            Optional.of(new TableName(row.text("nspname"), row.text("relname"))));
    inventory.need(id, ObjectId.relation(row.number("table_oid")));
    return definition;
  }

  private void triggers() throws SQLException {
    if (!catalog.has(Occurrence.TRIGGER)) {
      return;
    }
    String clone =
        catalog.since(
            13,
            "tgparentid <> 0",
            "EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_trigger'::regclass"
                + " AND d.objid = g.oid AND d.refclassid = 'pg_trigger'::regclass)");
    String parentState =
        catalog.since(
            13,
            "(SELECT pg.tgenabled FROM pg_trigger pg WHERE pg.oid = g.tgparentid)",
            "(SELECT pg.tgenabled FROM pg_depend d JOIN pg_trigger pg ON pg.oid = d.refobjid"
                + " WHERE d.classid = 'pg_trigger'::regclass AND d.objid = g.oid"
                + " AND d.refclassid = 'pg_trigger'::regclass)");
    catalog.visit(
        "SELECT g.oid, tgname, quote_ident(tgname) AS name, tgenabled,"
            + " pg_get_triggerdef(g.oid) AS definition, "
            + clone
            + " AS clone, "
            + parentState
            + " AS parent_state, "
            + RELATION
            + "FROM pg_trigger g JOIN pg_class t ON t.oid = tgrelid"
            + " JOIN pg_namespace n ON n.oid = t.relnamespace WHERE (NOT tgisinternal OR "
            + clone
            + ") AND tgconstraint IN (SELECT 0 UNION ALL SELECT oid FROM pg_constraint"
            + " WHERE contype = 't') AND "
            + OWN_RELATION,
        row -> {
          boolean copied = row.is("clone");
          String state = row.text("tgenabled");
          if (copied
              && (state.equals(row.text("parent_state")) || row.text("parent_state").isEmpty())) {
            return;
          }
          Definition definition =
              add(
                  row,
                  new ObjectId("pg_trigger", row.number("oid")),
                  Kind.TRIGGER,
                  "triggers",
                  row.text("tgname") + ".sql");
          if (!copied) {
            definition.sql(row.text("definition") + ";");
          }
          if (copied || !state.equals("O")) {
            definition.sql(
                "ALTER TABLE "
                    + row.text("table_name")
                    + " "
                    + enabling(state)
                    + " TRIGGER "
                    + row.text("name")
                    + ";");
          }
          if (!copied) {
            inventory.comment(
                definition,
                definition.id(),
                "TRIGGER " + row.text("name") + " ON " + row.text("table_name"));
          }
        });
    if (catalog.version() >= 13) {
      catalog.visit(
          "SELECT oid, tgparentid FROM pg_trigger WHERE tgparentid <> 0",
          row ->
              inventory.need(
                  new ObjectId("pg_trigger", row.number("oid")),
                  new ObjectId("pg_trigger", row.number("tgparentid"))));
    }
  }

  private static String enabling(String state) {
    return switch (state) {
      case "D" -> "DISABLE";
      case "R" -> "ENABLE REPLICA";
      case "A" -> "ENABLE ALWAYS";
      default -> "ENABLE";
    };
  }

  private void rules() throws SQLException {
    if (!catalog.has(Occurrence.RULE)) {
      return;
    }
    catalog.visit(
        "SELECT r.oid, rulename, quote_ident(rulename) AS name, ev_enabled,"
            + " pg_get_ruledef(r.oid) AS definition, "
            + RELATION
            + "FROM pg_rewrite r JOIN pg_class t ON t.oid = ev_class"
            + " JOIN pg_namespace n ON n.oid = t.relnamespace WHERE rulename <> '_RETURN' AND "
            + OWN_RELATION,
        row -> {
          ObjectId id = new ObjectId("pg_rewrite", row.number("oid"));
          Definition definition = add(row, id, Kind.RULE, "rules", row.text("rulename") + ".sql");
          definition.sql(row.text("definition"));
          if (!row.text("ev_enabled").equals("O")) {
            definition.sql(
                "ALTER TABLE "
                    + row.text("table_name")
                    + " "
                    + enabling(row.text("ev_enabled"))
                    + " RULE "
                    + row.text("name")
                    + ";");
          }
          inventory.comment(
              definition, id, "RULE " + row.text("name") + " ON " + row.text("table_name"));
        });
  }

  private void rowSecurity() throws SQLException {
    if (!catalog.has(Occurrence.ROW_SECURITY) && !catalog.has(Occurrence.POLICY)) {
      return;
    }
    catalog.visit(
        "SELECT relrowsecurity, relforcerowsecurity, "
            + RELATION
            + "FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace"
            + " WHERE (relrowsecurity OR relforcerowsecurity OR EXISTS (SELECT FROM pg_policy WHERE"
            + " polrelid = t.oid)) AND t.relkind IN ('r', 'p') AND "
            + OWN_RELATION,
        row -> {
          Definition definition =
              add(
                  row,
                  new ObjectId("row security", row.number("table_oid")),
                  Kind.ROW_SECURITY,
                  "row-security.sql");
          String alter = "ALTER TABLE " + row.text("table_name");
          if (row.is("relrowsecurity")) {
            definition.sql(alter + " ENABLE ROW LEVEL SECURITY;");
          }
          if (row.is("relforcerowsecurity")) {
            definition.sql(alter + " FORCE ROW LEVEL SECURITY;");
          }
        });
    policies();
  }

  private void policies() throws SQLException {
    catalog.visit(
        "SELECT p.oid, polname, quote_ident(polname) AS name, polcmd, polpermissive, polrelid,"
            + " pg_get_expr(polqual, polrelid) AS seen, pg_get_expr(polwithcheck, polrelid) AS written,"
            + " (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE quote_ident(rolname) END, ', '"
            + " ORDER BY rolname) FROM unnest(polroles) r LEFT JOIN pg_roles ON oid = r) AS roles,"
            + " (SELECT array_agg(rolname::text) FROM unnest(polroles) r JOIN pg_roles ON oid = r) AS"
            + " needed FROM pg_policy p ORDER BY polrelid, polname",
        row -> {
          Optional<Definition> table =
              inventory.find(new ObjectId("row security", row.number("polrelid")));
          if (table.isPresent()) {
            policy(row, table.get());
          }
        });
  }

  private void policy(Catalog.Row row, Definition security) throws SQLException {
    String on = row.text("name") + " ON " + security.name();
    String command =
        switch (row.text("polcmd")) {
          case "r" -> " FOR SELECT";
          case "a" -> " FOR INSERT";
          case "w" -> " FOR UPDATE";
          case "d" -> " FOR DELETE";
          default -> "";
        };
    StringBuilder sql = new StringBuilder("CREATE POLICY " + on);
    sql.append(row.is("polpermissive") ? "" : " AS RESTRICTIVE").append(command);
    sql.append(" TO ").append(row.text("roles"));
    row.optional("seen").ifPresent(seen -> sql.append("\n    USING (").append(seen).append(")"));
    row.optional("written")
        .ifPresent(written -> sql.append("\n    WITH CHECK (").append(written).append(")"));
    security.sql(sql.append(";").toString());
    Roles.needed(security, row.texts("needed"));
    ObjectId id = new ObjectId("pg_policy", row.number("oid"));
    inventory.part(id, security.id());
    inventory.comment(security, id, "POLICY " + on);
  }

  private void eventTriggers() throws SQLException {
    if (!catalog.has(Occurrence.EVENT_TRIGGER)) {
      return;
    }
    catalog.visit(
        "SELECT e.oid, evtname, quote_ident(evtname) AS name, evtevent, evtenabled, evtowner,"
            + " (SELECT quote_ident(fn.nspname) || '.' || quote_ident(proname) FROM pg_proc p"
            + " JOIN pg_namespace fn ON fn.oid = pronamespace WHERE p.oid = evtfoid) AS function,"
            + " (SELECT string_agg(quote_literal(tag), ', ') FROM unnest(evttags) tag) AS tags"
            + " FROM pg_event_trigger e WHERE "
            + Catalog.own("pg_event_trigger", "e.oid"),
        row -> {
          ObjectId id = new ObjectId("pg_event_trigger", row.number("oid"));
          Definition definition =
              inventory.add(
                  id,
                  Kind.EVENT_TRIGGER,
                  PathNames.path("database", "event-triggers", row.text("evtname") + ".sql"),
                  "",
                  row.text("name"),
                  Optional.empty());
          String when =
              row.optional("tags").map(tags -> "\n    WHEN TAG IN (" + tags + ")").orElse("");
          definition.sql(
              "CREATE EVENT TRIGGER "
                  + row.text("name")
                  + " ON "
                  + row.text("evtevent")
                  + when
                  + "\n    EXECUTE FUNCTION "
                  + row.text("function")
                  + "();");
          if (!row.text("evtenabled").equals("O")) {
            definition.sql(
                "ALTER EVENT TRIGGER "
                    + row.text("name")
                    + " "
                    + enabling(row.text("evtenabled"))
                    + ";");
          }
          inventory.comment(definition);
        });
  }
}
