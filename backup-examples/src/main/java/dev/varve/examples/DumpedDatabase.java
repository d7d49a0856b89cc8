package dev.varve.examples;

import dev.varve.RestoreOptions;
import dev.varve.Snapshot;
import dev.varve.repository.Repository;
import dev.varve.source.stream.Command;
import dev.varve.source.stream.CommandSource;
import dev.varve.source.stream.CommandTarget;
import java.nio.file.Path;

/**
 * A database that has programs of its own for dumps: what they write goes straight into a
 * repository, and back, with no file between. If one of them fails, nothing is saved; if the client
 * fails, so does the restore.
 */
public final class DumpedDatabase {

  private final Path programs;
  private final String password;

  /** A database whose programs are in a directory, e.g. {@code /usr/bin}. */
  public DumpedDatabase(Path programs, String password) {
    this.programs = programs;
    this.password = password;
  }

  /** Saves its contents and its users, each an entry of one snapshot. */
  public Snapshot save(Repository repository) {
    Command orders = program("mysqldump", "--single-transaction", "--hex-blob", "orders");
    Command users = program("mysqldump", "mysql", "user", "db");
    CommandSource source =
        CommandSource.of("orders.sql", orders).and("users.sql", users).named("orders");
    return repository.backup(source).snapshot();
  }

  /** Gives the contents, not the users, of a snapshot to another database. */
  public void load(Repository repository, Snapshot snapshot, String database) {
    CommandTarget target = CommandTarget.of(program("mysql", database));
    repository.restore(snapshot, target, RestoreOptions.builder().path("orders.sql").build());
  }

  /** A program that is given the password where no list of processes shows it. */
  private Command program(String name, String... arguments) {
    return Command.of(programs.resolve(name).toString(), arguments)
        .environment("MYSQL_PWD", password);
  }
}
