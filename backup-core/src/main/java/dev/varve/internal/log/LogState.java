package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * What the repository holds after a slot: the fold of the log up to there. Immutable. At 10^6 packs
 * and 10^5 snapshots it takes some 80 MB of heap.
 */
public final class LogState {

  /** Before slot 0. */
  public static final LogState EMPTY =
      new LogState(
          Optional.empty(),
          -1,
          SlotHash.NONE,
          0,
          Long.MIN_VALUE,
          Optional.empty(),
          NameTable.EMPTY,
          NameTable.EMPTY,
          Map.of(),
          List.of(),
          Map.of(),
          Collections.emptySortedSet(),
          Collections.emptySortedSet(),
          Optional.empty());

  final Optional<Settings> settings;
  final long slot;
  final SlotHash hash;
  final int storedBytes;
  final long previousMillis;
  final Optional<Instant> headTime;
  final NameTable packs;
  final NameTable runs;
  final Map<PackName, PackBlocks> damage;
  final List<LiveSnapshot> snapshots;
  final Map<CallId, RunningCall> calls;
  final SortedSet<Long> voided;
  final SortedSet<Long> voids;
  final Optional<String> unknown;

  LogState(
      Optional<Settings> settings,
      long slot,
      SlotHash hash,
      int storedBytes,
      long previousMillis,
      Optional<Instant> headTime,
      NameTable packs,
      NameTable runs,
      Map<PackName, PackBlocks> damage,
      List<LiveSnapshot> snapshots,
      Map<CallId, RunningCall> calls,
      SortedSet<Long> voided,
      SortedSet<Long> voids,
      Optional<String> unknown) {
    this.settings = settings;
    this.slot = slot;
    this.hash = hash;
    this.storedBytes = storedBytes;
    this.previousMillis = previousMillis;
    this.headTime = headTime;
    this.packs = packs;
    this.runs = runs;
    this.damage = damage;
    this.snapshots = snapshots;
    this.calls = calls;
    this.voided = voided;
    this.voids = voids;
    this.unknown = unknown;
  }

  /** The state after one more entry, whose slot must be the next. Pure. */
  public LogState fold(LogEntry entry) {
    return new Folding(this).apply(entry).state();
  }

  /** The last slot folded, -1 before slot 0. */
  public long slot() {
    return slot;
  }

  /** The hash of that slot's stored bytes. */
  public SlotHash hash() {
    return hash;
  }

  /** What the repository was made with. */
  public Settings settings() {
    return settings.orElseThrow(() -> new IllegalStateException("Slot 0 is not folded yet"));
  }

  /** Why nothing may be written, if so: a newer software wrote something that is not known here. */
  public Optional<String> unknown() {
    return unknown;
  }

  /** The snapshots that are not forgotten, ascending by slot. */
  public List<LiveSnapshot> snapshots() {
    return snapshots;
  }

  /** A snapshot that is not forgotten. */
  public Optional<LiveSnapshot> findSnapshot(SnapshotId id) {
    LiveSnapshot.Key key = LiveSnapshot.Key.of(id);
    return snapshots.stream().filter(snapshot -> snapshot.key().equals(key)).findFirst();
  }

  /**
   * When a snapshot was committed, by the store's clock; empty if the store's times around it, or
   * those of later slots, are out of order, or if nobody has told it yet.
   */
  public Optional<Instant> timeOf(LiveSnapshot snapshot) {
    Optional<Instant> time = snapshot.slot() == slot ? headTime : snapshot.time();
    boolean inOrder =
        snapshot.slot() == slot
            ? time.isPresent() && time.get().toEpochMilli() >= previousMillis
            : headTime.isEmpty() || (time.isPresent() && !time.get().isAfter(headTime.get()));
    return inOrder ? time : Optional.empty();
  }

  /** When the last slot folded was stored, as the store shows it; empty in a pure fold. */
  public Optional<Instant> headTime() {
    return headTime;
  }

  /** When the slot before the last was stored, by the store's clock. */
  public Optional<Instant> previousTime() {
    return previousMillis == Long.MIN_VALUE
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(previousMillis));
  }

  /** What is known of a pack, all slots 0 if nothing is. */
  public PackStatus pack(PackName name) {
    return PackStatus.of(name, packs.row(name.high(), name.low()));
  }

  /** Visits all packs ever named, ascending by name. */
  public void forEachPack(Consumer<PackStatus> visitor) {
    packs.forEach(
        (high, low, first, second) ->
            visitor.accept(
                PackStatus.of(new PackName(high, low), new NameTable.Row(first, second))));
  }

  /** What is known of a run, all slots 0 if nothing is. */
  public RunStatus run(RunName name) {
    return RunStatus.of(name, runs.row(name.high(), name.low()));
  }

  /** The runs that make up the index, ascending by name. */
  public List<RunStatus> liveRuns() {
    List<RunStatus> live = new ArrayList<>();
    forEachRun(
        run -> {
          if (run.isLive()) {
            live.add(run);
          }
        });
    return live;
  }

  /** Visits all runs ever named, ascending by name. */
  public void forEachRun(Consumer<RunStatus> visitor) {
    runs.forEach(
        (high, low, first, second) ->
            visitor.accept(RunStatus.of(new RunName(high, low), new NameTable.Row(first, second))));
  }

  /** The blocks that are claimed to be damaged. */
  public Collection<PackBlocks> damage() {
    return damage.values();
  }

  /** Whether a block is claimed to be damaged. */
  public boolean isDamaged(PackName pack, int block) {
    PackBlocks damaged = damage.get(pack);
    return damaged != null && damaged.contains(block);
  }

  /**
   * Whether a new snapshot may rely on what lies in a block without naming its pack: the pack is
   * registered and neither retired nor condemned, the block is not damaged.
   */
  public boolean isUsable(PackName pack, int block) {
    return pack(pack).isActive() && !isDamaged(pack, block);
  }

  /**
   * Whether a pack was retired by a {@link VoidSlots} and not resumed since: the lost record may
   * have condemned it, so that nothing may rely on it, named or not.
   */
  public boolean isSuspended(PackStatus pack) {
    return pack.isRetired() && voids.contains(pack.retiredAt());
  }

  /** The backup calls that have registered something and not committed yet. */
  public Collection<RunningCall> calls() {
    return calls.values();
  }

  /** The slots that were given up. */
  public SortedSet<Long> voided() {
    return voided;
  }

  /** The slots that gave others up, or accepted a rollback. */
  public SortedSet<Long> voids() {
    return voids;
  }

  /** Whether both hold the same, whatever they were folded from. */
  public boolean sameAs(LogState other) {
    return slot == other.slot
        && hash.equals(other.hash)
        && contentHash().equals(other.contentHash());
  }

  private String contentHash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      StateCodec.write(this, digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** The same with the store's time of the last slot. */
  LogState seenAt(Instant time) {
    return new LogState(
        settings,
        slot,
        hash,
        storedBytes,
        previousMillis,
        Optional.of(Parts.millis(time)),
        packs,
        runs,
        damage,
        snapshots,
        calls,
        voided,
        voids,
        unknown);
  }
}
