package dev.varve.examples;

import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.key.Key;
import dev.varve.repository.Repository;
import dev.varve.source.files.FilesTarget;
import java.nio.file.Path;

/**
 * Gives a test the real files of last night to work on:
 *
 * <pre>{@code
 * @TempDir static Path directory;
 *
 * @BeforeAll
 * static void load() {
 *   LastNightsFiles.into(directory, System.getenv("BACKUPS"), Passphrase.fromEnvironment("KEY"));
 * }
 * }</pre>
 */
public final class LastNightsFiles {

  private LastNightsFiles() {}

  /** Restores the newest snapshot of the uploads into a directory, which it returns. */
  public static Path into(Path directory, String location, Key key) {
    try (Repository repository = Repository.open(location, key)) {
      Snapshot latest = repository.snapshots().of("files:uploads@web-1").latest().orElseThrow();
      RestoreReport report = repository.restore(latest, FilesTarget.into(directory));
      if (!report.complete()) {
        throw new IllegalStateException("Not everything was restored: " + report.problems());
      }
      return directory;
    }
  }
}
