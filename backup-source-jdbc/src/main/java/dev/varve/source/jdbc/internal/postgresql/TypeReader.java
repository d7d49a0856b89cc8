package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.Phase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads enumerations, composite types, ranges and domains. */
final class TypeReader {

  private final Catalog catalog;
  private final Inventory inventory;

  private record Check(ObjectId id, String name, String definition, boolean valid) {}

  TypeReader(Inventory inventory) {
    this.catalog = inventory.catalog();
    this.inventory = inventory;
  }

  void read() throws SQLException {
    aliases();
    enumerations();
    composites();
    ranges();
    domains();
  }

  /** Row types, array types and multiranges come with something else. */
  private void aliases() throws SQLException {
    catalog.visit(
        "SELECT t.oid, t.typrelid, c.relkind, t.typelem, t.typcategory FROM pg_type t"
            + " LEFT JOIN pg_class c ON c.oid = t.typrelid"
            + " WHERE t.oid >= 16384 AND (t.typrelid <> 0 OR t.typelem <> 0)",
        row -> {
          ObjectId type = ObjectId.type(row.number("oid"));
          if (row.text("relkind").equals("c")) {
            inventory.part(ObjectId.relation(row.number("typrelid")), type);
          } else if (row.number("typrelid") != 0) {
            inventory.part(type, ObjectId.relation(row.number("typrelid")));
          } else if (row.text("typcategory").equals("A")) {
            inventory.part(type, ObjectId.type(row.number("typelem")));
          }
        });
  }

  private String types(String columns, String more, String condition) {
    return "SELECT t.oid, nspname, typname, quote_ident(nspname) || '.' || quote_ident(typname) AS name, "
        + columns
        + " FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace "
        + more
        + " WHERE "
        + Catalog.USER_SCHEMA
        + " AND "
        + Catalog.own("pg_type", "t.oid")
        + " AND "
        + condition;
  }

  private Definition add(Catalog.Row row, Kind kind) throws SQLException {
    return inventory.add(
        ObjectId.type(row.number("oid")),
        kind,
        PathNames.path(row.text("nspname"), "types", row.text("typname") + ".sql"),
        row.text("nspname"),
        row.text("name"),
        Optional.empty());
  }

  private void enumerations() throws SQLException {
    if (!catalog.has(Occurrence.ENUMERATION)) {
      return;
    }
    catalog.visit(
        types(
            "(SELECT string_agg(E'\\n    ' || quote_literal(enumlabel), ',' ORDER BY enumsortorder)"
                + " FROM pg_enum WHERE enumtypid = t.oid) AS labels",
            "",
            "typtype = 'e'"),
        row -> {
          Definition definition = add(row, Kind.TYPE);
          definition.sql(
              "CREATE TYPE " + row.text("name") + " AS ENUM (" + row.text("labels") + "\n);");
          inventory.comment(definition);
        });
  }

  private void composites() throws SQLException {
    if (!catalog.has(Occurrence.COMPOSITE)) {
      return;
    }
    Map<Long, StringBuilder> attributes = new HashMap<>();
    Map<Long, Definition> composites = new HashMap<>();
    catalog.visit(
        types(
            "typrelid", "JOIN pg_class c ON c.oid = typrelid AND c.relkind = 'c'", "typtype = 'c'"),
        row -> {
          Definition definition = add(row, Kind.TYPE);
          inventory.comment(definition);
          composites.put(row.number("typrelid"), definition);
        });
    catalog.visit(
        "SELECT attrelid, attnum, quote_ident(attname) AS attname,"
            + " format_type(atttypid, atttypmod) AS type, "
            + collate("a.attcollation", "a.atttypid")
            + " AS collate FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid"
            + " WHERE relkind = 'c' AND attnum > 0 AND NOT attisdropped ORDER BY attrelid, attnum",
        row -> {
          long relation = row.number("attrelid");
          StringBuilder text = attributes.computeIfAbsent(relation, r -> new StringBuilder());
          text.append(text.isEmpty() ? "\n    " : ",\n    ");
          text.append(row.text("attname")).append(' ').append(row.text("type"));
          text.append(row.text("collate"));
          Definition definition = composites.get(relation);
          if (definition != null) {
            inventory.commentColumn(
                definition,
                ObjectId.relation(relation),
                row.number("attnum"),
                definition.name() + "." + row.text("attname"));
          }
        });
    composites.forEach(
        (relation, definition) ->
            definition.sql(
                "CREATE TYPE "
                    + definition.name()
                    + " AS ("
                    + attributes.getOrDefault(relation, new StringBuilder())
                    + "\n);"));
  }

  private void ranges() throws SQLException {
    if (!catalog.has(Occurrence.RANGE)) {
      return;
    }
    catalog.visit(
        types(
            "format_type(rngsubtype, NULL) AS subtype, rngcanonical <> 0 AS canonical,"
                + " CASE WHEN rngsubdiff <> 0 THEN rngsubdiff::regproc::text END AS diff,"
                + " (SELECT quote_ident(on_.nspname) || '.' || quote_ident(opcname) FROM pg_opclass o"
                + " JOIN pg_namespace on_ ON on_.oid = opcnamespace WHERE o.oid = rngsubopc) AS opclass, "
                + collateName("rngcollation", "rngsubtype")
                + " AS collation, "
                + catalog.since(
                    14,
                    "rngmultitypid AS multi, (SELECT quote_ident(mn.nspname) || '.' ||"
                        + " quote_ident(m.typname) FROM pg_type m JOIN pg_namespace mn"
                        + " ON mn.oid = m.typnamespace WHERE m.oid = rngmultitypid) AS multi_name",
                    "0 AS multi, NULL::text AS multi_name"),
            "JOIN pg_range r ON rngtypid = t.oid",
            "typtype = 'r'"),
        row -> {
          if (row.is("canonical")) {
            inventory.leaveOut(
                "range type " + row.text("name") + ", which has a canonical function");
            return;
          }
          Definition definition = add(row, Kind.TYPE);
          StringBuilder sql = new StringBuilder("CREATE TYPE " + row.text("name") + " AS RANGE (");
          sql.append("\n    subtype = ").append(row.text("subtype"));
          sql.append(",\n    subtype_opclass = ").append(row.text("opclass"));
          row.optional("collation").ifPresent(c -> sql.append(",\n    collation = ").append(c));
          row.optional("diff").ifPresent(diff -> sql.append(",\n    subtype_diff = ").append(diff));
          row.optional("multi_name")
              .ifPresent(multi -> sql.append(",\n    multirange_type_name = ").append(multi));
          definition.sql(sql.append("\n);").toString());
          inventory.part(ObjectId.type(row.number("multi")), definition.id());
          inventory.comment(definition);
        });
  }

  private void domains() throws SQLException {
    if (!catalog.has(Occurrence.DOMAIN)) {
      return;
    }
    Map<Long, List<Check>> checks = new HashMap<>();
    catalog.visit(
        "SELECT oid, contypid, quote_ident(conname) AS name, convalidated,"
            + " pg_get_constraintdef(oid) AS definition, contype"
            + " FROM pg_constraint WHERE contypid <> 0 ORDER BY contypid, contype DESC, conname",
        row ->
            checks
                .computeIfAbsent(row.number("contypid"), type -> new ArrayList<>())
                .add(
                    new Check(
                        ObjectId.constraint(row.number("oid")),
                        row.text("name"),
                        row.text("contype").equals("n") ? "NOT NULL" : row.text("definition"),
                        row.is("convalidated"))));
    catalog.visit(
        types(
            "format_type(typbasetype, typtypmod) AS base, typnotnull, typdefault, typdefaultbin IS NOT"
                + " NULL AS bin, "
                + "CASE WHEN typdefaultbin IS NOT NULL THEN pg_get_expr(typdefaultbin, 0) END AS expr, "
                + collate("t.typcollation", "t.typbasetype")
                + " AS collate",
            "",
            "typtype = 'd'"),
        row -> domain(row, checks.getOrDefault(row.number("oid"), List.of())));
  }

  private void domain(Catalog.Row row, List<Check> checks) throws SQLException {
    Definition definition = add(row, Kind.DOMAIN);
    String name = row.text("name");
    StringBuilder bare = new StringBuilder("CREATE DOMAIN " + name + " AS " + row.text("base"));
    bare.append(row.text("collate"));
    row.optional("expr").ifPresent(expr -> bare.append(" DEFAULT ").append(expr));
    boolean named = checks.stream().anyMatch(check -> check.definition().equals("NOT NULL"));
    if (row.is("typnotnull") && !named) {
      bare.append(" NOT NULL");
    }
    StringBuilder whole = new StringBuilder(bare);
    List<String> rest = new ArrayList<>();
    Set<ObjectId> parts = new HashSet<>();
    for (Check check : checks) {
      String constraint = "CONSTRAINT " + check.name() + " " + check.definition();
      inventory.part(check.id(), definition.id());
      inventory.comment(
          definition, check.id(), "CONSTRAINT " + check.name() + " ON DOMAIN " + name);
      if (check.valid()) {
        whole.append("\n    ").append(constraint);
        rest.add("ALTER DOMAIN " + name + " ADD " + constraint + ";");
        parts.add(check.id());
      } else {
        late(definition, check, "ALTER DOMAIN " + name + " ADD " + constraint + ";");
      }
    }
    definition.sql(whole.append(";").toString());
    if (!parts.isEmpty() && definition.comments().isEmpty()) {
      definition.split(
          new Definition.Split(
              List.of(bare.append(";").toString()),
              rest,
              parts,
              PathNames.path(row.text("nspname"), "types", row.text("typname") + ".checks.sql")));
    }
    inventory.comment(definition);
  }

  /** What is not valid for all rows must be made after them. */
  private void late(Definition domain, Check check, String sql) {
    Definition late =
        inventory.add(
            new ObjectId("late " + check.id().catalog(), check.id().oid()),
            Kind.TABLE_COMPLETION,
            PathNames.path(domain.schema(), "types", domain.name() + "." + check.name() + ".sql"),
            domain.schema(),
            domain.name(),
            Optional.empty());
    late.sql(sql).phase(Phase.COMPLETION);
    inventory.need(late.id(), domain.id());
  }

  /** A query's column: {@code COLLATE x} where it is not the type's own; else empty. */
  static String collate(String collation, String type) {
    return "coalesce((SELECT ' COLLATE ' || quote_ident(ln.nspname) || '.' || quote_ident(l.collname)"
        + " FROM pg_collation l JOIN pg_namespace ln ON ln.oid = l.collnamespace WHERE l.oid = "
        + collation
        + " AND l.oid <> (SELECT typcollation FROM pg_type WHERE oid = "
        + type
        + ")), '')";
  }

  private static String collateName(String collation, String type) {
    return "(SELECT quote_ident(ln.nspname) || '.' || quote_ident(l.collname)"
        + " FROM pg_collation l JOIN pg_namespace ln ON ln.oid = l.collnamespace WHERE l.oid = "
        + collation
        + " AND l.oid <> (SELECT typcollation FROM pg_type WHERE oid = "
        + type
        + "))";
  }
}
