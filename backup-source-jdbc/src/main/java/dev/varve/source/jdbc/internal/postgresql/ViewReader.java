package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads views and materialised views. */
final class ViewReader {

  private final Catalog catalog;
  private final Inventory inventory;
  private final TableReader tables;
  private final List<Definition> materialized = new ArrayList<>();

  ViewReader(Inventory inventory, TableReader tables) {
    this.catalog = inventory.catalog();
    this.inventory = inventory;
    this.tables = tables;
  }

  void read() throws SQLException {
    if (!catalog.has(Occurrence.VIEW)) {
      return;
    }
    catalog.visit(
        "SELECT ev_class, r.oid FROM pg_rewrite r WHERE rulename = '_RETURN' AND ev_class >= 16384",
        row ->
            inventory.part(
                new ObjectId("pg_rewrite", row.number("oid")),
                ObjectId.relation(row.number("ev_class"))));
    catalog.visit(
        "SELECT c.oid, nspname, relname, quote_ident(nspname) || '.' || quote_ident(relname) AS name,"
            + " relkind, pg_get_viewdef(c.oid) AS definition, relispopulated, "
            + TableReader.options("c", "''")
            + " AS options, amname, spcname,"
            + " (SELECT r.oid FROM pg_rewrite r WHERE ev_class = c.oid AND rulename = '_RETURN')"
            + " AS rule FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            + " LEFT JOIN pg_am am ON am.oid = relam LEFT JOIN pg_tablespace ts ON ts.oid = reltablespace"
            + " WHERE relkind IN ('v', 'm') AND "
            + Catalog.USER_SCHEMA
            + " AND "
            + Catalog.own("pg_class", "c.oid"),
        row -> {
          if (row.text("relkind").equals("v")) {
            view(row);
          } else {
            materialized(row);
          }
        });
    refreshInOrder();
  }

  private static String directory(Kind kind) {
    return kind == Kind.VIEW ? "views" : "materialized-views";
  }

  private Definition add(Catalog.Row row, Kind kind) throws SQLException {
    TableName view = new TableName(row.text("nspname"), row.text("relname"));
    Definition definition =
        inventory.add(
            ObjectId.relation(row.number("oid")),
            kind,
            PathNames.path(view.schema(), directory(kind), view.table(), "view.sql"),
            view.schema(),
            row.text("name"),
            Optional.of(view));
    inventory.comment(definition);
    for (TableText.Column column : tables.columns(row.number("oid"))) {
      inventory.need(definition.id(), column.typeId());
      inventory.part(column.valueId(), definition.id());
      inventory.commentColumn(
          definition, definition.id(), column.number(), definition.name() + "." + column.name());
    }
    return definition;
  }

  private void view(Catalog.Row row) throws SQLException {
    Definition definition = add(row, Kind.VIEW);
    String name = row.text("name");
    String options = row.optional("options").map(o -> "\nWITH (" + o + ")").orElse("");
    String text = "VIEW " + name + options + " AS\n" + row.text("definition");
    definition.sql("CREATE " + text).sql(defaults(row, name));
    List<String> rest = new ArrayList<>(List.of("CREATE OR REPLACE " + text));
    rest.addAll(defaults(row, name));
    definition.split(
        new Definition.Split(
            List.of(placeholder(row, name)),
            rest,
            Set.of(new ObjectId("pg_rewrite", row.number("rule"))),
            EntryPath.of(definition.path().toString().replaceAll("view\\.sql$", "query.sql"))));
  }

  private List<String> defaults(Catalog.Row row, String name) throws SQLException {
    return tables.columns(row.number("oid")).stream()
        .filter(TableText.Column::hasDefault)
        .map(
            column ->
                "ALTER VIEW "
                    + name
                    + " ALTER COLUMN "
                    + column.name()
                    + " SET DEFAULT "
                    + column.value().orElse("NULL")
                    + ";")
        .toList();
  }

  /** A view with the same columns and no rows, for what must be there before the view can be. */
  private String placeholder(Catalog.Row row, String name) throws SQLException {
    return tables.columns(row.number("oid")).stream()
        .map(column -> "\n    NULL::" + column.type() + column.collate() + " AS " + column.name())
        .collect(Collectors.joining(",", "CREATE VIEW " + name + " AS SELECT", ";\n"));
  }

  private void materialized(Catalog.Row row) throws SQLException {
    Definition definition = add(row, Kind.MATERIALIZED_VIEW);
    String name = row.text("name");
    String method =
        row.optional("amname")
            .filter(am -> !am.equals("heap"))
            .map(am -> "\nUSING " + Sql.identifier(am))
            .orElse("");
    String options = row.optional("options").map(o -> "\nWITH (" + o + ")").orElse("");
    String query = row.text("definition").stripTrailing();
    query = query.endsWith(";") ? query.substring(0, query.length() - 1) : query;
    definition.sql(
        "CREATE MATERIALIZED VIEW "
            + name
            + method
            + options
            + " AS\n"
            + query
            + "\nWITH NO DATA;");
    row.optional("spcname").ifPresent(space -> definition.fact("tablespace", space));
    for (TableText.Column column : tables.columns(row.number("oid"))) {
      if (column.target() >= 0) {
        definition.sql(
            "ALTER TABLE ONLY "
                + name
                + " ALTER COLUMN "
                + column.name()
                + " SET STATISTICS "
                + column.target()
                + ";");
      }
    }
    if (row.is("relispopulated")) {
      materialized.add(definition);
    }
  }

  /** A materialised view is filled after those it reads, through whatever views. */
  private void refreshInOrder() {
    for (Definition view : materialized) {
      TableName name = view.table().orElseThrow();
      Definition refresh =
          inventory.add(
              refreshId(view),
              Kind.REFRESH,
              PathNames.path(name.schema(), directory(view.kind()), name.table(), "refresh.sql"),
              name.schema(),
              view.name(),
              view.table());
      refresh.sql("REFRESH MATERIALIZED VIEW " + view.name() + ";");
      inventory.need(refresh.id(), view.id());
    }
    for (Definition view : materialized) {
      for (Definition read : Order.closure(inventory, List.of(view))) {
        if (read != view && read.kind() == Kind.MATERIALIZED_VIEW && materialized.contains(read)) {
          inventory.need(refreshId(view), refreshId(read));
        }
      }
    }
  }

  private static ObjectId refreshId(Definition view) {
    return new ObjectId("refresh", view.id().oid());
  }
}
