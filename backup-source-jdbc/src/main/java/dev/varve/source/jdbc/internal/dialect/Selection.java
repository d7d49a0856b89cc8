package dev.varve.source.jdbc.internal.dialect;

/** Which schemas and tables a dump or a restore is about. Immutable. */
public interface Selection {

  /** Whether anything of this schema may be selected. */
  boolean takesSchema(String schema);

  /** Whether this table is selected, its rows included. */
  boolean takes(TableName table);

  /** Whether everything is selected, so that also what belongs to no schema is carried. */
  boolean isEverything();
}
