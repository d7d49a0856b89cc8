package dev.varve.source.jdbc.internal.dialect;

/**
 * When a step is taken in a restore. A plan's steps stand in the order of these phases; inside a
 * phase in the order in which they must be taken.
 */
public enum Phase {
  /** Schemas, types, sequences, tables without keys: what rows need. */
  DEFINITION,
  /** Rows and large values; several steps at once, in any order. */
  ROWS,
  /** Primary keys, unique constraints and indexes; several steps at once, in any order. */
  KEY,
  /** What must see all rows and keys: foreign keys, views, routines, triggers, privileges. */
  COMPLETION
}
