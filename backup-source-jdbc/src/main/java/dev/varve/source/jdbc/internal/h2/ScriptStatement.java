package dev.varve.source.jdbc.internal.h2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
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

  // Possessive, so that a long text takes no deep stack.
  private static final String QUOTED = "((?:U&)?\"[^\"]*+(?:\"\"[^\"]*+)*+\")";
  private static final String TEXT = "'[^']*+(?:''[^']*+)*+'";
  private static final Pattern TOKEN = Pattern.compile(QUOTED + "|" + TEXT);
  private static final Pattern QUALIFIED = Pattern.compile(QUOTED + "\\." + QUOTED);
  private static final Pattern TEXTS = Pattern.compile(TEXT);
  private static final Pattern NUMBER =
      Pattern.compile("\\\\(?:\\\\|([0-9a-fA-F]{4})|\\+([0-9a-fA-F]{6}))");

  /** Names and texts left out, these are how statements begin. */
  private static final Pattern CREATE =
      Pattern.compile(
          "CREATE (?:OR REPLACE |FORCE |CACHED |MEMORY |UNIQUE |SPATIAL |NULLS DISTINCT |NULLS NOT"
              + " DISTINCT |NULLS ALL DISTINCT |HASH )*((?:MATERIALIZED )?[A-Z]+) .*",
          Pattern.DOTALL);

  private static final Pattern CONSTRAINT =
      Pattern.compile(
          "ALTER TABLE \\. ADD CONSTRAINT \\. (?:COMMENT +)?(PRIMARY KEY|UNIQUE|FOREIGN KEY|CHECK).*",
          Pattern.DOTALL);

  static ScriptStatement of(String statement) {
    String sql = statement.strip();
    sql = sql.endsWith(";") ? sql.substring(0, sql.length() - 1) : sql;
    List<Name> mentions = mentions(sql);
    String shape = TOKEN.matcher(sql).replaceAll("");
    Matcher constraint = CONSTRAINT.matcher(shape);
    if (constraint.matches() && mentions.size() >= 2) {
      Name own = mentions.get(1);
      Optional<Name> table = Optional.of(mentions.get(0));
      return new ScriptStatement(
          sql, constraint.group(1), own.schema(), own.name(), table, mentions);
    }
    Matcher create = CREATE.matcher(shape);
    if (!create.matches()) {
      String what = sql.substring(0, Math.max(0, sql.indexOf(' ')));
      return new ScriptStatement(sql, what, "", "", Optional.empty(), mentions);
    }
    String what = create.group(1);
    if (what.equals("SCHEMA") || what.equals("USER") || what.equals("ROLE") || mentions.isEmpty()) {
      Matcher single = TOKEN.matcher(sql);
      String name = single.find() && single.group(1) != null ? unquoted(single.group(1)) : "";
      return new ScriptStatement(sql, what, "", name, Optional.empty(), mentions);
    }
    Name own = mentions.get(0);
    Optional<Name> table =
        switch (what) {
          case "TABLE" -> Optional.of(own);
          case "INDEX", "TRIGGER" -> mentions.stream().skip(1).findFirst();
          default -> Optional.empty();
        };
    return new ScriptStatement(sql, what, own.schema(), own.name(), table, mentions);
  }

  /** This statement with other names for schemas. */
  static String renamed(String sql, Map<String, String> schemas) {
    if (schemas.isEmpty()) {
      return sql;
    }
    Matcher token = TOKEN.matcher(sql);
    StringBuilder out = new StringBuilder();
    while (token.find()) {
      String found = token.group();
      boolean first = token.start() == 0 || sql.charAt(token.start() - 1) != '.';
      boolean schema =
          token.group(1) != null
              && first
              && (sql.startsWith(".", token.end())
                  || sql.substring(0, token.start()).endsWith("SCHEMA IF NOT EXISTS "));
      String other = schema ? schemas.get(unquoted(found)) : null;
      String written = other == null ? found : '"' + other.replace("\"", "\"\"") + '"';
      token.appendReplacement(out, Matcher.quoteReplacement(written));
    }
    return token.appendTail(out).toString();
  }

  private static List<Name> mentions(String sql) {
    List<Name> mentions = new ArrayList<>();
    Matcher matcher = QUALIFIED.matcher(TEXTS.matcher(sql).replaceAll("''"));
    while (matcher.find()) {
      mentions.add(new Name(unquoted(matcher.group(1)), unquoted(matcher.group(2))));
    }
    return mentions;
  }

  /** A name as the database has it; what is not ASCII stands by its number. */
  private static String unquoted(String quoted) {
    boolean numbers = quoted.startsWith("U&");
    String name = quoted.substring(numbers ? 3 : 1, quoted.length() - 1).replace("\"\"", "\"");
    return numbers ? NUMBER.matcher(name).replaceAll(ScriptStatement::character) : name;
  }

  private static String character(MatchResult number) {
    String digits = number.group(1) == null ? number.group(2) : number.group(1);
    String character = digits == null ? "\\" : Character.toString(Integer.parseInt(digits, 16));
    return Matcher.quoteReplacement(character);
  }
}
