package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.PathNames;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what belongs to a database or a server as a whole: settings, roles, tablespaces. */
final class DatabaseReader {

  /** Settings that are lists of names, which are told as such. */
  private static final List<String> LISTS =
      List.of(
          "datestyle",
          "local_preload_libraries",
          "search_path",
          "session_preload_libraries",
          "shared_preload_libraries",
          "temp_tablespaces",
          "unix_socket_directories");

  private final Catalog catalog;
  private final Inventory inventory;

  DatabaseReader(Inventory inventory) {
    this.catalog = inventory.catalog();
    this.inventory = inventory;
  }

  /** Settings and the comment of this database. */
  void readSettings() throws SQLException {
    List<String> statements = new ArrayList<>();
    catalog.visit(
        "SELECT unnest(setconfig) AS setting, quote_ident(rolname) AS role FROM pg_db_role_setting"
            + " LEFT JOIN pg_roles r ON r.oid = setrole WHERE setdatabase = (SELECT oid FROM"
            + " pg_database WHERE datname = current_database()) ORDER BY 2 NULLS FIRST, 1",
        row -> {
          String setting = row.text("setting");
          int equals = setting.indexOf('=');
          if (row.optional("role").isPresent()) {
            inventory.leaveOut(
                "setting "
                    + setting.substring(0, equals)
                    + " of role "
                    + row.text("role")
                    + " in this database");
          } else {
            statements.add(
                inDatabase(
                    "ALTER DATABASE %I SET "
                        + Sql.identifier(setting.substring(0, equals))
                        + " TO "
                        + value(setting.substring(0, equals), setting.substring(equals + 1))));
          }
        });
    catalog.visit(
        "SELECT description FROM pg_shdescription WHERE classoid = 'pg_database'::regclass"
            + " AND objoid = (SELECT oid FROM pg_database WHERE datname = current_database())",
        row ->
            statements.add(
                inDatabase("COMMENT ON DATABASE %I IS " + Sql.literal(row.text("description")))));
    if (!statements.isEmpty()) {
      Definition settings =
          inventory.add(
              new ObjectId("settings", 0),
              Kind.DATABASE,
              PathNames.path("database", "settings.sql"),
              "",
              "",
              Optional.empty());
      statements.forEach(settings::sql);
    }
    catalog.visit(
        "SELECT 1 AS one FROM pg_database WHERE datname = current_database() AND datacl IS NOT NULL",
        row -> inventory.leaveOut("privileges on the database itself; grant them again"));
  }

  /** A statement about the database it is run in, whatever that is called. */
  private static String inDatabase(String format) {
    String doubled = format.replace("%I", "\0").replace("%", "%%").replace("\0", "%I");
    return "DO $varve$ BEGIN EXECUTE pg_catalog.format("
        + Sql.literal(doubled)
        + ", pg_catalog.current_database()); END $varve$;";
  }

  private static String value(String name, String value) {
    return LISTS.contains(name.toLowerCase(java.util.Locale.ROOT)) ? value : Sql.literal(value);
  }

  /** Roles and tablespaces, which belong to the server. */
  void readServer() throws SQLException {
    roles();
    tablespaces();
  }

  private void roles() throws SQLException {
    Map<String, Definition> roles = new LinkedHashMap<>();
    catalog.visit(
        "SELECT r.oid, rolname, quote_ident(rolname) AS name, rolsuper, rolinherit, rolcreaterole,"
            + " rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit,"
            + " rolvaliduntil::text, shobj_description(r.oid, 'pg_authid') AS comment"
            + " FROM pg_roles r WHERE rolname !~ '^pg_' ORDER BY rolname",
        row -> {
          String name = row.text("name");
          Definition role =
              inventory.add(
                  new ObjectId("pg_authid", row.number("oid")),
                  Kind.ROLE,
                  PathNames.path("database", "roles", row.text("rolname") + ".sql"),
                  "",
                  row.text("rolname"),
                  Optional.empty());
          role.sql(
              "CREATE ROLE "
                  + name
                  + option(row, "rolsuper", "SUPERUSER")
                  + option(row, "rolinherit", "INHERIT")
                  + option(row, "rolcreaterole", "CREATEROLE")
                  + option(row, "rolcreatedb", "CREATEDB")
                  + option(row, "rolcanlogin", "LOGIN")
                  + option(row, "rolreplication", "REPLICATION")
                  + option(row, "rolbypassrls", "BYPASSRLS")
                  + (row.number("rolconnlimit") >= 0
                      ? " CONNECTION LIMIT " + row.number("rolconnlimit")
                      : "")
                  + row.optional("rolvaliduntil")
                      .map(until -> " VALID UNTIL " + Sql.literal(until))
                      .orElse("")
                  + ";");
          row.optional("comment")
              .ifPresent(
                  text ->
                      role.comment("COMMENT ON ROLE " + name + " IS " + Sql.literal(text) + ";"));
          roles.put(row.text("rolname"), role);
        });
    roleSettings(roles);
    memberships(roles);
    if (!roles.isEmpty()) {
      inventory.leaveOut("passwords of roles; set them after a restore");
    }
  }

  private static String option(Catalog.Row row, String column, String word) throws SQLException {
    return (row.is(column) ? " " : " NO") + word;
  }

  private void roleSettings(Map<String, Definition> roles) throws SQLException {
    catalog.visit(
        "SELECT rolname, quote_ident(rolname) AS name, unnest(setconfig) AS setting"
            + " FROM pg_db_role_setting JOIN pg_roles r ON r.oid = setrole WHERE setdatabase = 0"
            + " ORDER BY 1, 3",
        row -> {
          Definition role = roles.get(row.text("rolname"));
          String setting = row.text("setting");
          int equals = setting.indexOf('=');
          if (role != null) {
            role.sql(
                "ALTER ROLE "
                    + row.text("name")
                    + " SET "
                    + Sql.identifier(setting.substring(0, equals))
                    + " TO "
                    + value(setting.substring(0, equals), setting.substring(equals + 1))
                    + ";");
          }
        });
  }

  private void memberships(Map<String, Definition> roles) throws SQLException {
    catalog.visit(
        "SELECT quote_ident(g.rolname) AS given, g.oid AS given_oid, m.rolname,"
            + " quote_ident(m.rolname) AS member, admin_option, "
            + catalog.since(
                16, "' INHERIT ' || inherit_option || ', SET ' || set_option", "NULL::text")
            + " AS options FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid"
            + " JOIN pg_roles m ON m.oid = a.member ORDER BY 1, 3",
        row -> {
          Definition role = roles.get(row.text("rolname"));
          if (role != null) {
            String options =
                row.optional("options")
                    .map(text -> " WITH ADMIN " + adminWord(row) + "," + text)
                    .orElse(adminWord(row).equals("true") ? " WITH ADMIN OPTION" : "");
            role.sql("GRANT " + row.text("given") + " TO " + row.text("member") + options + ";");
            inventory.need(role.id(), new ObjectId("pg_authid", row.number("given_oid")));
          }
        });
  }

  private static String adminWord(Catalog.Row row) {
    try {
      return row.is("admin_option") ? "true" : "false";
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void tablespaces() throws SQLException {
    catalog.visit(
        "SELECT t.oid, spcname, quote_ident(spcname) AS name, pg_tablespace_location(t.oid) AS"
            + " location, quote_ident(rolname) AS owner, spcowner::bigint AS owner_oid,"
            + " array_to_string(spcoptions, ', ') AS options"
            + " FROM pg_tablespace t JOIN pg_roles r ON r.oid = spcowner WHERE spcname !~ '^pg_'",
        row -> {
          ObjectId id = new ObjectId("pg_tablespace", row.number("oid"));
          Definition space =
              inventory.add(
                  id,
                  Kind.TABLESPACE,
                  PathNames.path("database", "tablespaces", row.text("spcname") + ".sql"),
                  "",
                  row.text("spcname"),
                  Optional.empty());
          String options = row.text("options");
          space.sql(
              "CREATE TABLESPACE "
                  + row.text("name")
                  + " OWNER "
                  + row.text("owner")
                  + " LOCATION "
                  + Sql.literal(row.text("location"))
                  + (options.isEmpty() ? "" : " WITH (" + options + ")")
                  + ";");
          inventory.need(id, new ObjectId("pg_authid", row.number("owner_oid")));
        });
  }
}
