package dev.varve.internal.archive;

import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.CopyOptions;
import dev.varve.CopyReport;
import dev.varve.Problem;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.Statistics;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.ShownSnapshots;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Copies snapshots from one repository to another, oldest first, each committed by itself, so that
 * what was copied stays copied when the rest fails. Used by one thread.
 *
 * <p>Contents are read, verified and cut anew: ids and cuts follow from each repository's own keys,
 * and so copies and backups share what is alike. Of a snapshot after the first, only what differs
 * is read.
 */
public final class Copy {

  private static final String WORK = "copy";

  private final Vault from;
  private final Vault to;
  private final CopyOptions options;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final List<CopyReport.Copied> copied = new ArrayList<>();
  private final List<Snapshot> present = new ArrayList<>();
  private final List<CopyReport.NotCopied> failed = new ArrayList<>();
  private Statistics sum = Statistics.NONE;

  /** A copy from one vault into another. */
  public Copy(
      Vault from, Vault to, CopyOptions options, Reporter reporter, Cancellation cancellation) {
    this.from = from;
    this.to = to;
    this.options = options;
    this.reporter = reporter;
    this.cancellation = cancellation;
  }

  /** Copies what is not there yet. */
  public CopyReport run(List<SnapshotId> wanted) throws IOException {
    from.refresh();
    to.refresh();
    List<LiveSnapshot> snapshots = new ArrayList<>();
    for (SnapshotId id : wanted) {
      from.state()
          .findSnapshot(id)
          .ifPresentOrElse(snapshots::add, () -> failed.add(CopyReport.NotCopied.gone(id)));
    }
    snapshots.sort(Comparator.comparingLong(LiveSnapshot::slot));
    for (LiveSnapshot snapshot : snapshots) {
      cancellation.check();
      copy(snapshot);
    }
    reporter.flush();
    return new CopyReport(
        copied, present, failed, reporter.problems(), reporter.problemCount(), sum);
  }

  private void copy(LiveSnapshot snapshot) throws IOException {
    Originals originals = new Originals(to.state());
    Snapshot shown = ShownSnapshots.of(from.state(), snapshot);
    if (originals.copyOf(snapshot.record()).isPresent()) {
      present.add(shown);
      return;
    }
    if (options.dryRun()) {
      copied.add(new CopyReport.Copied(shown, Optional.empty()));
      return;
    }
    Optional<LiveSnapshot> base = originals.nearestCopied(from.state(), snapshot);
    Optional<LiveSnapshot> copyOfBase = base.flatMap(b -> originals.copyOf(b.record()));
    Copying copying = new Copying(from, snapshot, base, copyOfBase, options.leavingOutDamaged());
    Backup backup = new Backup(to, BackupOptions.defaults(), reporter, cancellation);
    try {
      BackupReport report = backup.make(List.of(copying), WORK, List.of());
      copied.add(new CopyReport.Copied(shown, Optional.of(report.snapshot())));
      sum = sum.plus(backup.measured());
    } catch (SourceFailure e) {
      String reason = DamagedSnapshotException.reason(e).orElseThrow(() -> e);
      failed.add(new CopyReport.NotCopied(shown.id(), Optional.of(shown), reason));
      reporter.problem(
          new Problem(Optional.empty(), "Snapshot " + shown.id() + " is not copied: " + reason));
    }
  }
}
