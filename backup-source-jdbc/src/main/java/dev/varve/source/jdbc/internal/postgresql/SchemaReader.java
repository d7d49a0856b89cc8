package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.PathNames;
import java.sql.SQLException;
import java.util.Optional;

/** Reads schemas, extensions and collations. */
final class SchemaReader {

  private final Catalog catalog;
  private final Inventory inventory;

  SchemaReader(Inventory inventory) {
    this.catalog = inventory.catalog();
    this.inventory = inventory;
  }

  void read() throws SQLException {
    schemas();
    extensions();
    collations();
  }

  private void schemas() throws SQLException {
    catalog.visit(
        "SELECT n.oid, nspname, quote_ident(nspname) AS name FROM pg_namespace n WHERE "
            + Catalog.USER_SCHEMA
            + " AND "
            + Catalog.own("pg_namespace", "n.oid"),
        row -> {
          String schema = row.text("nspname");
          Definition definition =
              inventory.add(
                  ObjectId.schema(row.number("oid")),
                  Kind.SCHEMA,
                  PathNames.path(schema, "schema.sql"),
                  schema,
                  row.text("name"),
                  Optional.empty());
          definition.sql("CREATE SCHEMA IF NOT EXISTS " + row.text("name") + ";");
          if (!schema.equals("public")) {
            inventory.comment(definition);
          } else {
            publicComment(definition, row.number("oid"));
          }
        });
  }

  /** Every database has this schema and this comment. */
  private void publicComment(Definition definition, long oid) {
    Definition scratch =
        new Definition(
            ObjectId.schema(oid),
            Kind.SCHEMA,
            definition.path(),
            definition.schema(),
            definition.name(),
            Optional.empty());
    inventory.comment(scratch);
    scratch.comments().stream()
        .filter(comment -> !comment.contains("'standard public schema'"))
        .forEach(definition::comment);
  }

  private void extensions() throws SQLException {
    if (!catalog.has(Occurrence.EXTENSION)) {
      return;
    }
    catalog.visit(
        "SELECT e.oid, extname, quote_ident(extname) AS name, n.oid AS schema,"
            + " quote_ident(nspname) AS schema_name, extversion"
            + " FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace"
            + " WHERE e.oid >= 16384",
        row -> {
          ObjectId id = new ObjectId("pg_extension", row.number("oid"));
          Definition definition =
              inventory.add(
                  id,
                  Kind.EXTENSION,
                  PathNames.path("database", "extensions", row.text("extname") + ".sql"),
                  "",
                  row.text("name"),
                  Optional.empty());
          definition
              .sql(
                  "-- version "
                      + row.text("extversion").replaceAll("\\s", " ")
                      + "\nCREATE EXTENSION IF NOT EXISTS "
                      + row.text("name")
                      + " WITH SCHEMA "
                      + row.text("schema_name")
                      + ";")
              .fact("schema", row.text("schema_name"));
          inventory.comment(definition);
          inventory.need(id, ObjectId.schema(row.number("schema")));
        });
  }

  private void collations() throws SQLException {
    if (!catalog.has(Occurrence.COLLATION)) {
      return;
    }
    String locale =
        catalog.version() >= 17 ? "colllocale" : catalog.since(15, "colliculocale", "NULL::text");
    catalog.visit(
        "SELECT l.oid, nspname, collname, quote_ident(nspname) || '.' || quote_ident(collname) AS name,"
            + " collprovider, collisdeterministic, collcollate, collctype, "
            + locale
            + " AS locale, "
            + catalog.since(16, "collicurules", "NULL::text")
            + " AS rules FROM pg_collation l JOIN pg_namespace n ON n.oid = collnamespace WHERE "
            + Catalog.USER_SCHEMA
            + " AND "
            + Catalog.own("pg_collation", "l.oid"),
        row -> {
          Definition definition =
              inventory.add(
                  new ObjectId("pg_collation", row.number("oid")),
                  Kind.COLLATION,
                  PathNames.path(row.text("nspname"), "collations", row.text("collname") + ".sql"),
                  row.text("nspname"),
                  row.text("name"),
                  Optional.empty());
          definition.sql(collation(row));
          inventory.comment(definition);
        });
  }

  private static String collation(Catalog.Row row) throws SQLException {
    String provider =
        switch (row.text("collprovider")) {
          case "i" -> "icu";
          case "b" -> "builtin";
          default -> "libc";
        };
    StringBuilder sql =
        new StringBuilder("CREATE COLLATION " + row.text("name") + " (provider = " + provider);
    Optional<String> locale = row.optional("locale");
    String collate = row.text("collcollate");
    String type = row.text("collctype");
    if (locale.isPresent()) {
      sql.append(", locale = ").append(Sql.literal(locale.get()));
    } else if (collate.equals(type)) {
      sql.append(", locale = ").append(Sql.literal(collate));
    } else {
      sql.append(", lc_collate = ").append(Sql.literal(collate));
      sql.append(", lc_ctype = ").append(Sql.literal(type));
    }
    row.optional("rules").ifPresent(rules -> sql.append(", rules = ").append(Sql.literal(rules)));
    if (!row.is("collisdeterministic")) {
      sql.append(", deterministic = false");
    }
    return sql.append(");").toString();
  }
}
