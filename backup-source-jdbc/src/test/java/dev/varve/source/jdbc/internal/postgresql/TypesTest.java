package dev.varve.source.jdbc.internal.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random tables with rows of every type come back as they were. */
class TypesTest {

  private static final long NANOS = (Boolean.getBoolean("varve.deep") ? 600L : 6L) * 1_000_000_000L;

  private static final Map<String, List<String>> VALUES = values();

  private static Map<String, List<String>> values() {
    Map<String, List<String>> values = new TreeMap<>();
    values.put("smallint", List.of("-32768", "32767", "0"));
    values.put("integer", List.of("-2147483648", "2147483647"));
    values.put("bigint", List.of("-9223372036854775808", "9223372036854775807"));
    values.put(
        "numeric", List.of("'NaN'", "1e300", "-0.000000000000000000000001", "1.50", "'Infinity'"));
    values.put("numeric(20,5)", List.of("123456789012345.67891", "'NaN'"));
    values.put("real", List.of("'NaN'", "'-Infinity'", "1e-45", "-0.0", "3.4028235e38"));
    values.put(
        "double precision", List.of("'NaN'", "'Infinity'", "4.9e-324", "-0.0", "0.1", "1e308"));
    values.put("money", List.of("'-92233720368547758.08'", "'12.34'"));
    values.put("boolean", List.of("true", "false"));
    values.put(
        "text",
        List.of("''", "E'\\\\.'", "E'\\\\N'", "E'\\t\\r\\n\\b\\x01'", "U&'\\+01F600'", "'é'"));
    values.put("varchar(20)", List.of("'  spaces  '", "E'back\\\\slash'"));
    values.put("char(5)", List.of("'ab'", "''"));
    values.put("\"char\"", List.of("'x'", "''"));
    values.put("name", List.of("'a name'"));
    values.put("bytea", List.of("'\\x'", "'\\x00ff5c0a'", "decode(repeat('0a5c', 5000), 'hex')"));
    values.put("date", List.of("'infinity'", "'-infinity'", "'4713-01-01 BC'", "'5874897-12-31'"));
    values.put("time(3)", List.of("'24:00:00'", "'00:00:00.001'"));
    values.put("timetz", List.of("'23:59:59.999999+15:59'", "'00:00:00-15:59:59'"));
    values.put(
        "timestamp",
        List.of("'infinity'", "'4713-01-01 00:00:00 BC'", "'294276-12-31 23:59:59.999999'"));
    values.put(
        "timestamptz",
        List.of("'-infinity'", "'2026-03-29 02:30:00.000001+01'", "'0001-01-01 00:00:00+00 BC'"));
    values.put(
        "interval", List.of("'-178000000 years'", "'1 mon -1 day 00:00:00.000001'", "'-00:00:01'"));
    values.put("interval year to month", List.of("'3 years 2 mons'"));
    values.put("uuid", List.of("'00000000-0000-0000-0000-000000000000'", "gen_random_uuid()"));
    values.put("json", List.of("'{\"a\" :  1, \"a\": 2}'", "'null'"));
    values.put("jsonb", List.of("'{\"a\": [1, 1.50, \"\\u00e9\\\\n\"]}'", "'1e1000'"));
    values.put("jsonpath", List.of("'$.a[*] ? (@ > 1)'"));
    values.put("xml", List.of("'<a b=\"c\">d</a>'", "'just text'"));
    values.put("inet", List.of("'::1/64'", "'10.1.2.3/8'"));
    values.put("cidr", List.of("'10.0.0.0/8'"));
    values.put("macaddr", List.of("'08:00:2b:01:02:03'"));
    values.put("macaddr8", List.of("'08:00:2b:01:02:03:04:05'"));
    values.put("bit(5)", List.of("B'10101'"));
    values.put("varbit", List.of("B''", "B'1'"));
    values.put("point", List.of("'(1e-300,-0)'", "'(NaN,Infinity)'"));
    values.put("line", List.of("'{1,2,3}'"));
    values.put("lseg", List.of("'[(0,0),(1,1)]'"));
    values.put("box", List.of("'(2,2),(0,0)'"));
    values.put("path", List.of("'[(0,0),(1,1)]'", "'((0,0),(1,1))'"));
    values.put("polygon", List.of("'((0,0),(1,1),(1,0))'"));
    values.put("circle", List.of("'<(0,0),1.5>'"));
    values.put("int4range", List.of("'empty'", "'(,5)'"));
    values.put("numrange", List.of("'[1.50,2]'"));
    values.put("tstzrange", List.of("'[\"2026-01-01 00:00:00+00\",infinity)'"));
    values.put("int8multirange", List.of("'{[1,3),(5,7]}'", "'{}'"));
    values.put("tsvector", List.of("'''it''''s'':1A,2 b'"));
    values.put("tsquery", List.of("'a & (b | !c:*)'"));
    values.put("pg_lsn", List.of("'16/B374D848'"));
    values.put("text[]", List.of("'{}'", "ARRAY['a,b', NULL, 'NULL', E'\"\\\\']", "'[2:3]={x,y}'"));
    values.put("numeric[]", List.of("'{{1,2},{NaN,NULL}}'"));
    values.put("bytea[]", List.of("ARRAY['\\x00'::bytea, NULL]"));
    values.put("public.feeling", List.of("'so so'", "'a,\"b'"));
    values.put(
        "public.pair", List.of("ROW(1, E'\\t\"')::public.pair", "ROW(NULL, NULL)::public.pair"));
    values.put("public.pair[]", List.of("ARRAY[ROW(1, 'x')::public.pair, NULL]"));
    return values;
  }

  @Test
  void restore_randomTables_rowsAreTheSame() throws SQLException, IOException {
    long seed = Long.getLong("varve.seed", System.nanoTime());
    System.out.println("TypesTest -Dvarve.seed=" + seed);
    Random random = new Random(seed);
    long end = System.nanoTime() + NANOS;
    do {
      String source = Server.fresh();
      Server.run(
          source,
          "CREATE TYPE public.feeling AS ENUM ('so so', 'a,\"b'); CREATE TYPE public.pair AS (a"
              + " integer, b text)");
      for (int table = 0; table < 8; table++) {
        make(source, "public.t" + table, random);
      }
      String target = Server.fresh();
      Transfer.dump(source).load(target);
      assertEquals(Judge.definitions(source), Judge.definitions(target));
      assertEquals(Judge.rows(source), Judge.rows(target));
    } while (System.nanoTime() < end);
  }

  private static void make(String database, String table, Random random) throws SQLException {
    List<String> types = new ArrayList<>(VALUES.keySet());
    java.util.Collections.shuffle(types, random);
    types = types.subList(0, 1 + random.nextInt(types.size()));
    StringBuilder sql = new StringBuilder("CREATE TABLE " + table + " (");
    for (int i = 0; i < types.size(); i++) {
      sql.append(i == 0 ? "" : ", ").append("\"C ").append(i).append("\" ").append(types.get(i));
      if (random.nextInt(4) == 0) {
        sql.append(" DEFAULT ").append(value(types.get(i), random));
      }
    }
    sql.append(");");
    int rows = random.nextInt(30);
    for (int row = 0; row < rows; row++) {
      sql.append("INSERT INTO ").append(table).append(" VALUES (");
      for (int i = 0; i < types.size(); i++) {
        sql.append(i == 0 ? "" : ", ");
        sql.append(random.nextInt(6) == 0 ? "NULL" : value(types.get(i), random));
      }
      sql.append(");");
    }
    Server.run(database, sql.toString());
  }

  private static String value(String type, Random random) {
    List<String> values = VALUES.getOrDefault(type, List.of("NULL"));
    return values.get(random.nextInt(values.size()));
  }
}
