package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.source.jdbc.internal.dialect.Step;
import java.io.IOException;
import java.util.Locale;

/** What kind of thing a step of a plan makes. */
enum ObjectKind {
  SCHEMA,
  SEQUENCE,
  TABLE,
  ROWS,
  PROCEDURE,
  FUNCTION,
  PACKAGE,
  PACKAGE_BODY,
  VIEW,
  TRIGGER,
  EVENT,
  USERS,
  GRANTS;

  /** As it stands in plans. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As it stands in statements. */
  String sql() {
    return name().replace('_', ' ');
  }

  /** Whether it belongs to no schema. */
  boolean isOfServer() {
    return this == USERS || this == GRANTS;
  }

  /** Whether it holds statements of a user's own, which keep the settings they were made with. */
  boolean isProgram() {
    return this == PROCEDURE
        || this == FUNCTION
        || this == PACKAGE
        || this == PACKAGE_BODY
        || this == TRIGGER
        || this == EVENT;
  }

  /**
   * What a step makes.
   *
   * @throws IOException if this version does not know it
   */
  static ObjectKind of(Step step) throws IOException {
    String word = fact(step, PlanBuilder.KIND);
    for (ObjectKind kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw new IOException(
        step.path() + " makes a " + word + ", which this Varve does not know; use a newer one");
  }

  /** A fact that every step of this dialect has. */
  static String fact(Step step, String name) throws IOException {
    String fact = step.facts().get(name);
    if (fact == null) {
      throw new IOException("The plan does not say the " + name + " of " + step.path());
    }
    return fact;
  }
}
