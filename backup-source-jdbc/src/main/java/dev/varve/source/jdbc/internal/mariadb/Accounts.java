package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.Phase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads the users and roles of a server and what is granted to them. Used by one thread. The
 * statements hold password hashes, as the server does.
 */
final class Accounts {

  private static final String SYSTEM =
      "('mariadb.sys','mysql.sys','mysql.session','mysql.infoschema','PUBLIC')";

  /** How a user logs in stands in the statement that makes him: who exists keeps his way. */
  private static final Pattern LOGIN =
      Pattern.compile(" IDENTIFIED (?:BY|VIA) .*?(?= WITH (?:GRANT|MAX)| REQUIRE |$)");

  private final Session session;
  private final PlanBuilder plan;

  private record Account(String user, String host, boolean role) {

    String quoted() {
      return role ? Names.quote(user) : Names.quote(user) + "@" + Names.quote(host);
    }
  }

  Accounts(Session session, PlanBuilder plan) {
    this.session = session;
    this.plan = plan;
  }

  private List<Account> all() throws IOException {
    boolean mariaDb = session.server().mariaDb();
    List<Account> accounts = new ArrayList<>();
    for (Row row :
        session.rows(
            "Listing users and roles",
            "SELECT User, Host, "
                + (mariaDb ? "is_role='Y'" : "0")
                + " FROM mysql.user WHERE User NOT IN "
                + SYSTEM
                + " ORDER BY 3 DESC, BINARY User, BINARY Host")) {
      accounts.add(new Account(row.text(1), row.text(2), row.number(3) == 1));
    }
    return accounts;
  }

  /** One statement a line; who exists already stays as he is. */
  void readUsers() throws IOException {
    StringBuilder statements = new StringBuilder();
    for (Account account : all()) {
      String statement;
      if (account.role()) {
        statement = "CREATE ROLE IF NOT EXISTS " + account.quoted();
      } else {
        statement =
            session
                .rows(
                    "Reading how " + account.quoted() + " logs in",
                    "SHOW CREATE USER " + account.quoted())
                .get(0)
                .text(1)
                .replaceFirst("^CREATE USER ", "CREATE USER IF NOT EXISTS ");
      }
      statements.append(statements.length() == 0 ? "" : ";\n").append(statement);
    }
    add(Phase.DEFINITION, ObjectKind.USERS, statements);
  }

  void readGrants() throws IOException {
    StringBuilder statements = new StringBuilder();
    for (Account account : all()) {
      String attempted = "Reading what is granted to " + account.quoted();
      try {
        for (Row row : session.rows("SHOW GRANTS FOR " + account.quoted())) {
          if (!row.text(1).contains(" TO PUBLIC")) {
            statements.append(statements.length() == 0 ? "" : ";\n");
            statements.append(LOGIN.matcher(row.text(1)).replaceAll(""));
          }
        }
      } catch (SQLException failure) {
        throw Faults.of(attempted, failure);
      }
    }
    add(Phase.COMPLETION, ObjectKind.GRANTS, statements);
  }

  private EntryPath add(Phase phase, ObjectKind kind, StringBuilder statements) {
    return plan.step(phase, kind, "", kind.word(), "varve", kind.word() + ".sql")
        .holding(statements.length() == 0 ? "DO 0" : statements.toString());
  }
}
