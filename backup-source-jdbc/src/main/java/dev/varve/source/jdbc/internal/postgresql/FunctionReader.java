package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.PathNames;
import java.sql.SQLException;
import java.util.Optional;

/** Reads functions, procedures and aggregates. */
final class FunctionReader {

  private static final int MOST_NAME_CHARACTERS = 120;

  private final Catalog catalog;
  private final Inventory inventory;

  FunctionReader(Inventory inventory) {
    this.catalog = inventory.catalog();
    this.inventory = inventory;
  }

  void read() throws SQLException {
    if (!catalog.has(Occurrence.FUNCTION)) {
      return;
    }
    String operator =
        "(SELECT format('OPERATOR(%I.%s)', opn.nspname, oprname) FROM pg_operator o"
            + " JOIN pg_namespace opn ON opn.oid = oprnamespace WHERE o.oid = aggsortop)";
    catalog.visit(
        "SELECT p.oid, p.oid::regprocedure::text AS signature, nspname, proname, prokind, proparallel,"
            + " quote_ident(nspname) || '.' || quote_ident(proname) AS name,"
            + " pg_get_function_identity_arguments(p.oid) AS arguments,"
            + " pg_get_function_arguments(p.oid) AS all_arguments,"
            + " CASE WHEN prokind IN ('f', 'p', 'w') THEN pg_get_functiondef(p.oid) END AS definition,"
            + " aggtransfn::text, format_type(aggtranstype, NULL) AS state, aggtransspace, agginitval,"
            + " nullif(aggfinalfn::oid, 0)::regproc::text AS final, aggfinalextra, aggfinalmodify,"
            + " nullif(aggcombinefn::oid, 0)::regproc::text AS combine,"
            + " nullif(aggserialfn::oid, 0)::regproc::text AS serial,"
            + " nullif(aggdeserialfn::oid, 0)::regproc::text AS deserial,"
            + " nullif(aggmtransfn::oid, 0)::regproc::text AS moving,"
            + " nullif(aggminvtransfn::oid, 0)::regproc::text AS inverse,"
            + " nullif(aggmfinalfn::oid, 0)::regproc::text AS moving_final,"
            + " format_type(nullif(aggmtranstype, 0), NULL) AS moving_state, aggmtransspace,"
            + " aggmfinalextra, aggmfinalmodify, aggminitval, aggkind, "
            + operator
            + " AS sort FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
            + " LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid WHERE "
            + Catalog.USER_SCHEMA
            + " AND "
            + Catalog.own("pg_proc", "p.oid")
            + " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass"
            + " AND d.objid = p.oid AND d.deptype = 'i')",
        this::routine);
  }

  private void routine(Catalog.Row row) throws SQLException {
    Kind kind =
        switch (row.text("prokind")) {
          case "a" -> Kind.AGGREGATE;
          case "p" -> Kind.PROCEDURE;
          default -> Kind.FUNCTION;
        };
    String arguments = row.text("arguments");
    if (kind == Kind.AGGREGATE && arguments.isEmpty()) {
      arguments = "*";
    }
    String directory =
        switch (kind) {
          case AGGREGATE -> "aggregates";
          case PROCEDURE -> "procedures";
          default -> "functions";
        };
    Definition definition =
        inventory.add(
            new ObjectId("pg_proc", row.number("oid")),
            kind,
            PathNames.path(
                row.text("nspname"), directory, entry(row.text("proname"), row.text("arguments"))),
            row.text("nspname"),
            row.text("name") + "(" + arguments + ")",
            Optional.empty());
    definition.sql(
        kind == Kind.AGGREGATE ? aggregate(row) : row.text("definition").stripTrailing() + ";");
    definition.fact("signature", row.text("signature"));
    inventory.comment(definition);
  }

  /** Arguments tell functions of one name apart; long ones are cut, and told apart by a hash. */
  private static String entry(String name, String arguments) {
    String entry = name + "(" + arguments + ")";
    if (entry.length() > MOST_NAME_CHARACTERS) {
      entry =
          entry.substring(0, MOST_NAME_CHARACTERS) + "~" + Integer.toHexString(entry.hashCode());
    }
    return entry + ".sql";
  }

  private static String aggregate(Catalog.Row row) throws SQLException {
    String arguments = row.text("all_arguments");
    StringBuilder sql = new StringBuilder("CREATE AGGREGATE " + row.text("name"));
    sql.append("(").append(arguments.isEmpty() ? "*" : arguments).append(") (");
    sql.append("\n    SFUNC = ").append(row.text("aggtransfn"));
    sql.append(",\n    STYPE = ").append(row.text("state"));
    number(sql, "SSPACE", row.number("aggtransspace"));
    name(sql, "FINALFUNC", row.optional("final"));
    if (row.is("aggfinalextra")) {
      sql.append(",\n    FINALFUNC_EXTRA");
    }
    boolean hypothetical = row.text("aggkind").equals("h");
    boolean ordered = !row.text("aggkind").equals("n");
    modify(sql, "FINALFUNC_MODIFY", row.text("aggfinalmodify"), ordered);
    name(sql, "COMBINEFUNC", row.optional("combine"));
    name(sql, "SERIALFUNC", row.optional("serial"));
    name(sql, "DESERIALFUNC", row.optional("deserial"));
    name(sql, "INITCOND", row.optional("agginitval").map(Sql::literal));
    if (row.optional("moving").isPresent()) {
      name(sql, "MSFUNC", row.optional("moving"));
      name(sql, "MINVFUNC", row.optional("inverse"));
      name(sql, "MSTYPE", row.optional("moving_state"));
      number(sql, "MSSPACE", row.number("aggmtransspace"));
      name(sql, "MFINALFUNC", row.optional("moving_final"));
      if (row.is("aggmfinalextra")) {
        sql.append(",\n    MFINALFUNC_EXTRA");
      }
      modify(sql, "MFINALFUNC_MODIFY", row.text("aggmfinalmodify"), ordered);
      name(sql, "MINITCOND", row.optional("aggminitval").map(Sql::literal));
    }
    name(sql, "SORTOP", row.optional("sort"));
    if (hypothetical) {
      sql.append(",\n    HYPOTHETICAL");
    }
    switch (row.text("proparallel")) {
      case "s" -> sql.append(",\n    PARALLEL = SAFE");
      case "r" -> sql.append(",\n    PARALLEL = RESTRICTED");
      default -> {
        // Unsafe is what it is if nothing is said.
      }
    }
    return sql.append("\n);").toString();
  }

  private static void name(StringBuilder sql, String key, Optional<String> value) {
    value.ifPresent(name -> sql.append(",\n    ").append(key).append(" = ").append(name));
  }

  private static void number(StringBuilder sql, String key, long value) {
    if (value != 0) {
      sql.append(",\n    ").append(key).append(" = ").append(value);
    }
  }

  private static void modify(StringBuilder sql, String key, String modify, boolean ordered) {
    String usual = ordered ? "w" : "r";
    if (!modify.equals(usual)) {
      String word =
          switch (modify) {
            case "r" -> "READ_ONLY";
            case "s" -> "SHAREABLE";
            default -> "READ_WRITE";
          };
      sql.append(",\n    ").append(key).append(" = ").append(word);
    }
  }
}
