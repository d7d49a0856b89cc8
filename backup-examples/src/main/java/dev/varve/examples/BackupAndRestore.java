package dev.varve.examples;

import dev.varve.BackupReport;
import dev.varve.key.Passphrase;
import dev.varve.repository.Repository;
import dev.varve.source.files.FilesSource;
import dev.varve.source.files.FilesTarget;
import java.nio.file.Path;

/**
 * Backs a directory up and restores what was saved beside it. Arguments: repository, directory,
 * target; the passphrase is in the environment variable BACKUP_PASSPHRASE.
 */
public final class BackupAndRestore {

  private BackupAndRestore() {}

  /** Runs it. */
  public static void main(String... arguments) {
    Passphrase passphrase = Passphrase.fromEnvironment("BACKUP_PASSPHRASE");
    try (Repository repository = Repository.openOrCreate(arguments[0], passphrase)) {
      BackupReport report = repository.backup(FilesSource.of(Path.of(arguments[1])));
      report.problems().forEach(problem -> System.err.println("not saved: " + problem));

      repository.restore(report.snapshot(), FilesTarget.into(Path.of(arguments[2])));
      System.out.println("saved and restored " + report.snapshot().id());
    }
  }
}
