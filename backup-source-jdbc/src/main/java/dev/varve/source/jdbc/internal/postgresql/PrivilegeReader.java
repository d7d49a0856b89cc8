package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads owners and privileges: for each object its owner and what differs from what an owner has by
 * default, so that what nobody granted or revoked is not told.
 */
final class PrivilegeReader {

  /** There is always one: schemas, and in nearly every database tables. */
  private static final Set<Occurrence> ANY = Set.of();

  private final Catalog catalog;
  private final Inventory inventory;
  private final Map<ObjectId, Definition> steps = new LinkedHashMap<>();

  /** Where privileges of one kind of object are found. */
  private record Place(
      String catalog,
      String kind,
      String acl,
      String owner,
      String more,
      Set<Occurrence> owned,
      Set<Occurrence> granted) {}

  private record Grant(
      String grantor, String grantee, boolean grantable, boolean given, String column) {}

  PrivilegeReader(Inventory inventory) {
    this.catalog = inventory.catalog();
    this.inventory = inventory;
  }

  void read() throws SQLException {
    List<Place> places =
        List.of(
            new Place(
                "pg_namespace",
                "'n'",
                "nspacl",
                "nspowner",
                "nspname <> 'public'",
                ANY,
                Set.of(Occurrence.SCHEMA_PRIVILEGE)),
            new Place(
                "pg_class",
                "CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\"",
                "relacl",
                "relowner",
                "relkind IN ('r', 'p', 'v', 'm', 'S')",
                ANY,
                Set.of(Occurrence.RELATION_PRIVILEGE)),
            new Place(
                "pg_proc",
                "'f'",
                "proacl",
                "proowner",
                "true",
                Set.of(Occurrence.FUNCTION),
                Set.of(Occurrence.FUNCTION_PRIVILEGE)),
            new Place(
                "pg_type",
                "'T'",
                "typacl",
                "typowner",
                "typtype IN ('c','d','e','r')",
                EnumSet.of(
                    Occurrence.COMPOSITE,
                    Occurrence.DOMAIN,
                    Occurrence.ENUMERATION,
                    Occurrence.RANGE),
                Set.of(Occurrence.TYPE_PRIVILEGE)),
            ownedOnly("pg_collation", "collowner", Occurrence.COLLATION),
            ownedOnly("pg_statistic_ext", "stxowner", Occurrence.STATISTICS),
            ownedOnly("pg_event_trigger", "evtowner", Occurrence.EVENT_TRIGGER));
    for (Place place : places) {
      if (place.owned().equals(ANY) || hasAny(place.owned())) {
        owners(place);
      }
      if (hasAny(place.granted())) {
        grants(place);
      }
    }
    columnGrants();
    publicSchema();
    defaults();
  }

  /** Where there are owners and nothing is granted. */
  private static Place ownedOnly(String catalog, String owner, Occurrence kind) {
    return new Place(catalog, "NULL", "NULL::aclitem[]", owner, "true", Set.of(kind), Set.of());
  }

  private boolean hasAny(Set<Occurrence> kinds) throws SQLException {
    for (Occurrence kind : kinds) {
      if (catalog.has(kind)) {
        return true;
      }
    }
    return false;
  }

  private record Owned(Definition definition, String owner, String role) {}

  private void owners(Place place) throws SQLException {
    // By name and not by number, so that a restored database tells the same.
    TreeMap<EntryPath, Owned> all = new TreeMap<>();
    catalog.visit(
        "SELECT x.oid AS id, quote_ident(rolname) AS owner, rolname FROM "
            + place.catalog()
            + " x JOIN pg_roles r ON r.oid = "
            + place.owner()
            + " WHERE x.oid >= 16384 AND "
            + place.more(),
        row -> {
          Optional<Definition> owned =
              inventory.find(new ObjectId(place.catalog(), row.number("id")));
          if (owned.isPresent() && !isOwnedWithTable(owned.get())) {
            all.put(
                owned.get().path(), new Owned(owned.get(), row.text("owner"), row.text("rolname")));
          }
        });
    for (Owned owned : all.values()) {
      Definition definition = owned.definition();
      Definition step = step(definition);
      step.sql(
          "ALTER "
              + definition.kind().words()
              + " "
              + definition.name()
              + " OWNER TO "
              + owned.owner()
              + ";");
      Roles.needed(step, List.of(owned.role()));
    }
  }

  private static boolean isOwnedWithTable(Definition definition) {
    return definition.kind() == Kind.SEQUENCE && definition.table().isPresent();
  }

  private void grants(Place place) throws SQLException {
    visitGrants(
        "SELECT oid::bigint AS id, "
            + place.acl()
            + " AS acl, acldefault("
            + place.kind()
            + ", "
            + place.owner()
            + ") AS usual, "
            + place.owner()
            + " AS owner, '' AS attribute FROM "
            + place.catalog()
            + " WHERE oid >= 16384 AND "
            + place.acl()
            + " IS NOT NULL AND "
            + place.more(),
        place.catalog());
  }

  private void columnGrants() throws SQLException {
    if (!catalog.has(Occurrence.COLUMN_PRIVILEGE)) {
      return;
    }
    visitGrants(
        "SELECT attrelid::bigint AS id, attacl AS acl, NULL::aclitem[] AS usual, relowner AS owner,"
            + " quote_ident(attname) AS attribute FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
            + " WHERE attrelid >= 16384 AND attacl IS NOT NULL AND NOT attisdropped",
        "pg_class");
  }

  /** Tells what {@code acl} has more and less than {@code usual}. */
  private void visitGrants(String objects, String of) throws SQLException {
    TreeMap<EntryPath, Map<Grant, TreeSet<String>>> all = new TreeMap<>();
    Map<EntryPath, Definition> definitions = new HashMap<>();
    String columns = "id, owner, attribute, (aclexplode(%s)).*";
    String actual = "SELECT " + String.format(columns, "acl") + " FROM objects";
    String usual = "SELECT " + String.format(columns, "usual") + " FROM objects";
    catalog.visit(
        "WITH objects AS ("
            + objects
            + ") SELECT d.*, o.rolname AS owner_name, quote_ident(gr.rolname) AS grantor_name,"
            + " gr.rolname AS grantor_plain, ge.rolname AS grantee_plain,"
            + " CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(ge.rolname) END AS grantee_name"
            + " FROM (SELECT true AS given, g.* FROM ("
            + actual
            + " EXCEPT "
            + usual
            + ") g UNION ALL SELECT false, r.* FROM ("
            + usual
            + " EXCEPT "
            + actual
            + ") r) d LEFT JOIN pg_roles o ON o.oid = owner LEFT JOIN pg_roles gr ON gr.oid = grantor"
            + " LEFT JOIN pg_roles ge ON ge.oid = grantee"
            + " ORDER BY id, given, grantor <> owner, attribute, grantee_name, is_grantable DESC",
        row -> {
          Optional<Definition> found = inventory.find(new ObjectId(of, row.number("id")));
          if (found.isEmpty()) {
            return;
          }
          Definition definition = found.get();
          definitions.put(definition.path(), definition);
          all.computeIfAbsent(definition.path(), path -> new LinkedHashMap<>())
              .computeIfAbsent(
                  new Grant(
                      row.text("grantor_plain").equals(row.text("owner_name"))
                          ? ""
                          : row.text("grantor_name"),
                      row.text("grantee_name"),
                      row.is("is_grantable"),
                      row.is("given"),
                      row.text("attribute")),
                  grant -> new TreeSet<>())
              .add(row.text("privilege_type"));
          Roles.needed(
              step(definition), List.of(row.text("grantor_plain"), row.text("grantee_plain")));
        });
    all.forEach(
        (path, grants) -> {
          Definition definition = Objects.requireNonNull(definitions.get(path));
          grants.forEach(
              (grant, privileges) ->
                  step(definition).sql(statements(grant, privileges, definition)));
        });
  }

  private static List<String> statements(
      Grant grant, Set<String> privileges, Definition definition) {
    String suffix = grant.column().isEmpty() ? "" : " (" + grant.column() + ")";
    String what = String.join(suffix + ", ", privileges) + suffix;
    String words =
        switch (definition.kind()) {
          case VIEW, MATERIALIZED_VIEW, TABLE -> "TABLE";
          case AGGREGATE -> "FUNCTION";
          case DOMAIN -> "TYPE";
          default -> definition.kind().words();
        };
    List<String> statements = new ArrayList<>();
    if (!grant.grantor().isEmpty()) {
      statements.add("SET SESSION AUTHORIZATION " + grant.grantor() + ";");
    }
    statements.add(
        (grant.given() ? "GRANT " : "REVOKE ")
            + what
            + " ON "
            + words
            + " "
            + definition.name()
            + (grant.given() ? " TO " : " FROM ")
            + grant.grantee()
            + (grant.given() && grant.grantable() ? " WITH GRANT OPTION" : "")
            + ";");
    if (!grant.grantor().isEmpty()) {
      statements.add("RESET SESSION AUTHORIZATION;");
    }
    return statements;
  }

  /**
   * The step that tells privileges: a table's own, a schema's own, or one for everything else in a
   * schema. Who grants something in a schema must be allowed to use it first.
   */
  private Definition step(Definition of) {
    ObjectId id = stepId(of);
    Definition step =
        steps.computeIfAbsent(
            id,
            i -> inventory.add(i, Kind.PRIVILEGES, entry(of), of.schema(), of.name(), of.table()));
    inventory.need(id, of.id());
    inventory.need(id, schemaStep(of));
    return step;
  }

  private static ObjectId schemaStep(Definition of) {
    return new ObjectId("privileges on schema " + of.schema(), 0);
  }

  private static ObjectId stepId(Definition of) {
    if (of.kind() == Kind.SCHEMA) {
      return schemaStep(of);
    }
    if (of.table().isEmpty()) {
      return new ObjectId("privileges in " + of.schema(), 0);
    }
    String part = of.kind() == Kind.SEQUENCE || of.kind() == Kind.STATISTICS ? of.name() : "";
    return new ObjectId("privileges " + part, of.id().oid());
  }

  private static EntryPath entry(Definition of) {
    if (of.kind() == Kind.SCHEMA) {
      return PathNames.path(of.schema(), "schema.privileges.sql");
    }
    if (of.table().isEmpty()) {
      return PathNames.path(of.schema().isEmpty() ? "database" : of.schema(), "privileges.sql");
    }
    String path = of.path().toString();
    return EntryPath.parse(path.substring(0, path.lastIndexOf('/')) + "/privileges.sql");
  }

  /** The one schema that is there from the beginning, with privileges that depend on versions. */
  private void publicSchema() throws SQLException {
    catalog.visit(
        "SELECT n.oid, nspacl::text IS DISTINCT FROM (SELECT initprivs::text FROM pg_init_privs"
            + " WHERE classoid = 'pg_namespace'::regclass AND objoid = n.oid) AS changed,"
            + " nspowner NOT IN (10, 6171) AS given, quote_ident(o.rolname) AS owner,"
            + " o.rolname FROM pg_namespace n JOIN pg_roles o ON o.oid = nspowner"
            + " WHERE nspname = 'public'",
        row -> {
          ObjectId id = ObjectId.schema(row.number("oid"));
          Optional<Definition> schema = inventory.find(id);
          if (schema.isEmpty()) {
            return;
          }
          if (row.is("given")) {
            Definition step = step(schema.get());
            step.sql("ALTER SCHEMA public OWNER TO " + row.text("owner") + ";");
            Roles.needed(step, List.of(row.text("rolname")));
          }
          if (row.is("changed")) {
            step(schema.get()).sql("REVOKE ALL ON SCHEMA public FROM PUBLIC;");
          }
        });
    visitGrants(
        "SELECT n.oid::bigint AS id, coalesce(nspacl, acldefault('n', nspowner)) AS acl,"
            + " acldefault('n', nspowner) AS usual, nspowner AS owner, '' AS attribute"
            + " FROM pg_namespace n WHERE nspname = 'public' AND nspacl::text IS DISTINCT FROM"
            + " (SELECT initprivs::text FROM pg_init_privs WHERE classoid = 'pg_namespace'::regclass"
            + " AND objoid = n.oid)",
        "pg_namespace");
  }

  private void defaults() throws SQLException {
    if (!catalog.has(Occurrence.DEFAULT_PRIVILEGE)) {
      return;
    }
    Map<String, List<String>> bySchema = new LinkedHashMap<>();
    Map<String, TreeSet<String>> roles = new HashMap<>();
    catalog.visit(
        "WITH entries AS (SELECT d.oid, defaclrole, defaclnamespace, defaclobjtype, defaclacl AS acl,"
            + " CASE WHEN defaclnamespace = 0 THEN acldefault(CASE defaclobjtype WHEN 'S' THEN 's'"
            + " ELSE defaclobjtype END::\"char\", defaclrole) ELSE NULL::aclitem[] END AS usual"
            + " FROM pg_default_acl d) SELECT n.nspname, quote_ident(n.nspname) AS schema,"
            + " quote_ident(r.rolname) AS role, r.rolname, defaclobjtype, given, privilege_type,"
            + " is_grantable, ge.rolname AS grantee_plain,"
            + " CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(ge.rolname) END AS grantee"
            + " FROM (SELECT true AS given, * FROM (SELECT oid, defaclrole, defaclnamespace,"
            + " defaclobjtype, (aclexplode(acl)).* FROM entries EXCEPT SELECT oid, defaclrole,"
            + " defaclnamespace, defaclobjtype, (aclexplode(usual)).* FROM entries) g UNION ALL"
            + " SELECT false, * FROM (SELECT oid, defaclrole, defaclnamespace, defaclobjtype,"
            + " (aclexplode(usual)).* FROM entries EXCEPT SELECT oid, defaclrole, defaclnamespace,"
            + " defaclobjtype, (aclexplode(acl)).* FROM entries) v) d"
            + " LEFT JOIN pg_namespace n ON n.oid = defaclnamespace JOIN pg_roles r ON r.oid ="
            + " defaclrole LEFT JOIN pg_roles ge ON ge.oid = grantee ORDER BY 1, 3, 5, 6, 10, 7, 8",
        row -> {
          String schema = row.text("nspname");
          bySchema.computeIfAbsent(schema, s -> new ArrayList<>()).add(defaultPrivilege(row));
          TreeSet<String> named = roles.computeIfAbsent(schema, s -> new TreeSet<>());
          named.add(row.text("rolname"));
          named.add(row.text("grantee_plain"));
        });
    bySchema.forEach(
        (schema, statements) -> {
          Definition step =
              inventory.add(
                  new ObjectId("default privileges of " + schema, 0),
                  Kind.DATABASE,
                  PathNames.path(schema.isEmpty() ? "database" : schema, "default-privileges.sql"),
                  schema,
                  schema,
                  Optional.empty());
          step.fact("privileges", "default");
          statements.forEach(step::sql);
          Roles.needed(step, roles.getOrDefault(schema, new TreeSet<>()));
        });
  }

  private static String defaultPrivilege(Catalog.Row row) throws SQLException {
    String objects =
        switch (row.text("defaclobjtype")) {
          case "S" -> "SEQUENCES";
          case "f" -> "FUNCTIONS";
          case "T" -> "TYPES";
          case "n" -> "SCHEMAS";
          case "L" -> "LARGE OBJECTS";
          default -> "TABLES";
        };
    boolean given = row.is("given");
    return "ALTER DEFAULT PRIVILEGES FOR ROLE "
        + row.text("role")
        + row.optional("schema").map(schema -> " IN SCHEMA " + schema).orElse("")
        + (given ? " GRANT " : " REVOKE ")
        + row.text("privilege_type")
        + " ON "
        + objects
        + (given ? " TO " : " FROM ")
        + row.text("grantee")
        + (given && row.is("is_grantable") ? " WITH GRANT OPTION" : "")
        + ";";
  }
}
