package dev.varve.source.jdbc.internal.portable;

import dev.varve.source.jdbc.internal.dialect.Selection;
import dev.varve.source.jdbc.internal.dialect.TableName;
import dev.varve.source.jdbc.internal.portable.TableModel.Column;
import dev.varve.source.jdbc.internal.portable.TableModel.ForeignKey;
import dev.varve.source.jdbc.internal.portable.TableModel.Index;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks JDBC for the tables of a database. Used by one thread. */
final class TableModels {

  private static final Set<String> SYSTEM =
      Set.of(
          "information_schema",
          "pg_catalog",
          "mysql",
          "sys",
          "performance_schema",
          "crdb_internal",
          "pg_extension");
  private static final Pattern CONSTANT =
      Pattern.compile(
          "(?i)-?\\d+(\\.\\d+)?|'[^']*'|true|false|null|current_(timestamp|date|time)(\\(\\d*\\))?");
  private static final Pattern CAST = Pattern.compile("('[^']*')::[a-z ]+(\\(\\d+\\))?");

  private final Connection connection;
  private final DatabaseMetaData jdbc;
  private final Product product;
  private final Selection selection;
  private final Set<String> leftOut = new LinkedHashSet<>();

  TableModels(Connection connection, Selection selection) throws SQLException {
    this.connection = connection;
    this.jdbc = connection.getMetaData();
    this.product = Product.of(connection);
    this.selection = selection;
  }

  /** What could not be carried, one sentence each. */
  Set<String> leftOut() {
    return leftOut;
  }

  /**
   * The selected tables in the order in which their rows can be put in: what is referred to first.
   */
  Map<TableName, TableModel> read() throws SQLException {
    Map<TableName, TableModel> tables = new TreeMap<>(TableModels::compare);
    for (TableName name : names()) {
      tables.put(name, table(name));
    }
    Map<TableName, TableModel> ordered = new LinkedHashMap<>();
    Set<TableName> begun = new HashSet<>();
    tables.keySet().forEach(name -> append(name, tables, begun, ordered));
    return ordered;
  }

  private static int compare(TableName one, TableName other) {
    int schemas = one.schema().compareTo(other.schema());
    return schemas == 0 ? one.table().compareTo(other.table()) : schemas;
  }

  private static void append(
      TableName name,
      Map<TableName, TableModel> tables,
      Set<TableName> begun,
      Map<TableName, TableModel> ordered) {
    TableModel model = tables.get(name);
    if (model != null && begun.add(name)) {
      model.foreignKeys().forEach(key -> append(key.table(), tables, begun, ordered));
      ordered.put(name, model);
    }
  }

  private List<TableName> names() throws SQLException {
    List<TableName> names = new ArrayList<>();
    String catalog = connection.getCatalog();
    try (ResultSet found = jdbc.getTables(catalog, null, "%", null)) {
      while (found.next()) {
        TableName name = name(found, "TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME");
        String type = text(found, "TABLE_TYPE");
        boolean table =
            type.equals("TABLE") || type.equals("BASE TABLE") || type.equals("PARTITIONED TABLE");
        if (isSystem(name) || !selection.takes(name)) {
          continue;
        }
        if (table) {
          names.add(name);
        } else if (!type.contains("INDEX") && !type.contains("SYSTEM") && !type.equals("VIEW")) {
          leftOut.add(type.toLowerCase(Locale.ROOT) + " " + name);
        }
      }
    }
    return names;
  }

  private boolean isSystem(TableName name) {
    String schema = name.schema().toLowerCase(Locale.ROOT);
    return SYSTEM.contains(schema)
        || schema.startsWith("pg_toast")
        || schema.startsWith("pg_temp")
        || (product == Product.SQLITE && name.table().startsWith("sqlite_"));
  }

  /** A database's schemas are catalogs in MariaDB, and SQLite has but one. */
  private TableName name(ResultSet found, String catalog, String schema, String table)
      throws SQLException {
    return switch (product) {
      case SQLITE -> new TableName("main", text(found, table));
      case MARIADB -> new TableName(text(found, catalog), text(found, table));
      default -> new TableName(text(found, schema), text(found, table));
    };
  }

  private @Nullable String catalog(TableName table) throws SQLException {
    return product == Product.MARIADB ? table.schema() : connection.getCatalog();
  }

  private @Nullable String schema(TableName table) {
    return product == Product.MARIADB || product == Product.SQLITE ? null : table.schema();
  }

  private TableModel table(TableName table) throws SQLException {
    List<String> primary = primaryKey(table);
    return new TableModel(columns(table), primary, indexes(table, primary), foreignKeys(table));
  }

  private List<Column> columns(TableName table) throws SQLException {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    String all = "SELECT * FROM " + product.quoted(table.schema(), table.table()) + " WHERE 1=0";
    JdbcTypes.columns(connection, all).forEach(column -> types.put(column.name(), column.type()));
    nestArrays(table, types);
    Map<String, Column> columns = new LinkedHashMap<>();
    String pattern = escaped(table.table());
    try (ResultSet found = jdbc.getColumns(catalog(table), schemaPattern(table), pattern, null)) {
      while (found.next()) {
        String name = text(found, "COLUMN_NAME");
        ColumnType type = types.get(name);
        if (type == null || !text(found, "TABLE_NAME").equals(table.table())) {
          continue;
        }
        boolean identity = text(found, "IS_AUTOINCREMENT").equals("YES");
        if (text(found, "IS_GENERATEDCOLUMN").equals("YES")) {
          leftOut.add(
              "how column " + name + " of " + table + " is computed; its values are carried");
        }
        boolean nullable = found.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls;
        columns.put(
            name,
            new Column(
                name,
                type,
                nullable,
                identity,
                identity ? Optional.empty() : constant(table, name, text(found, "COLUMN_DEF"))));
      }
    }
    types.forEach(
        (name, type) ->
            columns.putIfAbsent(name, new Column(name, type, true, false, Optional.empty())));
    return List.copyOf(columns.values());
  }

  /** How deep arrays lie in each other PostgreSQL's driver does not tell. */
  private void nestArrays(TableName table, Map<String, ColumnType> types) throws SQLException {
    boolean arrays = types.values().stream().anyMatch(type -> type.kind() == Kind.ARRAY);
    if (product != Product.POSTGRESQL || !arrays) {
      return;
    }
    for (List<String> nested :
        Sessions.rows(
            connection,
            "SELECT attname, attndims FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN"
                + " pg_namespace n ON n.oid = relnamespace WHERE attndims > 1 AND attnum > 0 AND"
                + " nspname = ? AND relname = ?",
            table.schema(),
            table.table())) {
      ColumnType array = types.get(nested.get(0));
      if (array != null && array.kind() == Kind.ARRAY) {
        String deeper = "[]".repeat(Integer.parseInt(nested.get(1)) - 1);
        types.put(nested.get(0), new ColumnType(Kind.ARRAY, 0, 0, array.detail() + deeper));
      }
    }
  }

  /** Whether this is SQL for a value that any database understands. */
  static boolean isConstant(String sql) {
    return CONSTANT.matcher(sql).matches() && !sql.contains("\\");
  }

  private Optional<String> constant(TableName table, String column, String told) {
    if (told.isEmpty() || told.equalsIgnoreCase("null")) {
      return Optional.empty();
    }
    var cast = CAST.matcher(told);
    String value = cast.matches() ? cast.group(1) : told;
    if (isConstant(value)) {
      return Optional.of(value);
    }
    if (product == Product.MARIADB && value.matches("[A-Za-z0-9 _.:-]*")) {
      return Optional.of('\'' + value + '\'');
    }
    leftOut.add("the default of column " + column + " of " + table + ", " + told);
    return Optional.empty();
  }

  private List<String> primaryKey(TableName table) throws SQLException {
    TreeMap<Integer, String> key = new TreeMap<>();
    try (ResultSet found = jdbc.getPrimaryKeys(catalog(table), schema(table), table.table())) {
      while (found.next()) {
        key.put(found.getInt("KEY_SEQ"), text(found, "COLUMN_NAME"));
      }
    }
    return List.copyOf(key.values());
  }

  private List<Index> indexes(TableName table, List<String> primary) throws SQLException {
    Map<String, TreeMap<Integer, String>> columns = new TreeMap<>();
    Map<String, List<String>> descending = new TreeMap<>();
    Set<String> unique = new HashSet<>();
    Set<String> odd = new HashSet<>();
    try (ResultSet found =
        jdbc.getIndexInfo(catalog(table), schema(table), table.table(), false, true)) {
      while (found.next()) {
        String name = text(found, "INDEX_NAME");
        if (found.getShort("TYPE") == DatabaseMetaData.tableIndexStatistic || name.isEmpty()) {
          continue;
        }
        String column = unquoted(text(found, "COLUMN_NAME"));
        columns
            .computeIfAbsent(name, unused -> new TreeMap<>())
            .put(found.getInt("ORDINAL_POSITION"), column);
        if (text(found, "ASC_OR_DESC").equals("D")) {
          descending.computeIfAbsent(name, unused -> new ArrayList<>()).add(column);
        }
        if (!found.getBoolean("NON_UNIQUE")) {
          unique.add(name);
        }
        if (column.isEmpty()
            || !text(found, "FILTER_CONDITION").isEmpty()
            || column.contains("(")) {
          odd.add(name);
        }
      }
    }
    List<Index> indexes = new ArrayList<>();
    columns.forEach(
        (name, named) -> {
          List<String> list = List.copyOf(named.values());
          boolean primarys = unique.contains(name) && list.equals(primary);
          if (odd.contains(name)) {
            leftOut.add("index " + name + " of " + table + ", which is partial or of expressions");
          } else if (!primarys) {
            indexes.add(
                new Index(
                    name, unique.contains(name), list, descending.getOrDefault(name, List.of())));
          }
        });
    return indexes;
  }

  private List<ForeignKey> foreignKeys(TableName table) throws SQLException {
    Map<String, ForeignKey> keys = new LinkedHashMap<>();
    try (ResultSet found = jdbc.getImportedKeys(catalog(table), schema(table), table.table())) {
      int number = 0;
      while (found.next()) {
        // Keys without a name are told apart by where they begin.
        number += found.getInt("KEY_SEQ") == 1 ? 1 : 0;
        String name = text(found, "FK_NAME");
        String id = name.isEmpty() ? "#" + number : name;
        ForeignKey known = keys.get(id);
        List<String> columns = new ArrayList<>(known == null ? List.of() : known.columns());
        List<String> referenced = new ArrayList<>(known == null ? List.of() : known.referenced());
        columns.add(text(found, "FKCOLUMN_NAME"));
        referenced.add(text(found, "PKCOLUMN_NAME"));
        keys.put(
            id,
            new ForeignKey(
                name,
                List.copyOf(columns),
                name(found, "PKTABLE_CAT", "PKTABLE_SCHEM", "PKTABLE_NAME"),
                List.copyOf(referenced),
                rule(found.getShort("DELETE_RULE")),
                rule(found.getShort("UPDATE_RULE"))));
      }
    }
    return List.copyOf(keys.values());
  }

  private static String rule(short rule) {
    return switch (rule) {
      case DatabaseMetaData.importedKeyCascade -> "CASCADE";
      case DatabaseMetaData.importedKeySetNull -> "SET NULL";
      case DatabaseMetaData.importedKeySetDefault -> "SET DEFAULT";
      default -> "";
    };
  }

  private @Nullable String schemaPattern(TableName table) throws SQLException {
    String schema = schema(table);
    return schema == null ? null : escaped(schema);
  }

  private String escaped(String name) throws SQLException {
    String escape = Objects.requireNonNullElse(jdbc.getSearchStringEscape(), "\\");
    return product == Product.SQLITE
        ? name
        : name.replace(escape, escape + escape)
            .replace("_", escape + "_")
            .replace("%", escape + "%");
  }

  private static String unquoted(String name) {
    return name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }

  private static String text(ResultSet found, String column) throws SQLException {
    String text = found.getString(column);
    return text == null ? "" : text;
  }
}
