package dev.varve.source.jdbc.internal.postgresql;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Kinds of things of which most databases have none. All are asked for at once, by what takes the
 * server microseconds each; only of those that occur somebody asks what they look like. What occurs
 * may be an extension's or nobody's: that is for who asks then.
 */
enum Occurrence {
  EXTENSION("pg_extension"),
  COLLATION("pg_collation"),
  FUNCTION("pg_proc"),
  ENUMERATION("pg_type", "typtype = 'e'"),
  COMPOSITE("pg_class", "relkind = 'c'"),
  RANGE("pg_type", "typtype = 'r'"),
  DOMAIN("pg_type", "typtype = 'd'"),
  SEQUENCE("pg_class", "relkind = 'S'"),
  VIEW("pg_class", "relkind IN ('v', 'm')"),
  FOREIGN_KEY("pg_constraint", "contype = 'f'"),
  STATISTICS("pg_statistic_ext"),
  TRIGGER("pg_trigger"),
  RULE("pg_rewrite", "rulename <> '_RETURN'"),
  ROW_SECURITY("pg_class", "(relrowsecurity OR relforcerowsecurity)"),
  POLICY("pg_policy"),
  EVENT_TRIGGER("pg_event_trigger"),

  /** A table that is a part of another, or an index that is. */
  INHERITANCE("pg_inherits", false, "true"),

  RELATION_PRIVILEGE("pg_class", "relacl IS NOT NULL"),
  COLUMN_PRIVILEGE("pg_attribute", false, "attrelid >= 16384 AND attacl IS NOT NULL"),
  SCHEMA_PRIVILEGE("pg_namespace", "nspacl IS NOT NULL"),
  FUNCTION_PRIVILEGE("pg_proc", "proacl IS NOT NULL"),
  TYPE_PRIVILEGE("pg_type", "typacl IS NOT NULL"),
  DEFAULT_PRIVILEGE("pg_default_acl"),

  OPERATOR("pg_operator"),
  OPERATOR_CLASS("pg_opclass"),
  OPERATOR_FAMILY("pg_opfamily"),
  CONVERSION("pg_conversion"),
  TEXT_SEARCH_CONFIGURATION("pg_ts_config"),
  TEXT_SEARCH_DICTIONARY("pg_ts_dict"),
  TEXT_SEARCH_PARSER("pg_ts_parser"),
  TEXT_SEARCH_TEMPLATE("pg_ts_template"),
  FOREIGN_TABLE("pg_class", "relkind = 'f'"),
  BASE_TYPE("pg_type", "typtype = 'b' AND NOT (typcategory = 'A' AND typelem <> 0)"),
  SHELL_TYPE("pg_type", "typtype = 'p'"),
  ACCESS_METHOD("pg_am"),
  PROCEDURAL_LANGUAGE("pg_language"),
  FOREIGN_DATA_WRAPPER("pg_foreign_data_wrapper"),
  FOREIGN_SERVER("pg_foreign_server"),
  PUBLICATION("pg_publication"),
  CAST("pg_cast"),
  TRANSFORM("pg_transform"),
  SECURITY_LABEL("pg_seclabel", false, "true"),
  SHARED_SECURITY_LABEL("pg_shseclabel", false, "true");

  private final String catalog;
  private final String condition;

  Occurrence(String catalog) {
    this(catalog, true, "true");
  }

  Occurrence(String catalog, String condition) {
    this(catalog, true, condition);
  }

  /** If {@code numbered}, of those whose numbers are not below 16384, as a new server's are. */
  Occurrence(String catalog, boolean numbered, String condition) {
    this.catalog = catalog;
    this.condition = (numbered ? "oid >= 16384 AND " : "") + condition;
  }

  /** Which occur in a database. */
  static Set<Occurrence> in(Catalog catalog) throws SQLException {
    String all =
        Arrays.stream(values())
            .map(Occurrence::query)
            .collect(Collectors.joining(", ", "SELECT ", ""));
    return catalog.first(
        all,
        row -> {
          Set<Occurrence> found = EnumSet.noneOf(Occurrence.class);
          for (Occurrence one : values()) {
            if (row.is(one.column())) {
              found.add(one);
            }
          }
          return found;
        });
  }

  private String query() {
    return "EXISTS (SELECT FROM " + catalog + " WHERE " + condition + ") AS " + column();
  }

  private String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
