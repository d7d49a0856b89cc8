package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that was found in a database, and what needs what. Filled by one thread while catalogs are
 * read.
 */
final class Inventory {

  /** One thing needs another. */
  record Need(ObjectId from, ObjectId to) {}

  private record Comment(long column, String text) {}

  private final Catalog catalog;
  private final Map<ObjectId, Definition> definitions = new LinkedHashMap<>();
  private final Map<ObjectId, ObjectId> parts = new HashMap<>();
  private final List<Need> needs = new ArrayList<>();
  private final Map<ObjectId, List<Comment>> comments = new HashMap<>();
  private final List<String> leftOut = new ArrayList<>();

  Inventory(Catalog catalog) throws SQLException {
    this.catalog = catalog;
    catalog.visit(
        "SELECT classoid::regclass::text AS catalog, objoid, objsubid, description"
            + " FROM pg_description WHERE objoid >= 16384 OR classoid = 'pg_namespace'::regclass"
            + " ORDER BY classoid, objoid, objsubid",
        row ->
            comments
                .computeIfAbsent(
                    new ObjectId(row.text("catalog"), row.number("objoid")),
                    id -> new ArrayList<>())
                .add(new Comment(row.number("objsubid"), row.text("description"))));
    catalog.visit(
        "SELECT classid::regclass::text AS catalog, objid, refclassid::regclass::text AS needed,"
            + " refobjid, deptype FROM pg_depend"
            + " WHERE deptype IN ('n', 'a', 'i', 'P', 'S', 'e') AND objid >= 16384"
            // A sequence that a column owns is there before the column.
            + " AND NOT (classid = 'pg_class'::regclass AND deptype = 'a' AND objsubid = 0"
            + " AND (SELECT relkind FROM pg_class WHERE oid = objid) = 'S')"
            // What belongs to a view's rule is the view's.
            + " AND NOT (classid = 'pg_rewrite'::regclass AND deptype = 'i')",
        row -> {
          ObjectId from = new ObjectId(row.text("catalog"), row.number("objid"));
          ObjectId to = new ObjectId(row.text("needed"), row.number("refobjid"));
          if (row.text("deptype").equals("e")) {
            part(from, to);
          } else {
            need(from, to);
          }
        });
  }

  Catalog catalog() {
    return catalog;
  }

  /** Adds an object; it needs its schema. */
  Definition add(
      ObjectId id,
      Kind kind,
      EntryPath path,
      String schema,
      String name,
      Optional<TableName> table) {
    Definition definition = new Definition(id, kind, path, schema, name, table);
    definitions.put(id, definition);
    return definition;
  }

  void add(Definition definition) {
    definitions.put(definition.id(), definition);
  }

  Collection<Definition> definitions() {
    return definitions.values();
  }

  Optional<Definition> find(ObjectId id) {
    return Optional.ofNullable(definitions.get(id));
  }

  void remove(ObjectId id) {
    definitions.remove(id);
  }

  /** Says that {@code part} is made with {@code whole}, so what needs the one needs the other. */
  void part(ObjectId part, ObjectId whole) {
    if (!part.equals(whole)) {
      parts.put(part, whole);
    }
  }

  void need(ObjectId from, ObjectId to) {
    needs.add(new Need(from, to));
  }

  List<Need> needs() {
    return needs;
  }

  /** What makes this object: itself, or what it is a part of. */
  Optional<Definition> maker(ObjectId id) {
    ObjectId at = id;
    for (int steps = 0; steps < 10; steps++) {
      Definition found = definitions.get(at);
      if (found != null) {
        return Optional.of(found);
      }
      ObjectId whole = parts.get(at);
      if (whole == null) {
        return Optional.empty();
      }
      at = whole;
    }
    return Optional.empty();
  }

  void leaveOut(String what) {
    leftOut.add(what);
  }

  List<String> leftOut() {
    return leftOut;
  }

  /** Adds the comments on an object and on its columns to the definition that makes it. */
  void comment(Definition definition) {
    comment(definition, definition.id(), definition.kind().words() + " " + definition.name());
  }

  /** The same for something with a name of its own, e.g. {@code CONSTRAINT c ON public.t}. */
  void comment(Definition definition, ObjectId id, String words) {
    for (Comment comment : comments.getOrDefault(id, List.of())) {
      if (comment.column() == 0) {
        definition.comment("COMMENT ON " + words + " IS " + Sql.literal(comment.text()) + ";");
      }
    }
  }

  /** The comment on a column of a relation. */
  void commentColumn(Definition definition, ObjectId relation, long number, String column) {
    for (Comment comment : comments.getOrDefault(relation, List.of())) {
      if (comment.column() == number) {
        definition.comment(
            "COMMENT ON COLUMN " + column + " IS " + Sql.literal(comment.text()) + ";");
      }
    }
  }
}
