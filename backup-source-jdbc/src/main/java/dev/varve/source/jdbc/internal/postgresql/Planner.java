package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Selection;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the catalogs and makes the plan of a dump. Used once, by one thread. */
final class Planner {

  /** Facts of steps. */
  static final String KIND = "kind";

  static final String NAME = "name";
  static final String COLUMNS = "columns";

  /**
   * Larger tables are read in parts of so many pages (64 MiB of 8 KiB pages), each an entry of its
   * own; where a part begins depends on nothing else, so it begins there tomorrow too.
   */
  private final long partPages;

  private final DumpOptions options;
  private final Catalog catalog;
  private final List<Step> steps = new ArrayList<>();
  private final Map<EntryPath, byte[]> texts = new HashMap<>();
  private final Map<EntryPath, RowSource> queries = new HashMap<>();

  Planner(Catalog catalog, DumpOptions options, long partPages) {
    this.catalog = catalog;
    this.options = options;
    this.partPages = partPages;
  }

  Contents contents() throws SQLException {
    Inventory inventory = new Inventory(catalog);
    SequenceReader sequences = new SequenceReader(inventory);
    TableReader tables = new TableReader(inventory, sequences);
    new SchemaReader(inventory).read();
    new TypeReader(inventory).read();
    new FunctionReader(inventory).read();
    sequences.read();
    tables.read();
    new ViewReader(inventory, tables).read();
    new KeyReader(inventory).read();
    new BehaviourReader(inventory).read();
    DatabaseReader database = new DatabaseReader(inventory);
    if (options.selection().isEverything()) {
      new LeftOutReader(inventory).read();
      database.readSettings();
    }
    select(inventory);
    new PrivilegeReader(inventory).read();
    if (options.roles()) {
      database.readServer();
    }
    for (Definition definition : new Order(inventory).sorted()) {
      text(definition);
    }
    Set<EntryPath> known = new HashSet<>(texts.keySet());
    tables.rows().sort(Comparator.comparing(source -> TableReader.path(source.table(), "rows")));
    for (RowSource source : tables.rows()) {
      Optional<Definition> maker = inventory.maker(source.id());
      if (maker.isPresent() && options.selection().takes(source.table())) {
        rows(source, known.contains(maker.get().path()) ? maker : Optional.empty());
      }
    }
    if (options.selection().isEverything()) {
      largeObjects();
    }
    // Stable, so inside a phase the order stays.
    steps.sort(Comparator.comparing(Step::phase));
    return new Contents(
        new Plan(PostgreSqlDialect.NAME, product(), facts(), steps, inventory.leftOut()),
        texts,
        queries);
  }

  /** Takes out what is not selected and not needed by what is. */
  private void select(Inventory inventory) {
    Selection selection = options.selection();
    if (selection.isEverything()) {
      return;
    }
    List<Definition> wanted =
        inventory.definitions().stream().filter(one -> isSelected(one, selection)).toList();
    Set<Definition> kept = Order.closure(inventory, wanted);
    for (Definition definition : List.copyOf(inventory.definitions())) {
      if (!kept.contains(definition)) {
        inventory.remove(definition.id());
      } else if (definition.kind() == Kind.FOREIGN_KEY && !isWhole(definition)) {
        inventory.remove(definition.id());
        inventory.leaveOut(
            "foreign key "
                + definition.name()
                + " of "
                + definition.table().map(TableName::toString).orElse("")
                + ", whose other table is not selected");
      }
    }
  }

  private static boolean isSelected(Definition definition, Selection selection) {
    return definition.table().isPresent()
        ? selection.takes(definition.table().get())
        : !definition.schema().isEmpty() && selection.takesSchema(definition.schema());
  }

  private boolean isWhole(Definition foreignKey) {
    return options
        .selection()
        .takes(
            new TableName(
                foreignKey.facts().getOrDefault("foreign-schema", ""),
                foreignKey.facts().getOrDefault("foreign-table", "")));
  }

  private void text(Definition definition) {
    Map<String, String> facts = new HashMap<>(definition.facts());
    facts.put(KIND, word(definition.kind()));
    facts.put(NAME, definition.name());
    Statements.note(definition.statements(), facts);
    EntryPath path = unused(definition.path());
    texts.put(path, definition.sql().getBytes(StandardCharsets.UTF_8));
    steps.add(new Step(definition.phase(), path, definition.table(), definition.requires(), facts));
  }

  /** Two names are never one path; should they be, the second gets a number. */
  private EntryPath unused(EntryPath path) {
    EntryPath free = path;
    for (int number = 2; texts.containsKey(free); number++) {
      free = path.append(EntryPath.of("~" + number));
    }
    return free;
  }

  static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Kind kind(Step step) {
    String word = step.facts().getOrDefault(KIND, "");
    return Kind.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private void rows(RowSource source, Optional<Definition> maker) {
    List<EntryPath> requires = maker.map(made -> List.of(made.path())).orElse(List.of());
    Map<String, String> facts =
        Map.of(
            KIND, word(Kind.ROWS),
            NAME, source.name(),
            COLUMNS, source.listed());
    boolean parted =
        source.size().pages() > partPages
            && catalog.version() >= 14
            && source.condition().isEmpty();
    if (!parted) {
      EntryPath path = TableReader.path(source.table(), "rows");
      queries.put(path, source);
      steps.add(new Step(Phase.ROWS, path, Optional.of(source.table()), requires, facts));
      return;
    }
    long parts = (source.size().pages() + partPages - 1) / partPages;
    for (long part = 0; part < parts; part++) {
      EntryPath path = TableReader.path(source.table(), "rows", String.format("%05d", part));
      String from = " WHERE ctid >= '(" + part * partPages + ",0)'";
      // The last part has no end: it may grow until it is read.
      String to = part + 1 < parts ? " AND ctid < '(" + (part + 1) * partPages + ",0)'" : "";
      queries.put(path, source.where(from + to));
      Map<String, String> more = new HashMap<>(facts);
      more.put("part", String.valueOf(part));
      steps.add(new Step(Phase.ROWS, path, Optional.of(source.table()), requires, more));
    }
  }

  /** Large objects lie together by their numbers: a thousand numbers, one entry. */
  private void largeObjects() throws SQLException {
    catalog.visit(
        "SELECT DISTINCT oid::bigint / 1000 AS thousand FROM pg_largeobject_metadata ORDER BY 1",
        row -> {
          long thousand = row.number("thousand");
          String name = String.format("%07d", thousand);
          EntryPath path = PathNames.path("database", "large-objects", name);
          EntryPath rights = PathNames.path("database", "large-objects", name + ".privileges.sql");
          Map<String, String> facts =
              Map.of(KIND, word(Kind.LARGE_OBJECTS), "thousand", String.valueOf(thousand));
          steps.add(new Step(Phase.ROWS, path, Optional.empty(), List.of(), facts));
          largeObjectRights(rights, path, thousand);
        });
  }

  private void largeObjectRights(EntryPath rights, EntryPath path, long thousand)
      throws SQLException {
    List<String> sql = new ArrayList<>();
    Set<String> roles = new HashSet<>();
    String range =
        "oid >= " + thousand * 1000 + "::oid AND oid < " + (thousand + 1) * 1000 + "::bigint";
    catalog.visit(
        "SELECT m.oid, quote_ident(rolname) AS owner, rolname,"
            + " obj_description(m.oid, 'pg_largeobject') AS comment FROM pg_largeobject_metadata m"
            + " JOIN pg_roles r ON r.oid = lomowner WHERE m."
            + range.replace("AND oid", "AND m.oid::bigint")
            + " ORDER BY 1",
        row -> {
          String words = " LARGE OBJECT " + row.number("oid");
          roles.add(row.text("rolname"));
          sql.add("ALTER" + words + " OWNER TO " + row.text("owner") + ";\n");
          row.optional("comment")
              .ifPresent(
                  text -> sql.add("COMMENT ON" + words + " IS " + Sql.literal(text) + ";\n"));
        });
    catalog.visit(
        "SELECT m.oid, x.privilege_type, x.is_grantable, r.rolname,"
            + " CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END AS grantee"
            + " FROM pg_largeobject_metadata m CROSS JOIN LATERAL aclexplode(lomacl) x"
            + " LEFT JOIN pg_roles r ON r.oid = x.grantee WHERE x.grantee <> lomowner AND m."
            + range.replace("AND oid", "AND m.oid::bigint")
            + " ORDER BY 1, 5, 2",
        row -> {
          sql.add(
              "GRANT "
                  + row.text("privilege_type")
                  + " ON LARGE OBJECT "
                  + row.number("oid")
                  + " TO "
                  + row.text("grantee")
                  + (row.is("is_grantable") ? " WITH GRANT OPTION;\n" : ";\n"));
          roles.add(row.text("rolname"));
        });
    roles.remove("");
    texts.put(rights, String.join("", sql).getBytes(StandardCharsets.UTF_8));
    Map<String, String> facts = new HashMap<>();
    facts.put(KIND, word(Kind.PRIVILEGES));
    facts.put("roles", String.join("\n", roles));
    Statements.note(sql, facts);
    steps.add(new Step(Phase.COMPLETION, rights, Optional.empty(), List.of(path), facts));
  }

  private String product() throws SQLException {
    return catalog.first(
        "SELECT 'PostgreSQL ' || current_setting('server_version') AS product",
        row -> row.text("product"));
  }

  private Map<String, String> facts() throws SQLException {
    return catalog.first(
        "SELECT current_setting('server_version_num') AS version, datname, datcollate, datctype,"
            + " pg_encoding_to_char(encoding) AS encoding FROM pg_database"
            + " WHERE datname = current_database()",
        row ->
            Map.of(
                "version", row.text("version"),
                "complete", String.valueOf(options.selection().isEverything()),
                "database", row.text("datname"),
                "encoding", row.text("encoding"),
                "collate", row.text("datcollate"),
                "ctype", row.text("datctype")));
  }
}
