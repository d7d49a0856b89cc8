package dev.varve.internal.forget;

import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.Retire;
import dev.varve.internal.log.SnapshotHistory;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.log.Undelete;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.ShownSnapshots;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings forgotten snapshots back as long as nothing they need was condemned. Used by one thread.
 *
 * <p>A snapshot comes back only if every chunk it reaches has an undamaged copy in a pack that is
 * active, or retired and then drawn on by name.
 */
public final class Undeletion {

  /** How many bytes of a record are for the snapshot and the names of the packs drawn on. */
  private static final int ROOM_BYTES = 60_000;

  private static final int MAX_RESUMED = 3500;

  private final Vault vault;
  private final Cancellation cancellation;
  private final int maxDrawn;

  /** Looks at what was forgotten in {@code vault}. */
  public Undeletion(Vault vault, Cancellation cancellation) {
    this(vault, cancellation, Integer.MAX_VALUE);
  }

  /** Draws on at most so many retired packs by name; more are resumed first. */
  public Undeletion(Vault vault, Cancellation cancellation, int maxDrawn) {
    this.vault = vault;
    this.cancellation = cancellation;
    this.maxDrawn = maxDrawn;
  }

  /**
   * The forgotten snapshots of whose catalogs at least the beginning is still there; whether all is
   * shows when one is brought back.
   */
  public List<Snapshot> candidates() throws IOException {
    vault.refresh();
    LogState now = vault.state();
    LogState history = SnapshotHistory.until(now, vault.log());
    SoundCopies copies = new SoundCopies(vault, now);
    Set<SnapshotId> live = new HashSet<>();
    now.snapshots().forEach(snapshot -> live.add(snapshot.id()));
    List<Snapshot> candidates = new ArrayList<>();
    for (LiveSnapshot snapshot : history.snapshots()) {
      cancellation.check();
      if (!live.contains(snapshot.id()) && begins(snapshot.record(), copies)) {
        candidates.add(ShownSnapshots.of(history, snapshot));
      }
    }
    return candidates;
  }

  /** Brings one back. */
  public void run(SnapshotId id) throws IOException {
    vault.refresh();
    LogState now = vault.state();
    LogState history = SnapshotHistory.until(now, vault.log());
    LiveSnapshot forgotten =
        history
            .findSnapshot(id)
            .orElseThrow(
                () -> new ConfigurationException("There never was a snapshot " + id + " here"));
    put(forgotten.record(), forgotten.slot(), history.timeOf(forgotten), state -> {});
  }

  /** Looks at the state at which a record is computed, and may refuse. */
  @FunctionalInterface
  public interface Condition {
    /** Refuses by throwing. */
    void require(LogState state) throws IOException;
  }

  /** Puts a snapshot that is not live into the place in time of another. */
  public void put(SnapshotRecord snapshot, long slot, Optional<Instant> time, Condition condition)
      throws IOException {
    while (true) {
      try {
        Cancellation.shielded(
            () ->
                vault
                    .log()
                    .append(
                        Draft.computed(
                            state -> {
                              condition.require(state);
                              return record(snapshot, slot, time, state);
                            })));
        return;
      } catch (TooManyRetired e) {
        cancellation.check();
        resume(e.excess, e.base);
      }
    }
  }

  /** So many packs would have to be drawn on that one record cannot name them. */
  private static final class TooManyRetired extends IOException {
    private static final long serialVersionUID = 1;

    private final transient List<PackName> excess;
    private final long base;

    TooManyRetired(List<PackName> excess, long base) {
      super(excess.size() + " packs too many are retired");
      this.excess = List.copyOf(excess);
      this.base = base;
    }
  }

  private static boolean begins(SnapshotRecord snapshot, SoundCopies copies) throws IOException {
    for (ChunkRef ref : snapshot.catalog().fences().refs()) {
      if (!copies.has(ref)) {
        return false;
      }
    }
    return true;
  }

  /** The record, valid in full at {@code state}. */
  private Undelete record(
      SnapshotRecord snapshot, long slot, Optional<Instant> time, LogState state)
      throws IOException {
    if (state.findSnapshot(snapshot.id()).isPresent()) {
      throw new ConfigurationException("Snapshot " + snapshot.id() + " is not forgotten");
    }
    vault.refresh();
    SoundCopies copies = new SoundCopies(vault, state);
    List<String> missing = copies.missing(snapshot, cancellation);
    if (!missing.isEmpty()) {
      throw new ConflictException(
          "Snapshot "
              + snapshot.id()
              + " cannot be brought back any more, because what it needs was given up: "
              + String.join("; ", missing)
              + ". Nothing was changed");
    }
    List<PackName> drawn = List.copyOf(copies.drawn());
    int most = Math.min(maxDrawn, room(snapshot));
    if (drawn.size() > most) {
      throw new TooManyRetired(drawn.subList(most, drawn.size()), state.slot());
    }
    return new Undelete(state.slot(), snapshot, slot, time, drawn);
  }

  private static int room(SnapshotRecord snapshot) {
    Encoder out = new Encoder(4096);
    snapshot.write(out);
    return Math.max(0, ROOM_BYTES - out.toBytes().length) / PackName.BYTES;
  }

  private void resume(List<PackName> packs, long base) throws IOException {
    Log log = vault.log();
    for (int i = 0; i < packs.size(); i += MAX_RESUMED) {
      List<PackName> some = packs.subList(i, Math.min(packs.size(), i + MAX_RESUMED));
      log.append(Draft.of(new Retire(base, List.of(), some)));
    }
  }
}
