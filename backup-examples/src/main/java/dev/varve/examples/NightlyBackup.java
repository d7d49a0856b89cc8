package dev.varve.examples;

import dev.varve.BackupException;
import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.Listener;
import dev.varve.Problem;
import dev.varve.Progress;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.repository.Repository;
import dev.varve.source.Source;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A host's own scheduler calls a backup. Varve starts no timers: a call runs once and tells what
 * happened. Safe for use by many threads; stopping the scheduler with {@code shutdownNow}
 * interrupts a backup that is under way, which cancels it.
 */
public final class NightlyBackup implements Runnable {

  private static final System.Logger LOG = System.getLogger(NightlyBackup.class.getName());

  private final Repository repository;
  private final List<Source> sources;
  private final String release;

  /** A backup of these sources, all or none, tagged with the release that is running. */
  public NightlyBackup(Repository repository, List<Source> sources, String release) {
    this.repository = repository;
    this.sources = List.copyOf(sources);
    this.release = release;
  }

  /** Has the scheduler call it every {@code interval}. */
  public ScheduledFuture<?> every(Duration interval, ScheduledExecutorService scheduler) {
    return scheduler.scheduleAtFixedRate(this, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void run() {
    BackupOptions options =
        BackupOptions.builder().tag("release", release).listener(new Logged()).build();
    try {
      BackupReport report = repository.backup(sources, options);
      List<SnapshotId> saved = report.snapshots().stream().map(Snapshot::id).toList();
      LOG.log(System.Logger.Level.INFO, "saved {0}", saved);
    } catch (BackupException e) {
      // A scheduler calls no more what threw once; tomorrow is another night.
      LOG.log(System.Logger.Level.ERROR, "the backup failed; the next one is tried as usual", e);
    }
  }

  /** Tells the host's log. */
  private static final class Logged implements Listener {

    @Override
    public void progress(Progress progress) {
      LOG.log(System.Logger.Level.DEBUG, "{0}: {1} bytes", progress.phase(), progress.bytes());
    }

    @Override
    public void problem(Problem problem) {
      LOG.log(System.Logger.Level.WARNING, "not saved as it should be: {0}", problem);
    }
  }
}
