package dev.varve.internal.archive;

import dev.varve.SourceIdentity;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.Published;
import dev.varve.internal.chunkstore.WriteSession;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.CallId;
import dev.varve.internal.log.Condemn;
import dev.varve.internal.log.Conflict;
import dev.varve.internal.log.Damage;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogConflictException;
import dev.varve.internal.log.LogEntry;
import dev.varve.internal.log.LogRecord;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.NewPack;
import dev.varve.internal.log.NewRun;
import dev.varve.internal.log.Partial;
import dev.varve.internal.log.Retire;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.log.Snapshots;
import dev.varve.internal.log.VoidSlots;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Presence;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ties what a backup call stored to the log: by records of what is there so far, and at last by the
 * one record that commits. Used by one thread.
 */
final class BackupSession {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");

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
  private final Vault vault;
  private final Log log;
  private final Ground ground;
  private final DrawnChunks drawn;
  private final List<SourceIdentity> sources;
  private final Presence presence;
  private final CallId call;
  private final List<LiveSnapshot> previous = new ArrayList<>();
  private final Set<PackName> registered = new HashSet<>();
  private final List<NewPack> packs = new ArrayList<>();
  private final List<NewRun> runs = new ArrayList<>();
  private long dueBytes;
  private Duration dueTime = FIRST_TIME;
  private long recordedBytes;
  private long recordedAtNanos;

  /** Starts a call on its ground; all that it finds stored already is drawn. */
  BackupSession(
      WriteSession session,
      Vault vault,
      Ground ground,
      DrawnChunks drawn,
      Presence presence,
      List<SourceIdentity> sources) {
    this.presence = presence;
    this.call = presence.run();
    this.dueBytes = vault.firstPartialBytes();
    this.session = session;
    this.vault = vault;
    this.log = vault.log();
    this.recordedAtNanos = vault.nanoTime();
    this.ground = ground;
    this.drawn = drawn;
    this.sources = sources;
  }

  /** Contents of this snapshot may be taken over. */
  void takesOverFrom(LiveSnapshot snapshot) {
    previous.add(snapshot);
  }

  /** Leaves traces if it is time; called now and then. */
  void between() throws IOException {
    session.check();
    presence.beat();
    long sinceNanos = vault.nanoTime() - recordedAtNanos;
    long sinceBytes = session.volume().storedBytes() - recordedBytes;
    if (sinceBytes >= dueBytes || sinceNanos >= dueTime.toNanos()) {
      publish();
      record();
      rescue();
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
    if (sources.size() > 1) {
      // A single one is committed at once.
      log.refresh();
      rescue();
    }
    session.drain();
    publish();
    int left = sources.size() == 1 ? PACKS_PER_COMMIT : 0;
    while (packs.size() > left) {
      record();
    }
  }

  /** The one commit point. Once begun it is not cancelled: nobody would know what came of it. */
  void commit(List<SnapshotRecord> snapshots) throws IOException {
    Snapshots record = new Snapshots(ground.base(), call, snapshots, List.of(), packs, runs);
    Cancellation.shielded(
        () -> {
          log.append(new Commit(record));
          log.checkpoint();
          return record;
        });
  }

  /**
   * Sees to what was drawn on so far and has been retired, condemned or damaged since: a pruner
   * would not wait for us. What a previous snapshot reaches has a copy as long as that is live.
   */
  private void rescue() throws IOException {
    LogState before = ground.state();
    LogState now = log.state();
    boolean taken = takesAway(before, now);
    ground.moveTo(now);
    if (!taken) {
      return;
    }
    vault.refresh();
    Rescue rescue = new Rescue(vault, session);
    try {
      drawn.forEach(rescue::chunk);
      for (LiveSnapshot snapshot : previous) {
        if (ground.state().findSnapshot(snapshot.id()).isEmpty()) {
          rescue.snapshot(snapshot.record());
        }
      }
    } catch (ChunkMissingException e) {
      LOG.warn(
          "What this backup draws on was deleted; it may have to be run again: {}", e.getMessage());
    }
  }

  /** Whether anything that could be relied on in one state cannot be in a later one. */
  private boolean takesAway(LogState before, LogState now) throws IOException {
    boolean any = false;
    if (before.slot() == now.slot()) {
      return false;
    }
    for (LogEntry entry : log.entries(before.slot() + 1, now.slot())) {
      LogRecord record = entry.record();
      any |=
          record instanceof Condemn
              || record instanceof Damage
              || record instanceof VoidSlots
              || (record instanceof Retire retire && !retire.retired().isEmpty());
    }
    return any;
  }

  /** The commit, and what becomes of it when others have taken away what it draws on. */
  private final class Commit implements Draft {
    private final Snapshots record;

    Commit(Snapshots record) {
      this.record = record;
    }

    @Override
    public LogRecord compute(LogState state) {
      return record;
    }

    /** Everything is looked for again; what has no good copy left is copied while it can be. */
    @Override
    public LogRecord again(LogRecord before, List<Conflict> conflicts, LogState state)
        throws IOException {
      if (conflicts.stream().anyMatch(this::isHopeless)) {
        throw new LogConflictException(before.kind(), conflicts);
      }
      vault.refresh();
      ground.moveTo(state);
      Rescue rescue = new Rescue(vault, session);
      try {
        for (SnapshotRecord snapshot : record.snapshots()) {
          rescue.snapshot(snapshot);
        }
      } catch (ChunkMissingException e) {
        LogConflictException lost = new LogConflictException(before.kind(), conflicts);
        lost.addSuppressed(e);
        throw lost;
      }
      session.drain();
      publish();
      while (packs.size() > PACKS_PER_COMMIT) {
        record();
      }
      return new Snapshots(
          state.slot(), call, record.snapshots(), retiredMeanwhile(state), packs, runs);
    }

    /**
     * What this call registered and somebody retired, thinking it dead: from now on to be named.
     */
    private List<PackName> retiredMeanwhile(LogState state) {
      return registered.stream().filter(pack -> state.pack(pack).isRetired()).sorted().toList();
    }

    /** What this call stored itself is condemned, or nobody knows what is. */
    private boolean isHopeless(Conflict conflict) {
      return conflict.lost().all()
          || !conflict.lost().runs().isEmpty()
          || conflict.lost().packs().stream().anyMatch(registered::contains);
    }
  }

  private void publish() throws IOException {
    Published published = session.publish();
    published
        .packs()
        .forEach(
            p -> {
              packs.add(new NewPack(p.name(), p.kind(), Math.toIntExact(p.storedBytes())));
              registered.add(p.name());
            });
    published.runs().forEach(r -> runs.add(new NewRun(r.name(), r.storedBytes())));
  }

  /** A run is registered with, or before, the last of the packs it speaks of. */
  private void record() throws IOException {
    int some = Math.min(packs.size(), PACKS_PER_RECORD);
    List<NewPack> first = List.copyOf(packs.subList(0, some));
    boolean all = some == packs.size();
    log.append(Draft.of(new Partial(ground.base(), call, sources, first, all ? runs : List.of())));
    packs.subList(0, some).clear();
    if (all) {
      runs.clear();
      recordedBytes = session.volume().storedBytes();
    }
    recordedAtNanos = vault.nanoTime();
  }
}
