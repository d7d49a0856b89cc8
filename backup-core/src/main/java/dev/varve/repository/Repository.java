package dev.varve.repository;

import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.ConfigurationException;
import dev.varve.CopyOptions;
import dev.varve.CopyReport;
import dev.varve.Difference;
import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.ForgetPlan;
import dev.varve.Lock;
import dev.varve.LostSnapshot;
import dev.varve.PathFilter;
import dev.varve.Problem;
import dev.varve.PruneOptions;
import dev.varve.PrunePlan;
import dev.varve.PruneReport;
import dev.varve.RepairOptions;
import dev.varve.RepairPlan;
import dev.varve.RepairReport;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Retention;
import dev.varve.RewriteReport;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.internal.archive.Backup;
import dev.varve.internal.archive.Copy;
import dev.varve.internal.forget.ForgetPlanning;
import dev.varve.internal.forget.Forgetting;
import dev.varve.internal.forget.Labelling;
import dev.varve.internal.forget.Undeletion;
import dev.varve.internal.prune.Prune;
import dev.varve.internal.repair.Check;
import dev.varve.internal.repair.LostSnapshots;
import dev.varve.internal.repair.Repair;
import dev.varve.internal.repair.Rewrite;
import dev.varve.internal.restore.Restore;
import dev.varve.internal.vault.LockListing;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.VaultDoor;
import dev.varve.key.Key;
import dev.varve.source.Source;
import dev.varve.store.Store;
import dev.varve.target.Target;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A repository: keeps snapshots of sources in a store, deduplicated, compressed and encrypted.
 *
 * <pre>{@code
 * try (Repository repository = Repository.openOrCreate("/srv/backups", KeyFile.load(key))) {
 *   BackupReport report = repository.backup(FilesSource.of(Path.of("/srv/uploads")));
 *   repository.restore(report.snapshot(), FilesTarget.into(Path.of("/tmp/restored")));
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads, and any number of processes may have the same repository open at
 * any time. Every verb runs once, on threads of its own, while the caller waits, and returns what
 * happened; interrupting the caller cancels it: then it throws {@link dev.varve.CancelledException}
 * and has committed nothing, or returns normally with the interrupt flag set if it had committed
 * already. What can go wrong is a {@link dev.varve.BackupException} that says what to do next.
 *
 * <p>{@link #close()} waits for verbs that run; later calls throw {@link IllegalStateException}.
 */
public final class Repository implements AutoCloseable {

  private final Vault vault;
  private final String location;
  private final KeySlots slots;
  private final Engine engine;
  private final Contents contents;

  private Repository(VaultDoor.Entered entered, RepositoryOptions options) {
    this.vault = entered.vault();
    this.location = entered.vault().store().toString();
    this.slots = new KeySlots(vault, entered.slotId(), options.passphraseCost());
    this.engine = new Engine(vault);
    this.contents = new Contents(vault, engine, location);
  }

  /**
   * Opens the repository at a location: a directory, or {@code scheme:rest} for a store on the
   * class path.
   *
   * @throws ConfigurationException if there is none, or the location cannot be used
   * @throws dev.varve.UnlockException if the key opens none of its slots
   */
  public static Repository open(String location, Key key) {
    return open(location, key, RepositoryOptions.defaults());
  }

  /** As {@link #open(String, Key)}, with options. */
  public static Repository open(String location, Key key, RepositoryOptions options) {
    return enter("Opening " + location, store(location, options), key, options, Way.OPEN);
  }

  /** Opens the repository in a store, which is closed with it, also if this fails. */
  public static Repository open(Store store, Key key) {
    return open(store, key, RepositoryOptions.defaults());
  }

  /** As {@link #open(Store, Key)}, with options. */
  public static Repository open(Store store, Key key, RepositoryOptions options) {
    return enter("Opening " + store, store, key, options, Way.OPEN);
  }

  /**
   * Makes a repository at a location, opened by {@code key}.
   *
   * @throws ConfigurationException if there is one already, or the location cannot be used
   */
  public static Repository create(String location, Key key) {
    return create(location, key, RepositoryOptions.defaults());
  }

  /** As {@link #create(String, Key)}, with options. */
  public static Repository create(String location, Key key, RepositoryOptions options) {
    return enter("Making " + location, store(location, options), key, options, Way.CREATE);
  }

  /** Makes a repository in a store, which is closed with it, also if this fails. */
  public static Repository create(Store store, Key key) {
    return create(store, key, RepositoryOptions.defaults());
  }

  /** As {@link #create(Store, Key)}, with options. */
  public static Repository create(Store store, Key key, RepositoryOptions options) {
    return enter("Making " + store, store, key, options, Way.CREATE);
  }

  /** Opens the repository at a location, or makes it if there is none. */
  public static Repository openOrCreate(String location, Key key) {
    return openOrCreate(location, key, RepositoryOptions.defaults());
  }

  /** As {@link #openOrCreate(String, Key)}, with options. */
  public static Repository openOrCreate(String location, Key key, RepositoryOptions options) {
    return enter("Opening " + location, store(location, options), key, options, Way.EITHER);
  }

  /**
   * Opens the repository in a store, or makes it; the store is closed with it, or if this fails.
   */
  public static Repository openOrCreate(Store store, Key key) {
    return openOrCreate(store, key, RepositoryOptions.defaults());
  }

  /** As {@link #openOrCreate(Store, Key)}, with options. */
  public static Repository openOrCreate(Store store, Key key, RepositoryOptions options) {
    return enter("Opening " + store, store, key, options, Way.EITHER);
  }

  private static Store store(String location, RepositoryOptions options) {
    return Plugins.store(location, options.storeOptions());
  }

  /** What the verbs work on. */
  Vault vault() {
    return vault;
  }

  /** The repository's id: 32 hexadecimal digits, the same wherever it is copied to. */
  public String id() {
    return vault.id().hex();
  }

  /** Where it is, without secrets. */
  public String location() {
    return location;
  }

  /** Backs up one source. */
  public BackupReport backup(Source source) {
    return backup(source, BackupOptions.defaults());
  }

  /** Backs up one source, with options. */
  public BackupReport backup(Source source, BackupOptions options) {
    return backup(List.of(source), options);
  }

  /**
   * Backs up sources one after the other and commits their snapshots together: all or none.
   *
   * @throws dev.varve.LockedException if another backup of one of them is going on, unless the
   *     options say to wait
   * @throws dev.varve.SourceException if one cannot be read as a whole; nothing was committed
   * @throws ConfigurationException if two of them have the same identity
   */
  public BackupReport backup(List<? extends Source> sources, BackupOptions options) {
    long identities = sources.stream().map(Source::identity).distinct().count();
    if (sources.isEmpty() || identities < sources.size()) {
      throw new ConfigurationException(
          sources.isEmpty()
              ? "There is nothing to back up; name a source"
              : "Two sources of one call have the same identity; name them apart");
    }
    String attempt =
        "Backing up "
            + sources.stream().map(s -> s.identity().toString()).collect(Collectors.joining(", "))
            + " to "
            + location;
    BackupReport report =
        engine.measured(
            "backup",
            attempt,
            options.listener(),
            (reporter, cancellation) -> {
              Backup backup = new Backup(vault, options, reporter, cancellation);
              return options.dryRun() ? backup.rehearse(sources) : backup.run(sources);
            });
    Meters.backup(report.statistics(), report.problemCount());
    return report;
  }

  /**
   * Says whether a source could be backed up now: whether everything it needs is reachable and
   * permitted. Reads as little as possible and stores nothing.
   *
   * @return what would be reported as a problem; empty if all is well
   * @throws dev.varve.SourceException if nothing worth a snapshot can be read; it says what to do
   */
  public List<Problem> checkSource(Source source) {
    return engine.run(
        "Checking " + source.identity(),
        (reporter, cancellation) -> Backup.check(source, reporter, cancellation));
  }

  /** Restores all of a snapshot. */
  public RestoreReport restore(Snapshot snapshot, Target target) {
    return restore(snapshot, target, RestoreOptions.defaults());
  }

  /**
   * Restores what the options select of a snapshot, and takes pieces of contents that are lost here
   * from others that have the same snapshot, or a copy of it.
   *
   * @param others where to look, in this order; the next is asked for only when one is needed, by
   *     one thread at a time
   */
  public RestoreReport restore(
      Snapshot snapshot,
      Target target,
      RestoreOptions options,
      Iterable<? extends Repository> others) {
    HoleFilling filling = new HoleFilling(target, others);
    return filling.of(restore(snapshot, filling, options));
  }

  /** Restores what the options select of a snapshot. */
  public RestoreReport restore(Snapshot snapshot, Target target, RestoreOptions options) {
    return engine.measured(
        "restore",
        "Restoring snapshot " + snapshot.id().brief() + " from " + location,
        options.listener(),
        (reporter, cancellation) ->
            new Restore(vault)
                .run(
                    snapshot, contents.catalog(snapshot), target, options, reporter, cancellation));
  }

  /**
   * Copies snapshots to another repository, oldest first; what was copied before is passed over.
   * Each is committed by itself: after a failure, the next copy goes on from there. A copy keeps
   * source, tags, entries and claimed time, and says of what it is one by the tags {@code
   * varve.original} and {@code varve.original-time}.
   *
   * @throws ConfigurationException if it is the same repository
   */
  public CopyReport copy(List<Snapshot> snapshots, Repository target, CopyOptions options) {
    if (target.id().equals(id())) {
      throw new ConfigurationException(
          location + " and " + target.location + " are the same repository; copy to another");
    }
    List<SnapshotId> wanted = snapshots.stream().map(Snapshot::id).toList();
    String attempt =
        "Copying " + wanted.size() + " snapshots from " + location + " to " + target.location;
    return Engine.measured(
        "copy",
        () ->
            target.engine.open(
                () ->
                    engine.run(
                        attempt,
                        options.listener(),
                        (reporter, cancellation) ->
                            new Copy(vault, target.vault, options, reporter, cancellation)
                                .run(wanted))));
  }

  /** The snapshots there are now. */
  public Snapshots snapshots() {
    return engine.run(
        "Listing the snapshots of " + location,
        (reporter, cancellation) -> {
          vault.refresh();
          return new Snapshots(vault.snapshots());
        });
  }

  /** All entries of a snapshot, ascending by path. Close the stream. */
  public Stream<Entry> entries(Snapshot snapshot) {
    return contents.entries(snapshot, catalog -> catalog.cursor());
  }

  /** The entries of a snapshot at or below a path, ascending by path. Close the stream. */
  public Stream<Entry> entries(Snapshot snapshot, EntryPath top) {
    return contents.entries(snapshot, catalog -> catalog.cursorBelow(top));
  }

  /** The entries of a snapshot at or below a path given as text. Close the stream. */
  public Stream<Entry> entries(Snapshot snapshot, String top) {
    return entries(snapshot, EntryPath.of(top));
  }

  /** The entry of a snapshot with this path. */
  public Optional<Entry> find(Snapshot snapshot, EntryPath path) {
    return contents.find(snapshot, path);
  }

  /**
   * The content of an entry of a snapshot. The stream fails rather than give a byte that was not
   * verified. Close it before the repository.
   *
   * @throws ConfigurationException if there is no such entry, or it has no content
   */
  public InputStream content(Snapshot snapshot, EntryPath path) {
    return contents.content(snapshot, path);
  }

  /** The content of an entry of a snapshot, its path given as text. */
  public InputStream content(Snapshot snapshot, String path) {
    return content(snapshot, EntryPath.of(path));
  }

  /** What differs between two snapshots, ascending by path. Close the stream. */
  public Stream<Difference> diff(Snapshot before, Snapshot after) {
    return contents.diff(before, after);
  }

  /** What a snapshot recorded as gone wrong, at most the first 10 000. */
  public List<Problem> problems(Snapshot snapshot) {
    return contents.problems(snapshot);
  }

  /** Looks for damage, changing nothing. */
  public CheckReport check(CheckOptions options) {
    return engine.measured(
        "check",
        "Checking " + location,
        options.listener(),
        (reporter, cancellation) -> new Check(vault, options, reporter, cancellation).run());
  }

  /** Looks for damage and says what can be done about it, changing nothing. */
  public RepairPlan planRepair(RepairOptions options) {
    return engine.run(
        "Planning the repair of " + location,
        options.listener(),
        (reporter, cancellation) -> new Repair(vault, reporter, cancellation).plan(options));
  }

  /**
   * Does what a plan says, as far as it is still to be done. Adds items and records; overwrites and
   * deletes nothing. Others may back up, prune and repair meanwhile.
   */
  public RepairReport repair(RepairPlan plan) {
    return engine.measured(
        "repair",
        "Repairing " + location,
        plan.options().listener(),
        (reporter, cancellation) -> new Repair(vault, reporter, cancellation).run(plan));
  }

  /**
   * Says which snapshots {@code retention} would drop and keep, and why; changes nothing.
   *
   * @throws ConfigurationException if it has no rule
   */
  public ForgetPlan planForget(Retention retention) {
    return planForget(retention, id -> true);
  }

  /**
   * As {@link #planForget(Retention)}, looking only at some snapshots, as if there were no others.
   */
  public ForgetPlan planForget(Retention retention, Snapshots among) {
    Set<SnapshotId> ids = among.stream().map(Snapshot::id).collect(Collectors.toSet());
    return planForget(retention, ids::contains);
  }

  /**
   * Says what forgetting exactly these snapshots would do; changes nothing.
   *
   * @throws ConfigurationException if one does not exist or is pinned
   */
  public ForgetPlan planForget(Collection<SnapshotId> ids) {
    return engine.run(
        "Planning a forget in " + location,
        (reporter, cancellation) -> new ForgetPlanning(vault).of(ids));
  }

  /**
   * Forgets what a plan drops. Nothing is deleted yet: until a prune, a snapshot can be brought
   * back.
   *
   * @return what was forgotten, without what somebody else had forgotten already
   * @throws dev.varve.ConflictException if others did something since that the plan does not allow
   *     for, such as pinning what it drops or dropping what it keeps; plan anew
   * @throws ConfigurationException if the plan is of another repository, or the store's clock made
   *     a step that was not confirmed
   */
  public List<SnapshotId> apply(ForgetPlan plan) {
    return engine.run(
        "Forgetting snapshots of " + location,
        (reporter, cancellation) -> new Forgetting(vault, cancellation).apply(plan));
  }

  /** Forgets exactly these snapshots: plans and applies. */
  public List<SnapshotId> forget(Collection<SnapshotId> ids) {
    return apply(planForget(ids));
  }

  /** Prunes with the defaults, see {@link #prune(PruneOptions)}. */
  public PruneReport prune() {
    return prune(PruneOptions.defaults());
  }

  /**
   * Takes every step now due of giving room back that no snapshot needs: retires packs, copies what
   * is needed out of packs of which little is, decides after a grace time that packs may be
   * deleted, and deletes them when restores that still read them had time to end. The report says
   * what is due next, and when. May run beside backups, restores and other prunes.
   *
   * @throws dev.varve.ConflictException if others changed again and again what it rests on; run it
   *     again
   */
  public PruneReport prune(PruneOptions options) {
    return engine.measured(
        "prune",
        "Pruning " + location,
        options.listener(),
        (reporter, cancellation) -> new Prune(vault, options, reporter, cancellation).run());
  }

  /** Says what {@link #prune(PruneOptions)} would do now, changing nothing. */
  public PrunePlan planPrune(PruneOptions options) {
    return engine.run(
        "Planning to prune " + location,
        options.listener(),
        (reporter, cancellation) -> new Prune(vault, options, reporter, cancellation).plan());
  }

  /**
   * The forgotten snapshots that can perhaps be brought back: their space was not taken yet, as far
   * as a quick look shows. Reads the whole log.
   */
  public Snapshots forgotten() {
    return engine.run(
        "Looking for forgotten snapshots of " + location,
        (reporter, cancellation) ->
            new Snapshots(new Undeletion(vault, cancellation).candidates()));
  }

  /**
   * Brings a forgotten snapshot back, with its time and tags, unpinned. Reads its catalog.
   *
   * @throws dev.varve.ConflictException if a prune has given up something it needs
   * @throws ConfigurationException if there never was such a snapshot, or it is not forgotten
   */
  public Snapshot undelete(SnapshotId id) {
    return engine.run(
        "Bringing back snapshot " + id.brief() + " of " + location,
        (reporter, cancellation) -> {
          new Undeletion(vault, cancellation).run(id);
          return vault.snapshot(id);
        });
  }

  /**
   * Lists of entries that are stored and that no record names: of snapshots whose records are lost
   * with slots of the log, and of backups that never came to their end. Reads the whole log and all
   * catalogs.
   */
  public List<LostSnapshot> lostSnapshots() {
    return engine.run(
        "Looking for lost snapshots in " + location,
        (reporter, cancellation) -> new LostSnapshots(vault, cancellation).find());
  }

  /**
   * Makes a snapshot out of a list of entries that no record names, of unknown time and with the
   * tag {@link LostSnapshot#TAG}. It may have been forgotten on purpose by a record that is lost.
   *
   * @param source whose snapshot it is to be
   * @throws dev.varve.ConflictException if something it needs is nowhere to be found
   * @throws ConfigurationException if there is no such list, or packs wait to be relied on
   */
  public Snapshot bringBack(LostSnapshot lost, SourceIdentity source) {
    return engine.run(
        "Bringing back what is lost of " + location,
        (reporter, cancellation) ->
            vault.snapshot(new LostSnapshots(vault, cancellation).bringBack(lost, source)));
  }

  /** Lets no forget drop these snapshots; returns them as they are then. */
  public List<Snapshot> pin(Collection<SnapshotId> ids) {
    return engine.run(
        "Pinning snapshots of " + location,
        (reporter, cancellation) -> new Labelling(vault).pin(ids, true));
  }

  /** Lets forgets drop these snapshots again; returns them as they are then. */
  public List<Snapshot> unpin(Collection<SnapshotId> ids) {
    return engine.run(
        "Unpinning snapshots of " + location,
        (reporter, cancellation) -> new Labelling(vault).pin(ids, false));
  }

  /**
   * Changes the tags of snapshots; returns them as they are then.
   *
   * @param put tags they get, in place of others of the same names
   * @param taken names of tags they lose
   * @throws ConfigurationException if there is no such snapshot, or a tag cannot be
   */
  public List<Snapshot> tag(
      Collection<SnapshotId> ids, Map<String, String> put, Collection<String> taken) {
    return engine.run(
        "Tagging snapshots of " + location,
        (reporter, cancellation) -> new Labelling(vault).tag(ids, put, taken));
  }

  /** Who is at work in the repository, as locks tell it, oldest first. */
  public List<Lock> locks() {
    return engine.run(
        "Listing the locks of " + location,
        (reporter, cancellation) -> new LockListing(vault).list());
  }

  /**
   * Removes the locks of work that is over or counts as dead; backups do the same when they meet
   * some. Nothing is lost by removing any lock.
   *
   * @return how many there were
   */
  public int removeStaleLocks() {
    return engine.run(
        "Removing stale locks of " + location,
        (reporter, cancellation) -> {
          vault.refresh();
          return vault.locks().removeStale();
        });
  }

  /**
   * Makes a snapshot out of another one, without what a filter does not admit and without what is
   * lost; it has the tag {@link RewriteReport#TAG}, and the original stays until it is forgotten.
   * What is taken out keeps its space until then, and until a prune.
   *
   * @throws ConfigurationException if there is no such snapshot, or packs wait to be relied on
   *     again because a slot was given up
   */
  public RewriteReport rewrite(Snapshot snapshot, PathFilter admitted) {
    return engine.run(
        "Rewriting snapshot " + snapshot.id().brief() + " of " + location,
        (reporter, cancellation) ->
            new Rewrite(vault, reporter, cancellation).run(snapshot.id(), admitted));
  }

  /** What the repository holds now. */
  public RepositoryStatistics statistics() {
    return engine.run(
        "Counting what " + location + " holds",
        (reporter, cancellation) -> {
          vault.refresh();
          return Counts.of(vault);
        });
  }

  /** The ways into this repository. */
  public KeySlots keys() {
    return slots;
  }

  /** Waits for verbs that run, and lets go of everything. */
  @Override
  public void close() {
    engine.close("Closing " + location);
  }

  @Override
  public String toString() {
    return "repository " + id() + " at " + location;
  }

  private enum Way {
    OPEN,
    CREATE,
    EITHER
  }

  private ForgetPlan planForget(Retention retention, Predicate<SnapshotId> meant) {
    return engine.run(
        "Planning a forget in " + location,
        (reporter, cancellation) -> new ForgetPlanning(vault).by(retention, meant));
  }

  private static Repository enter(
      String attempt, Store store, Key key, RepositoryOptions options, Way way) {
    VaultDoor door = new VaultDoor(store, options.forVault());
    return new Repository(
        Verbs.runHere(
            attempt,
            () ->
                switch (way) {
                  case OPEN -> door.open(key);
                  case CREATE -> door.create(key);
                  case EITHER -> door.openOrCreate(key);
                }),
        options);
  }
}
