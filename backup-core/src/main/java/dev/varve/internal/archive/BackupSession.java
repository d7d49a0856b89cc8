package dev.varve.internal.archive;

import dev.varve.SourceIdentity;
import dev.varve.internal.chunkstore.Published;
import dev.varve.internal.chunkstore.WriteSession;
import dev.varve.internal.log.CallId;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.NewPack;
import dev.varve.internal.log.NewRun;
import dev.varve.internal.log.Partial;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.log.Snapshots;
import dev.varve.internal.task.Cancellation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Ties what a backup call stored to the log: by records of what is there so far, and at last by the
 * one record that commits. Used by one thread.
 */
final class BackupSession {

  /** How much is stored at most before a record says so; at first less, then twice as much. */
  private static final long MOST_BYTES = 8L << 30;

  /** How long a call runs at most before a record says so; at first less, then twice as long. */
  private static final Duration MOST_TIME = Duration.ofMinutes(10);

  private static final Duration FIRST_TIME = Duration.ofMinutes(1);

  /** How many packs one record registers, so that it stays below its bound. */
  private static final int PACKS_PER_RECORD = 2000;

  /** How many packs the commit itself registers, which must have room for the snapshots too. */
  private static final int PACKS_PER_COMMIT = 500;

  private final WriteSession session;
  private final Log log;
  private final List<SourceIdentity> sources;
  private final CallId call = CallId.random();
  private final long base;
  private final List<NewPack> packs = new ArrayList<>();
  private final List<NewRun> runs = new ArrayList<>();
  private long dueBytes;
  private Duration dueTime = FIRST_TIME;
  private long recordedBytes;
  private long recordedAtNanos = System.nanoTime();

  /** Starts a call whose first record is due after {@code firstBytes} were stored. */
  BackupSession(WriteSession session, Log log, List<SourceIdentity> sources, long firstBytes) {
    this.dueBytes = firstBytes;
    this.session = session;
    this.log = log;
    this.sources = sources;
    this.base = log.state().slot();
  }

  /** Leaves traces if it is time; called now and then. */
  void between() throws IOException {
    session.check();
    long sinceNanos = System.nanoTime() - recordedAtNanos;
    long sinceBytes = session.volume().storedBytes() - recordedBytes;
    if (sinceBytes >= dueBytes || sinceNanos >= dueTime.toNanos()) {
      publish();
      record();
      dueBytes = Math.min(MOST_BYTES, 2 * dueBytes);
      dueTime = dueTime.multipliedBy(2);
      dueTime = dueTime.compareTo(MOST_TIME) < 0 ? dueTime : MOST_TIME;
    }
  }

  /** Makes what was read known to the next backup, when this one cannot go on. */
  void salvage() throws IOException {
    if (session.sound()) {
      session.drain();
    }
    publish();
    if (!packs.isEmpty()) {
      record();
    }
  }

  /** Makes everything durable and indexed; all that is missing then is the commit. */
  void settle() throws IOException {
    session.drain();
    publish();
    int left = sources.size() == 1 ? PACKS_PER_COMMIT : 0;
    while (packs.size() > left) {
      record();
    }
  }

  /** The one commit point. Once begun it is not cancelled: nobody would know what came of it. */
  void commit(List<SnapshotRecord> snapshots) throws IOException {
    Snapshots record = new Snapshots(base, call, snapshots, List.of(), packs, runs);
    Cancellation.shielded(
        () -> {
          log.append(Draft.of(record));
          log.checkpoint();
          return record;
        });
  }

  private void publish() throws IOException {
    Published published = session.publish();
    published
        .packs()
        .forEach(p -> packs.add(new NewPack(p.name(), p.kind(), Math.toIntExact(p.storedBytes()))));
    published.runs().forEach(r -> runs.add(new NewRun(r.name(), r.storedBytes())));
  }

  /** A run is registered with, or before, the last of the packs it speaks of. */
  private void record() throws IOException {
    int some = Math.min(packs.size(), PACKS_PER_RECORD);
    List<NewPack> first = List.copyOf(packs.subList(0, some));
    boolean all = some == packs.size();
    log.append(Draft.of(new Partial(base, call, sources, first, all ? runs : List.of())));
    packs.subList(0, some).clear();
    if (all) {
      runs.clear();
      recordedBytes = session.volume().storedBytes();
    }
    recordedAtNanos = System.nanoTime();
  }
}
