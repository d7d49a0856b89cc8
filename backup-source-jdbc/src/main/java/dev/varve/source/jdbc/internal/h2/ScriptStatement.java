package dev.varve.source.jdbc.internal.h2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One statement of H2's {@code SCRIPT}, which quotes every name and puts its schema before it.
 *
 * @param sql the statement without its semicolon
 * @param what what it makes, e.g. {@code TABLE} or {@code FOREIGN KEY}
 * @param schema the schema of what it makes; empty where it has none
 * @param name its name
 * @param table the table it belongs to; empty where it belongs to none
 * @param mentions all names it mentions
 */
record ScriptStatement(
    String sql,
    String what,
    String schema,
    String name,
    Optional<Name> table,
    List<Name> mentions) {

  /** A schema and a name in it. */
  record Name(String schema, String name) {}

  private static final String QUOTED = "\"((?:[^\"]|\"\")*)\"";
  private static final Pattern QUALIFIED = Pattern.compile(QUOTED + "\\." + QUOTED);
  private static final Pattern SINGLE = Pattern.compile(QUOTED);
  private static final Pattern TEXT = Pattern.compile("'(?:[^']|'')*'");

  private static final Pattern CREATE =
      Pattern.compile(
          "CREATE (?:OR REPLACE |FORCE |CACHED |MEMORY |UNIQUE |SPATIAL |NULLS DISTINCT |NULLS NOT"
              + " DISTINCT |NULLS ALL DISTINCT |HASH )*((?:MATERIALIZED )?[A-Z]+) (?:IF NOT EXISTS"
              + " )?.*",
          Pattern.DOTALL);
  private static final Pattern CONSTRAINT =
      Pattern.compile(
          "ALTER TABLE [^(]*? ADD CONSTRAINT [^(]*?(PRIMARY KEY|UNIQUE|FOREIGN KEY|CHECK).*",
          Pattern.DOTALL);
  private static final Pattern ON = Pattern.compile(" ON " + QUOTED + "\\." + QUOTED);

  static ScriptStatement of(String statement) {
    String sql = statement.strip();
    sql = sql.endsWith(";") ? sql.substring(0, sql.length() - 1) : sql;
    List<Name> mentions = mentions(sql);
    Matcher constraint = CONSTRAINT.matcher(sql);
    if (sql.startsWith("ALTER TABLE ") && constraint.matches() && mentions.size() >= 2) {
      Name table = mentions.get(0);
      Name own = mentions.get(1);
      return new ScriptStatement(
          sql, constraint.group(1), own.schema(), own.name(), Optional.of(table), mentions);
    }
    Matcher create = CREATE.matcher(sql);
    if (!create.matches()) {
      String what = sql.substring(0, Math.min(sql.length(), Math.max(0, sql.indexOf(' '))));
      return new ScriptStatement(sql, what, "", "", Optional.empty(), mentions);
    }
    String what = create.group(1);
    Matcher single = SINGLE.matcher(sql);
    if (what.equals("SCHEMA") || what.equals("USER") || what.equals("ROLE") || mentions.isEmpty()) {
      String name = single.find() ? unquoted(single.group(1)) : "";
      return new ScriptStatement(sql, what, "", name, Optional.empty(), mentions);
    }
    Name own = mentions.get(0);
    Optional<Name> table = what.equals("TABLE") ? Optional.of(own) : Optional.empty();
    if (what.equals("INDEX") || what.equals("TRIGGER")) {
      Matcher on = ON.matcher(sql);
      table =
          on.find()
              ? Optional.of(new Name(unquoted(on.group(1)), unquoted(on.group(2))))
              : Optional.empty();
    }
    return new ScriptStatement(sql, what, own.schema(), own.name(), table, mentions);
  }

  /** This statement with other names for schemas. */
  static String renamed(String sql, Map<String, String> schemas) {
    if (schemas.isEmpty()) {
      return sql;
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c != '"' && c != '\'') {
        out.append(c);
        i++;
        continue;
      }
      int end = i + 1;
      while (end < sql.length() && (sql.charAt(end) != c || follows(sql, end + 1, c))) {
        end += sql.charAt(end) == c ? 2 : 1;
      }
      end = Math.min(sql.length(), end + 1);
      String token = sql.substring(i, end);
      boolean schema =
          c == '"'
              && (i == 0 || sql.charAt(i - 1) != '.')
              && (follows(sql, end, '.') || out.toString().endsWith("SCHEMA IF NOT EXISTS "));
      String name = schema ? unquoted(token.substring(1, token.length() - 1)) : "";
      String other = schema ? schemas.getOrDefault(name, name) : "";
      out.append(schema ? '"' + other.replace("\"", "\"\"") + '"' : token);
      i = end;
    }
    return out.toString();
  }

  private static boolean follows(String sql, int at, char c) {
    return at < sql.length() && sql.charAt(at) == c;
  }

  private static List<Name> mentions(String sql) {
    List<Name> mentions = new ArrayList<>();
    Matcher matcher = QUALIFIED.matcher(TEXT.matcher(sql).replaceAll("''"));
    while (matcher.find()) {
      mentions.add(new Name(unquoted(matcher.group(1)), unquoted(matcher.group(2))));
    }
    return mentions;
  }

  private static String unquoted(String name) {
    return name.replace("\"\"", "\"");
  }
}
