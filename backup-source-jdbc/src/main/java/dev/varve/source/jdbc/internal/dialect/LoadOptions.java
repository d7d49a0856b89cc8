package dev.varve.source.jdbc.internal.dialect;

import dev.varve.source.jdbc.JdbcTarget;
import java.util.Map;

/**
 * How a dump is to be loaded.
 *
 * @param mode what to do with what exists; to merge, or to replace rows, only steps of {@link
 *     Phase#ROWS} are taken, without what they require
 * @param schemas other names for schemas; those not named keep theirs
 * @param connections how many connections it may hold at once, from 1
 * @param roles whether roles and tablespaces are made
 * @param owners whether owners and privileges are set as they were
 */
public record LoadOptions(
    JdbcTarget.Mode mode,
    Map<String, String> schemas,
    int connections,
    boolean roles,
    boolean owners) {

  /** Copies the map. */
  public LoadOptions {
    schemas = Map.copyOf(schemas);
  }
}
