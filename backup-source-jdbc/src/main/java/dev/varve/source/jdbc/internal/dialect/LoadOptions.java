package dev.varve.source.jdbc.internal.dialect;

import java.util.Map;

/**
 * How a dump is to be loaded.
 *
 * @param mode what to do with what exists
 * @param schemas other names for schemas; those not named keep theirs
 * @param connections how many connections it may hold at once, from 1
 * @param roles whether roles and tablespaces are made
 * @param owners whether owners and privileges are set as they were
 */
public record LoadOptions(
    Mode mode, Map<String, String> schemas, int connections, boolean roles, boolean owners) {

  /** What to do with what exists. */
  public enum Mode {
    /** Refuse if anything that would be made exists. */
    REFUSE,
    /** Load beside, verify, then put in the place of what exists at once. */
    SWAP,
    /**
     * Put rows into tables that exist; rows with the same key are replaced, extra rows stay. Only
     * steps of {@link Phase#ROWS} are taken, without what they require.
     */
    MERGE,
    /**
     * Empty the tables that exist, then put the rows in, in one transaction where possible. Only
     * steps of {@link Phase#ROWS} are taken, without what they require.
     */
    ROWS
  }

  /** Copies the map. */
  public LoadOptions {
    schemas = Map.copyOf(schemas);
  }
}
