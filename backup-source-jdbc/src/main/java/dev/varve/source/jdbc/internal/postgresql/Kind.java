package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Phase;

/**
 * What a step makes, in the order in which steps stand that do not depend on one another. The names
 * in lower case stand in plans, for ever.
 */
enum Kind {
  ROLE(Phase.DEFINITION, "ROLE"),
  TABLESPACE(Phase.DEFINITION, "TABLESPACE"),
  SCHEMA(Phase.DEFINITION, "SCHEMA"),
  EXTENSION(Phase.DEFINITION, "EXTENSION"),
  COLLATION(Phase.DEFINITION, "COLLATION"),
  TYPE(Phase.DEFINITION, "TYPE"),
  DOMAIN(Phase.DEFINITION, "DOMAIN"),
  FUNCTION(Phase.DEFINITION, "FUNCTION"),
  PROCEDURE(Phase.DEFINITION, "PROCEDURE"),
  AGGREGATE(Phase.DEFINITION, "AGGREGATE"),
  SEQUENCE(Phase.DEFINITION, "SEQUENCE"),
  TABLE(Phase.DEFINITION, "TABLE"),
  /** What was taken out of a definition because it stood in a circle. */
  REST(Phase.DEFINITION, ""),
  ATTACH(Phase.DEFINITION, ""),
  VIEW(Phase.DEFINITION, "VIEW"),
  MATERIALIZED_VIEW(Phase.DEFINITION, "MATERIALIZED VIEW"),
  ROWS(Phase.ROWS, ""),
  SEQUENCE_VALUE(Phase.ROWS, ""),
  LARGE_OBJECTS(Phase.ROWS, ""),
  CONSTRAINT(Phase.KEY, "CONSTRAINT"),
  INDEX(Phase.KEY, "INDEX"),
  INDEX_ATTACH(Phase.COMPLETION, ""),
  TABLE_COMPLETION(Phase.COMPLETION, ""),
  FOREIGN_KEY(Phase.COMPLETION, "CONSTRAINT"),
  STATISTICS(Phase.COMPLETION, "STATISTICS"),
  RULE(Phase.COMPLETION, "RULE"),
  REFRESH(Phase.COMPLETION, ""),
  TRIGGER(Phase.COMPLETION, "TRIGGER"),
  ROW_SECURITY(Phase.COMPLETION, ""),
  PRIVILEGES(Phase.COMPLETION, ""),
  DATABASE(Phase.COMPLETION, ""),
  EVENT_TRIGGER(Phase.COMPLETION, "EVENT TRIGGER");

  private final Phase phase;
  private final String words;

  Kind(Phase phase, String words) {
    this.phase = phase;
    this.words = words;
  }

  /** When it is made unless what it depends on comes later. */
  Phase phase() {
    return phase;
  }

  /** What SQL calls it, in {@code COMMENT ON} and {@code DROP}; empty for what has no name. */
  String words() {
    return words;
  }
}
