package dev.varve.source.jdbc.internal.h2;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import dev.varve.source.jdbc.internal.h2.ScriptStatement.Name;
import dev.varve.source.jdbc.internal.portable.JdbcTypes;
import dev.varve.source.jdbc.internal.portable.Product;
import dev.varve.source.jdbc.internal.portable.RowColumn;
import dev.varve.source.jdbc.internal.portable.Sessions;
import dev.varve.source.jdbc.internal.portable.SingleDump;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads what a H2 database holds, once, and plans its restore. Used by one thread. */
final class H2Schema {

  private static final String ISOLATION =
      "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL ";
  private static final String READ_COMMITTED = ISOLATION + "READ COMMITTED";

  private final Connection connection;
  private final DumpOptions options;
  private final Map<EntryPath, String> texts = new HashMap<>();
  private final Map<EntryPath, SingleDump.Query> queries = new HashMap<>();
  private final Map<Phase, List<Step>> steps = new TreeMap<>();
  private final Map<Name, EntryPath> made = new HashMap<>();
  private final Map<Name, List<EntryPath>> partsOfTables = new HashMap<>();
  private final Set<Name> hidden = new HashSet<>();
  private final Set<String> leftOut = new LinkedHashSet<>();
  private int unnamed;

  H2Schema(Connection connection, DumpOptions options) {
    this.connection = connection;
    this.options = options;
  }

  Dump dump() throws SQLException {
    connection.setAutoCommit(false);
    Sessions.run(connection, "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SNAPSHOT");
    // Otherwise all rows of a table would be collected before the first is shown.
    Sessions.run(connection, "SET LAZY_QUERY_EXECUTION 1");
    connection.commit();
    List<ScriptStatement> statements = new ArrayList<>();
    String passwords = options.roles() ? "" : "NOPASSWORDS ";
    for (List<String> row :
        Sessions.rows(connection, "SCRIPT NODATA " + passwords + "NOSETTINGS")) {
      if (!row.get(0).startsWith("--")) {
        statements.add(ScriptStatement.of(row.get(0)));
      }
    }
    for (ScriptStatement statement : statements) {
      if (statement.what().equals("MATERIALIZED VIEW")) {
        hidden.add(new Name(statement.schema(), statement.name() + "$1"));
        hidden.add(new Name(statement.schema(), statement.name() + "$2"));
      }
    }
    for (ScriptStatement statement : statements) {
      add(statement);
    }
    synonyms();
    List<Step> all = steps.values().stream().flatMap(List::stream).toList();
    String product = "H2 " + connection.getMetaData().getDatabaseProductVersion();
    Plan plan = new Plan("h2", product, Map.of(), all, List.copyOf(leftOut));
    return new SingleDump(
        connection, plan, texts, queries, List.of("SET LAZY_QUERY_EXECUTION 0", READ_COMMITTED));
  }

  private void add(ScriptStatement statement) throws SQLException {
    String kind = statement.what().toLowerCase(Locale.ROOT);
    switch (statement.what()) {
      case "USER", "ROLE", "GRANT" -> {
        if (options.roles()) {
          Phase phase = kind.equals("grant") ? Phase.COMPLETION : Phase.DEFINITION;
          String name = statement.name().isEmpty() ? String.valueOf(++unnamed) : statement.name();
          text(phase, PathNames.path("database", kind + "s", name), Optional.empty(), statement);
        } else if (!kind.equals("user")) {
          leftOut.add("roles and what they may do, which the option roles carries");
        }
      }
      case "SCHEMA" -> {
        if (options.selection().takesSchema(statement.name())) {
          EntryPath path = PathNames.path(statement.name(), "schema");
          made.put(new Name("", statement.name()), path);
          text(Phase.DEFINITION, path, Optional.empty(), ownerless(statement));
        }
      }
      case "DOMAIN", "CONSTANT", "ALIAS", "AGGREGATE", "SEQUENCE" -> {
        if (options.selection().takesSchema(statement.schema())) {
          EntryPath path = PathNames.path(statement.schema(), plural(kind), statement.name());
          text(Phase.DEFINITION, path, Optional.empty(), statement);
          made.put(new Name(statement.schema(), statement.name()), path);
        }
      }
      case "TABLE", "PRIMARY KEY", "UNIQUE", "INDEX", "CHECK", "FOREIGN KEY", "TRIGGER" ->
          ofTable(statement, kind);
      case "VIEW" -> {
        if (options.selection().takesSchema(statement.schema())) {
          text(
              Phase.COMPLETION,
              PathNames.path(statement.schema(), "views", statement.name()),
              Optional.empty(),
              statement);
        }
      }
      case "MATERIALIZED VIEW" ->
          leftOut.add("materialized view " + statement.schema() + "." + statement.name());
      default -> other(statement);
    }
  }

  private void other(ScriptStatement statement) {
    String sql = statement.sql();
    if (sql.startsWith("ALTER DOMAIN ") || sql.startsWith("COMMENT ON ")) {
      if (statement.mentions().isEmpty()
          || options.selection().takesSchema(statement.mentions().get(0).schema())) {
        String name = String.format("%06d", ++unnamed);
        text(
            Phase.COMPLETION,
            PathNames.path("database", "statements", name),
            Optional.empty(),
            statement);
      }
    } else {
      leftOut.add(sql.substring(0, Math.min(200, sql.length())).replaceAll("\\s+", " "));
    }
  }

  private void ofTable(ScriptStatement statement, String kind) throws SQLException {
    Name name = statement.table().orElse(new Name(statement.schema(), statement.name()));
    TableName table = new TableName(name.schema(), name.name());
    if (!options.selection().takes(table) || hidden.contains(name)) {
      return;
    }
    if (kind.equals("table")) {
      EntryPath path = PathNames.path(name.schema(), "tables", name.name(), "definition");
      made.put(name, path);
      text(Phase.DEFINITION, path, Optional.of(table), statement);
      rows(table, path);
      return;
    }
    if (!made.containsKey(name)) {
      leftOut.add(kind + " " + statement.schema() + "." + statement.name());
      return;
    }
    Phase phase =
        switch (kind) {
          case "primary key" -> Phase.DEFINITION;
          case "unique", "index" -> Phase.KEY;
          default -> Phase.COMPLETION;
        };
    EntryPath path =
        PathNames.path(
            name.schema(), "tables", name.name(), plural(kind.replace(' ', '-')), statement.name());
    text(phase, path, Optional.of(table), statement);
    if (phase != Phase.COMPLETION) {
      partsOfTables.computeIfAbsent(name, unused -> new ArrayList<>()).add(path);
    }
  }

  private void rows(TableName table, EntryPath definition) throws SQLException {
    List<String> names = new ArrayList<>();
    for (List<String> column :
        Sessions.rows(
            connection,
            "SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA=? AND"
                + " TABLE_NAME=? AND IS_GENERATED='NEVER' ORDER BY ORDINAL_POSITION",
            table.schema(),
            table.table())) {
      names.add(column.get(0));
    }
    List<String> key = new ArrayList<>();
    for (List<String> column :
        Sessions.rows(
            connection,
            "SELECT K.COLUMN_NAME FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS C JOIN"
                + " INFORMATION_SCHEMA.KEY_COLUMN_USAGE K ON K.CONSTRAINT_SCHEMA=C.CONSTRAINT_SCHEMA"
                + " AND K.CONSTRAINT_NAME=C.CONSTRAINT_NAME WHERE C.CONSTRAINT_TYPE='PRIMARY KEY'"
                + " AND C.TABLE_SCHEMA=? AND C.TABLE_NAME=? ORDER BY K.ORDINAL_POSITION",
            table.schema(),
            table.table())) {
      key.add(column.get(0));
    }
    Name name = new Name(table.schema(), table.table());
    EntryPath path = PathNames.path(table.schema(), "tables", table.table(), "rows");
    partsOfTables.put(name, new ArrayList<>(List.of(path)));
    Product h2 = Product.H2;
    String query =
        "SELECT "
            + (names.isEmpty() ? "_ROWID_" : h2.quoted(names))
            + " FROM "
            + h2.quoted(table.schema(), table.table())
            + " ORDER BY "
            + (key.isEmpty() ? "_ROWID_" : h2.quoted(key));
    List<RowColumn> columns = JdbcTypes.columns(connection, query);
    queries.put(path, new SingleDump.Query(query, columns));
    steps
        .computeIfAbsent(Phase.ROWS, unused -> new ArrayList<>())
        .add(
            new Step(
                Phase.ROWS,
                path,
                Optional.of(table),
                List.of(definition),
                Map.of("kind", "rows", "key", String.join("\n", key))));
  }

  private void synonyms() throws SQLException {
    for (List<String> synonym :
        Sessions.rows(
            connection,
            "SELECT SYNONYM_SCHEMA, SYNONYM_NAME, SYNONYM_FOR_SCHEMA, SYNONYM_FOR FROM"
                + " INFORMATION_SCHEMA.SYNONYMS ORDER BY 1, 2")) {
      if (options.selection().takesSchema(synonym.get(0))) {
        Product h2 = Product.H2;
        String sql =
            "CREATE SYNONYM "
                + h2.quoted(synonym.get(0), synonym.get(1))
                + " FOR "
                + h2.quoted(synonym.get(2), synonym.get(3));
        text(
            Phase.COMPLETION,
            PathNames.path(synonym.get(0), "synonyms", synonym.get(1)),
            Optional.empty(),
            ScriptStatement.of(sql));
      }
    }
  }

  /** Who owns a schema is a matter of roles. */
  private ScriptStatement ownerless(ScriptStatement schema) {
    int owner = schema.sql().lastIndexOf(" AUTHORIZATION ");
    return options.roles() || owner < 0
        ? schema
        : new ScriptStatement(
            schema.sql().substring(0, owner),
            schema.what(),
            "",
            schema.name(),
            Optional.empty(),
            List.of());
  }

  private void text(
      Phase phase, EntryPath path, Optional<TableName> table, ScriptStatement statement) {
    Set<EntryPath> requires = new LinkedHashSet<>();
    for (Name name : statement.mentions()) {
      Optional.ofNullable(made.get(new Name("", name.schema()))).ifPresent(requires::add);
      Optional.ofNullable(made.get(name)).ifPresent(requires::add);
      if (phase == Phase.COMPLETION) {
        requires.addAll(partsOfTables.getOrDefault(name, List.of()));
      }
    }
    requires.remove(path);
    texts.put(path, statement.sql() + ";\n");
    Map<String, String> facts =
        Map.of(
            "kind",
            statement.what().toLowerCase(Locale.ROOT),
            "schema",
            statement.schema(),
            "name",
            statement.name());
    steps
        .computeIfAbsent(phase, unused -> new ArrayList<>())
        .add(new Step(phase, path, table, List.copyOf(requires), facts));
  }

  private static String plural(String kind) {
    return switch (kind) {
      case "alias" -> "aliases";
      case "index" -> "indexes";
      case "primary-key" -> "primary-key";
      case "unique" -> "unique";
      default -> kind + "s";
    };
  }
}
