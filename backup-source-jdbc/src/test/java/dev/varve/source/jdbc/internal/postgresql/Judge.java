package dev.varve.source.jdbc.internal.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells what a database holds by queries of its own: nothing here is shared with what is judged.
 * Numbers the server gives are replaced by names, so that two databases that hold the same tell the
 * same.
 */
final class Judge {

  private static final String USER =
      "nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'";

  private static final List<String> QUESTIONS =
      List.of(
          "SELECT 'schema', nspname, pg_get_userbyid(nspowner), (SELECT array_agg(x::text ORDER BY"
              + " x::text) FROM unnest(nspacl) x), obj_description(oid, 'pg_namespace')"
              + " FROM pg_namespace WHERE "
              + USER,
          "SELECT 'relation', nspname, relname, relkind, relpersistence, pg_get_userbyid(relowner),"
              + " (SELECT array_agg(x::text ORDER BY x::text) FROM unnest(relacl) x), reloptions,"
              + " relreplident, relrowsecurity, relforcerowsecurity, relispartition,"
              + " pg_get_expr(relpartbound, c.oid), relispopulated, reloftype::regtype,"
              + " obj_description(c.oid, 'pg_class'), CASE WHEN relkind = 'p' THEN"
              + " pg_get_partkeydef(c.oid) END, (SELECT reloptions FROM pg_class t WHERE t.oid ="
              + " c.reltoastrelid), relhassubclass FROM pg_class c JOIN pg_namespace n ON n.oid ="
              + " relnamespace WHERE "
              + USER,
          "SELECT 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,"
              + " atthasdef, attidentity, attgenerated, attislocal, attinhcount, attstorage,"
              + " coalesce(attstattarget, -1), attoptions, (SELECT collname FROM pg_collation o WHERE o.oid = attcollation), attacl::text,"
              + " pg_get_expr(adbin, adrelid), col_description(attrelid, attnum) FROM pg_attribute a"
              + " JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace LEFT"
              + " JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum WHERE attnum > 0 AND NOT"
              + " attisdropped AND "
              + USER,
          "SELECT 'order', attrelid::regclass, string_agg(attname, ',' ORDER BY attnum) FROM"
              + " pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid ="
              + " relnamespace WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v',"
              + " 'm', 'c') AND "
              + USER
              + " GROUP BY attrelid",
          "SELECT 'constraint', conname, contype, conrelid::regclass, contypid::regtype,"
              + " pg_get_constraintdef(k.oid), condeferrable, condeferred, convalidated, conislocal,"
              + " coninhcount, contype <> 'p' AND connoinherit, obj_description(k.oid, 'pg_constraint') FROM pg_constraint"
              + " k JOIN pg_namespace n ON n.oid = connamespace WHERE "
              + USER,
          "SELECT 'index', indexrelid::regclass, pg_get_indexdef(indexrelid), indisunique,"
              + " indisprimary, indisclustered, indisreplident, indisvalid,"
              + " obj_description(indexrelid, 'pg_class') FROM pg_index JOIN pg_class c ON c.oid ="
              + " indexrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE "
              + USER,
          "SELECT 'inherits', inhrelid::regclass, inhparent::regclass, inhseqno FROM pg_inherits",
          "SELECT 'type', t.oid::regtype, typtype, pg_get_userbyid(typowner), typnotnull, pg_get_expr(typdefaultbin, 0),"
              + " typbasetype::regtype, typtypmod, (SELECT collname FROM pg_collation o WHERE o.oid = typcollation), typacl::text,"
              + " obj_description(t.oid, 'pg_type'), (SELECT array_agg(enumlabel ORDER BY"
              + " enumsortorder) FROM pg_enum WHERE enumtypid = t.oid) FROM pg_type t JOIN"
              + " pg_namespace n ON n.oid = typnamespace WHERE "
              + USER,
          "SELECT 'range', rngtypid::regtype, rngsubtype::regtype, (SELECT collname FROM pg_collation o WHERE o.oid = rngcollation),"
              + " rngsubdiff FROM pg_range WHERE rngtypid >= 16384",
          "SELECT 'routine', p.oid::regprocedure, prokind, pg_get_userbyid(proowner), proacl::text, CASE"
              + " WHEN prokind <> 'a' THEN pg_get_functiondef(p.oid) END, obj_description(p.oid,"
              + " 'pg_proc'), pg_get_function_arguments(p.oid), proparallel FROM pg_proc p JOIN"
              + " pg_namespace n ON n.oid = pronamespace WHERE "
              + USER,
          "SELECT 'aggregate', aggfnoid::regprocedure, aggkind, aggtransfn, aggfinalfn, aggcombinefn,"
              + " aggserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn, aggfinalextra, aggfinalmodify,"
              + " aggmfinalmodify, aggsortop::regoper, aggtranstype::regtype, aggmtranstype::regtype,"
              + " agginitval, aggminitval FROM pg_aggregate WHERE aggfnoid >= 16384",
          "SELECT 'view', c.oid::regclass, pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON"
              + " n.oid = relnamespace WHERE relkind IN ('v', 'm') AND "
              + USER,
          "SELECT 'trigger', pg_get_triggerdef(oid), tgenabled, obj_description(oid, 'pg_trigger') FROM"
              + " pg_trigger WHERE NOT tgisinternal",
          "SELECT 'rule', pg_get_ruledef(oid), ev_enabled, obj_description(oid, 'pg_rewrite') FROM"
              + " pg_rewrite WHERE oid >= 16384",
          "SELECT 'policy', schemaname, tablename, policyname, permissive, (SELECT array_agg(r ORDER BY"
              + " r) FROM unnest(roles) r), cmd, qual, with_check FROM pg_policies",
          "SELECT 'event trigger', evtname, evtevent, evtenabled, evttags, evtfoid::regproc,"
              + " pg_get_userbyid(evtowner), obj_description(oid, 'pg_event_trigger') FROM"
              + " pg_event_trigger",
          "SELECT 'sequence', seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmax,"
              + " seqmin, seqcache, seqcycle FROM pg_sequence",
          "SELECT 'owned', objid::regclass, refobjid::regclass, refobjsubid > 0, deptype FROM pg_depend"
              + " d JOIN pg_class c ON c.oid = objid AND relkind = 'S' WHERE classid ="
              + " 'pg_class'::regclass AND refclassid = 'pg_class'::regclass",
          "SELECT 'statistics', pg_get_statisticsobjdef(oid), pg_get_userbyid(stxowner),"
              + " obj_description(oid, 'pg_statistic_ext') FROM pg_statistic_ext",
          "SELECT 'extension', extname, nspname, extversion, obj_description(e.oid, 'pg_extension')"
              + " FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace",
          "SELECT 'collation', collnamespace::regnamespace, collname, collprovider, collisdeterministic, collcollate,"
              + " collctype FROM pg_collation l WHERE oid >= 16384",
          "SELECT 'default privileges', pg_get_userbyid(defaclrole), nspname, defaclobjtype, (SELECT"
              + " array_agg(x::text ORDER BY x::text) FROM unnest(defaclacl) x) FROM pg_default_acl"
              + " LEFT JOIN pg_namespace n ON n.oid = defaclnamespace",
          "SELECT 'large object', oid, pg_get_userbyid(lomowner), lomacl::text, md5(lo_get(oid)),"
              + " obj_description(oid, 'pg_largeobject') FROM pg_largeobject_metadata");

  private Judge() {}

  /** Everything that is defined, a line a thing, sorted. */
  static List<String> definitions(String database) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection connection = Server.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path TO ''");
      for (String question : QUESTIONS) {
        try (ResultSet result = statement.executeQuery(question)) {
          int columns = result.getMetaData().getColumnCount();
          while (result.next()) {
            StringBuilder line = new StringBuilder();
            for (int i = 1; i <= columns; i++) {
              line.append(result.getString(i)).append(" | ");
            }
            lines.add(line.toString());
          }
        }
      }
    }
    lines.sort(String::compareTo);
    return lines;
  }

  /** What only one of two lists has. */
  static List<String> differences(List<String> left, List<String> right) {
    List<String> differences = new ArrayList<>();
    left.stream().filter(line -> !right.contains(line)).forEach(l -> differences.add("- " + l));
    right.stream().filter(line -> !left.contains(line)).forEach(l -> differences.add("+ " + l));
    return differences;
  }

  /** For each table and sequence, how many rows it has itself and a sum over them in any order. */
  static Map<String, String> rows(String database) throws SQLException {
    Map<String, String> rows = new TreeMap<>();
    try (Connection connection = Server.connect(database);
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      statement.execute("SET search_path TO ''; SET TimeZone TO 'UTC'");
      try (ResultSet result =
          statement.executeQuery(
              "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid ="
                  + " relnamespace WHERE relkind IN ('r', 'm') AND relispopulated AND "
                  + USER)) {
        while (result.next()) {
          tables.add(result.getString(1));
        }
      }
      for (String table : tables) {
        try (ResultSet result =
            statement.executeQuery(
                "SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 7)), 0)"
                    + " FROM ONLY "
                    + table
                    + " t")) {
          result.next();
          rows.put(table, result.getString(1));
        }
      }
      sequences(statement, rows);
    }
    return rows;
  }

  private static void sequences(Statement statement, Map<String, String> values)
      throws SQLException {
    List<String> sequences = new ArrayList<>();
    try (ResultSet result =
        statement.executeQuery("SELECT seqrelid::regclass::text FROM pg_sequence")) {
      while (result.next()) {
        sequences.add(result.getString(1));
      }
    }
    for (String sequence : sequences) {
      try (ResultSet result =
          statement.executeQuery("SELECT last_value || ' ' || is_called FROM " + sequence)) {
        result.next();
        values.put(sequence, result.getString(1));
      }
    }
  }
}
