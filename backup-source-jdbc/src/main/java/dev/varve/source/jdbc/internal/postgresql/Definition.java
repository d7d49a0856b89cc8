package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One object of a database on its way into a plan: what it is and the SQL that makes it. Changed
 * while the catalogs are read, by one thread.
 */
final class Definition {

  /**
   * The same in two parts, for what stands in a circle.
   *
   * @param bare what can be made before the circle is complete
   * @param rest what completes it
   * @param parts whose dependencies are the rest's
   * @param restPath the entry of the rest
   */
  record Split(List<String> bare, List<String> rest, Set<ObjectId> parts, EntryPath restPath) {}

  private final ObjectId id;
  private final Kind kind;
  private final EntryPath path;
  private final String schema;
  private final String name;
  private final Optional<TableName> table;
  private final List<String> statements = new ArrayList<>();
  private final List<String> comments = new ArrayList<>();
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<EntryPath> requires = new ArrayList<>();
  private Optional<Split> split = Optional.empty();
  private Phase phase;

  /**
   * @param name as SQL calls it after the words of its kind, e.g. {@code public.f(integer)}
   */
  Definition(
      ObjectId id,
      Kind kind,
      EntryPath path,
      String schema,
      String name,
      Optional<TableName> table) {
    this.id = id;
    this.kind = kind;
    this.path = path;
    this.schema = schema;
    this.name = name;
    this.table = table;
    this.phase = kind.phase();
  }

  ObjectId id() {
    return id;
  }

  Kind kind() {
    return kind;
  }

  EntryPath path() {
    return path;
  }

  String schema() {
    return schema;
  }

  String name() {
    return name;
  }

  Optional<TableName> table() {
    return table;
  }

  /** What makes it, then its comments, each statement ending its line. */
  List<String> statements() {
    List<String> all = new ArrayList<>(statements);
    all.addAll(comments);
    return all;
  }

  String sql() {
    return String.join("", statements());
  }

  Definition sql(String statement) {
    if (!statement.isBlank()) {
      statements.add(statement.endsWith("\n") ? statement : statement + "\n");
    }
    return this;
  }

  Definition sql(List<String> more) {
    more.forEach(this::sql);
    return this;
  }

  List<String> comments() {
    return comments;
  }

  Definition comment(String statement) {
    comments.add(statement.endsWith("\n") ? statement : statement + "\n");
    return this;
  }

  Map<String, String> facts() {
    return facts;
  }

  Definition fact(String key, String value) {
    facts.put(key, value);
    return this;
  }

  /** The entries it needs, known once all is sorted. */
  List<EntryPath> requires() {
    return requires;
  }

  Optional<Split> split() {
    return split;
  }

  Definition split(Split parts) {
    split = Optional.of(parts);
    return this;
  }

  Phase phase() {
    return phase;
  }

  void phase(Phase later) {
    phase = later;
  }
}
