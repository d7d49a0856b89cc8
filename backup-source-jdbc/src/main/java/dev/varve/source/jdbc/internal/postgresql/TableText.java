package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes the definition of one table. Used by one thread. */
final class TableText {

  /**
   * A column.
   *
   * @param plainName as it is
   * @param name as SQL has it
   * @param collate {@code COLLATE x} or empty
   * @param identity {@code a} always, {@code d} by default, empty: none
   * @param generated {@code s} stored, {@code v} virtual, empty: none
   * @param value its default, or what generates it
   * @param storage if not its type's
   */
  record Column(
      long number,
      String plainName,
      String name,
      String type,
      ObjectId typeId,
      String collate,
      boolean notNull,
      boolean local,
      String identity,
      String generated,
      Optional<String> value,
      ObjectId valueId,
      String storage,
      String compression,
      long target,
      String options) {

    boolean hasDefault() {
      return value.isPresent() && generated.isEmpty();
    }
  }

  /**
   * A check, or a not-null constraint with a name.
   *
   * @param column the column that is not null; 0 for a check
   * @param definition as {@code pg_get_constraintdef} tells it
   */
  record Check(
      ObjectId id,
      String plainName,
      String name,
      long column,
      String definition,
      boolean local,
      boolean noInherit,
      boolean valid) {}

  private final String name;
  private final String plainName;
  private final boolean partition;
  private final boolean unlogged;
  private final Optional<String> ofType;
  private final List<String> parents;
  private final String tail;
  private final List<Column> columns;
  private final List<Check> checks;
  private final Set<String> parentDefaults;
  private final List<String> ownings;
  private final SequenceReader sequences;
  private final long oid;
  private final EntryPath restPath;

  TableText(
      Catalog.Row row,
      List<Column> columns,
      List<Check> checks,
      Set<String> parentDefaults,
      SequenceReader sequences)
      throws SQLException {
    this.oid = row.number("oid");
    this.name = row.text("name");
    this.plainName = row.text("relname");
    this.partition = row.is("relispartition");
    this.unlogged = row.text("relpersistence").equals("u");
    this.ofType = row.optional("of_type");
    this.parents = partition ? List.of() : row.texts("parents");
    this.columns = columns;
    this.checks = checks;
    this.parentDefaults = parentDefaults;
    this.sequences = sequences;
    this.ownings = sequences.ownings(oid);
    this.tail = tail(row);
    this.restPath = TableReader.path(new TableName(row.text("nspname"), plainName), "defaults.sql");
  }

  private String tail(Catalog.Row row) throws SQLException {
    StringBuilder text = new StringBuilder();
    if (!parents.isEmpty()) {
      text.append("\nINHERITS (").append(String.join(", ", parents)).append(")");
    }
    row.optional("partition_key").ifPresent(key -> text.append("\nPARTITION BY ").append(key));
    row.optional("amname")
        .filter(method -> !method.equals("heap"))
        .ifPresent(method -> text.append("\nUSING ").append(Sql.identifier(method)));
    List<String> options = new ArrayList<>();
    row.optional("options").ifPresent(options::add);
    row.optional("toast_options").ifPresent(options::add);
    if (!options.isEmpty()) {
      text.append("\nWITH (").append(String.join(", ", options)).append(")");
    }
    return text.toString();
  }

  List<String> whole() {
    return statements(true);
  }

  private List<String> statements(boolean whole) {
    List<String> statements = new ArrayList<>();
    statements.add(create(whole));
    after(whole, statements);
    return statements;
  }

  /** Says how it can be made in two parts, if that is any different. */
  void split(Definition definition) {
    Set<ObjectId> parts = new HashSet<>();
    List<String> rest = new ArrayList<>();
    for (Column column : columns) {
      if (column.hasDefault()) {
        parts.add(column.valueId());
        rest.add(setDefault(column));
      }
    }
    for (Check check : checks) {
      if (isInline(check) && check.column() == 0) {
        parts.add(check.id());
        rest.add("ALTER TABLE " + name + " ADD " + constraint(check) + ";");
      }
    }
    if (!parts.isEmpty()) {
      definition.split(new Definition.Split(statements(false), rest, parts, restPath));
    }
  }

  private String create(boolean whole) {
    List<String> lines = new ArrayList<>();
    for (Column column : columns) {
      if (ofType.isPresent()) {
        String options = constraints(column, whole);
        if (!options.isEmpty()) {
          lines.add(column.name() + " WITH OPTIONS" + options);
        }
      } else if (isShown(column)) {
        lines.add(
            column.name() + " " + column.type() + column.collate() + constraints(column, whole));
      }
    }
    for (Check check : checks) {
      if (isInline(check) && check.column() == 0 && whole) {
        lines.add(constraint(check));
      } else if (isInline(check) && check.column() != 0 && !isShown(columnOf(check))) {
        lines.add(constraint(check));
      }
    }
    String body =
        lines.isEmpty() && ofType.isPresent()
            ? ""
            : " (" + (lines.isEmpty() ? "" : "\n    " + String.join(",\n    ", lines) + "\n") + ")";
    return "CREATE "
        + (unlogged ? "UNLOGGED " : "")
        + "TABLE "
        + name
        + ofType.map(type -> " OF " + type).orElse("")
        + body
        + tail
        + ";\n";
  }

  private Column columnOf(Check check) {
    return columns.stream()
        .filter(column -> column.number() == check.column())
        .findFirst()
        .orElseThrow();
  }

  /** What a child has of its parents only, is not told again. */
  private boolean isShown(Column column) {
    return column.local() || partition || parents.isEmpty();
  }

  private boolean isInline(Check check) {
    return check.valid() && (check.local() || partition || parents.isEmpty());
  }

  private static String constraint(Check check) {
    return "CONSTRAINT " + check.name() + " " + check.definition();
  }

  private String constraints(Column column, boolean whole) {
    StringBuilder text = new StringBuilder();
    if (!column.generated().isEmpty()) {
      text.append(" GENERATED ALWAYS AS (").append(column.value().orElse("NULL")).append(") ");
      text.append(column.generated().equals("v") ? "VIRTUAL" : "STORED");
    } else if (isIdentity(column)) {
      text.append(" GENERATED ").append(column.identity().equals("a") ? "ALWAYS" : "BY DEFAULT");
      text.append(" AS IDENTITY").append(sequences.identity(oid, column.number()));
    } else if (column.hasDefault() && whole) {
      text.append(" DEFAULT ").append(column.value().orElse("NULL"));
    }
    return text + notNull(column);
  }

  /** A partition shares its parent's, unless it has a sequence of its own. */
  private boolean isIdentity(Column column) {
    return !column.identity().isEmpty()
        && (!partition || !sequences.identity(oid, column.number()).isEmpty());
  }

  private String notNull(Column column) {
    if (!column.notNull()) {
      return "";
    }
    Optional<Check> named =
        checks.stream().filter(check -> check.column() == column.number()).findFirst();
    if (named.isEmpty()) {
      return " NOT NULL";
    }
    Check check = named.get();
    if (!isInline(check)) {
      return "";
    }
    boolean usual = check.plainName().equals(plainName + "_" + column.plainName() + "_not_null");
    return (usual ? "" : " CONSTRAINT " + check.name())
        + " NOT NULL"
        + (check.noInherit() ? " NO INHERIT" : "");
  }

  private void after(boolean whole, List<String> to) {
    to.addAll(ownings);
    for (Column column : columns) {
      String alter = "ALTER TABLE ONLY " + name + " ALTER COLUMN " + column.name() + " ";
      if (!isShown(column)) {
        inherited(column, alter, whole, to);
      }
      storage(column).ifPresent(storage -> to.add(alter + "SET STORAGE " + storage + ";"));
      compression(column).ifPresent(method -> to.add(alter + "SET COMPRESSION " + method + ";"));
      if (column.target() >= 0) {
        to.add(alter + "SET STATISTICS " + column.target() + ";");
      }
      if (!column.options().isEmpty()) {
        to.add(alter + "SET (" + column.options() + ");");
      }
    }
  }

  /** What a child has otherwise than its parents. */
  private void inherited(Column column, String alter, boolean whole, List<String> to) {
    if (column.hasDefault() && whole) {
      to.add(setDefault(column));
    } else if (parentDefaults.contains(column.name())) {
      to.add(alter + "DROP DEFAULT;");
    }
    boolean named = checks.stream().anyMatch(check -> check.column() == column.number());
    if (column.notNull() && !named) {
      to.add(alter + "SET NOT NULL;");
    }
  }

  private String setDefault(Column column) {
    return "ALTER TABLE ONLY "
        + name
        + " ALTER COLUMN "
        + column.name()
        + " SET DEFAULT "
        + column.value().orElse("NULL")
        + ";";
  }

  private static Optional<String> storage(Column column) {
    return switch (column.storage()) {
      case "p" -> Optional.of("PLAIN");
      case "e" -> Optional.of("EXTERNAL");
      case "m" -> Optional.of("MAIN");
      case "x" -> Optional.of("EXTENDED");
      default -> Optional.empty();
    };
  }

  private static Optional<String> compression(Column column) {
    return switch (column.compression()) {
      case "p" -> Optional.of("pglz");
      case "l" -> Optional.of("lz4");
      default -> Optional.empty();
    };
  }
}
