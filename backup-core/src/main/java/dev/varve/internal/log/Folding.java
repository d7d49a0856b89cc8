package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Folds many entries into one {@link LogState}: what each kind of record does. Used by one thread.
 *
 * <p>It applies whatever authenticated, valid or not; all that an invalid record can do is what a
 * valid one could.
 */
final class Folding {

  /** How many calls that never committed are remembered; the longest silent are dropped. */
  static final int MAX_CALLS = 256;

  private final NameTable.Editor packs;
  private final NameTable.Editor runs;
  private final Map<PackName, PackBlocks> damage;
  private final Map<CallId, RunningCall> calls;
  private final SortedSet<Long> voided;
  private final SortedSet<Long> voids;
  private Optional<Settings> settings;
  private Optional<String> unknown;
  private List<LiveSnapshot> sorted;
  private Optional<Map<LiveSnapshot.Key, LiveSnapshot>> changed = Optional.empty();
  private final List<LiveSnapshot.Key> untimed = new ArrayList<>();
  private long slot;
  private SlotHash hash;
  private int storedBytes;
  private long previousMillis;
  private Optional<Instant> headTime;

  Folding(LogState from) {
    packs = from.packs.edit();
    runs = from.runs.edit();
    damage = new TreeMap<>(from.damage);
    calls = new LinkedHashMap<>(from.calls);
    voided = new TreeSet<>(from.voided);
    voids = new TreeSet<>(from.voids);
    settings = from.settings;
    unknown = from.unknown;
    sorted = from.snapshots;
    slot = from.slot;
    hash = from.hash;
    storedBytes = from.storedBytes;
    previousMillis = from.previousMillis;
    headTime = from.headTime;
    for (int i = sorted.size() - 1; i >= 0 && sorted.get(i).slot() == slot; i--) {
      untimed.add(sorted.get(i).key());
    }
  }

  long slot() {
    return slot;
  }

  SlotHash hash() {
    return hash;
  }

  int storedBytes() {
    return storedBytes;
  }

  Folding apply(LogEntry entry) {
    advance(entry.slot(), entry.hash(), entry.storedBytes());
    if (entry.slot() > 0) {
      settleTimes(entry.predecessorTime());
    }
    untimed.clear();
    LogRecord record = entry.record();
    if (entry.slot() == 0 != record instanceof Settings) {
      unknown("a record of kind " + record.kind() + " that stands in the wrong place");
    } else if (record instanceof Settings made) {
      make(made);
    } else if (record instanceof Snapshots made) {
      register(made.packs(), made.runs());
      made.snapshots().forEach(this::commit);
      calls.remove(made.call());
    } else if (record instanceof Partial made) {
      register(made.packs(), made.runs());
      signOfLife(made);
    } else if (record instanceof Forget made) {
      made.dropped().forEach(id -> snapshots().remove(LiveSnapshot.Key.of(id)));
    } else if (record instanceof Undelete made) {
      undelete(made);
    } else if (record instanceof Attributes made) {
      made.snapshots().forEach(id -> change(id, made));
    } else if (record instanceof Index made) {
      register(made.packs(), made.runs());
      made.replaced().forEach(this::condemn);
    } else if (record instanceof Retire made) {
      made.retired().forEach(name -> pack(name).retired(slot).put(packs));
      made.resumed().forEach(name -> pack(name).resumed().put(packs));
    } else if (record instanceof Condemn made) {
      made.packs().forEach(pack -> pack(pack.name()).condemned(slot).put(packs));
      made.runs().forEach(this::condemn);
    } else if (record instanceof Damage made) {
      made.found().forEach(this::claim);
      made.withdrawn().forEach(this::withdraw);
    } else if (record instanceof VoidSlots made) {
      made.slots().forEach(given -> voided.add(given.slot()));
      voids.add(slot);
      suspendAll();
    } else if (record instanceof UnknownRecord made) {
      unknown(made.reason());
    }
    return this;
  }

  /** Passes over a slot that was given up; {@code itsHash} is what its successor gives. */
  Folding skip(long given, SlotHash itsHash) {
    advance(given, itsHash, 0);
    untimed.clear();
    return this;
  }

  LogState state() {
    if (changed.isPresent()) {
      List<LiveSnapshot> all = new ArrayList<>(changed.get().values());
      all.sort(Comparator.comparingLong(LiveSnapshot::slot).thenComparing(LiveSnapshot::key));
      sorted = Collections.unmodifiableList(all);
    }
    return new LogState(
        settings,
        slot,
        hash,
        storedBytes,
        previousMillis,
        headTime,
        packs.table(),
        runs.table(),
        Collections.unmodifiableMap(new TreeMap<>(damage)),
        sorted,
        Collections.unmodifiableMap(new LinkedHashMap<>(calls)),
        Collections.unmodifiableSortedSet(new TreeSet<>(voided)),
        Collections.unmodifiableSortedSet(new TreeSet<>(voids)),
        unknown);
  }

  private void advance(long next, SlotHash itsHash, int itsBytes) {
    if (next != slot + 1) {
      throw new IllegalArgumentException("Slot " + next + " does not follow slot " + slot);
    }
    slot = next;
    hash = itsHash;
    storedBytes = itsBytes;
    headTime = Optional.empty();
  }

  /** Times out of order with a neighbour, or after that of a later slot, are unknown for ever. */
  private void settleTimes(Instant time) {
    long millis = time.toEpochMilli();
    boolean inOrder = millis >= previousMillis;
    Optional<Instant> known = inOrder ? Optional.of(time) : Optional.empty();
    if (!inOrder) {
      snapshots()
          .replaceAll(
              (id, snapshot) ->
                  snapshot.time().filter(time::isBefore).isPresent()
                      ? snapshot.at(Optional.empty())
                      : snapshot);
    }
    for (LiveSnapshot.Key id : untimed) {
      snapshots().computeIfPresent(id, (same, snapshot) -> snapshot.at(known));
    }
    calls.replaceAll((id, call) -> call.lastSlot() == slot - 1 ? call.signed(known) : call);
    previousMillis = millis;
  }

  private void make(Settings made) {
    settings = Optional.of(made);
    TreeSet<String> foreign = new TreeSet<>(made.features());
    foreign.removeAll(Settings.KNOWN_FEATURES);
    if (!foreign.isEmpty()) {
      unknown("the features " + foreign);
    }
  }

  private void unknown(String reason) {
    if (unknown.isEmpty()) {
      unknown = Optional.of("Slot " + slot + " holds " + reason);
    }
  }

  private void register(List<NewPack> newPacks, List<NewRun> newRuns) {
    newPacks.forEach(pack -> pack(pack.name()).registered(pack, slot).put(packs));
    newRuns.forEach(run -> run(run.name()).added(run, slot).put(runs));
  }

  private void commit(SnapshotRecord snapshot) {
    LiveSnapshot.Key id = LiveSnapshot.Key.of(snapshot.id());
    if (!snapshots().containsKey(id)) {
      snapshots().put(id, LiveSnapshot.committed(snapshot, slot));
      untimed.add(id);
    }
  }

  private void signOfLife(Partial partial) {
    CallId call = partial.call();
    RunningCall before =
        calls.getOrDefault(
            call, new RunningCall(call, partial.sources(), List.of(), Optional.empty()));
    calls.remove(call);
    calls.put(call, before.and(partial.sources(), slot));
    if (calls.size() > MAX_CALLS) {
      calls.remove(calls.keySet().iterator().next());
    }
  }

  private void undelete(Undelete made) {
    Optional<Instant> time = made.time().filter(t -> t.toEpochMilli() <= previousMillis);
    SnapshotRecord snapshot = made.snapshot();
    long committedAt = Math.min(made.committedAt(), slot - 1);
    snapshots()
        .putIfAbsent(
            LiveSnapshot.Key.of(snapshot.id()),
            LiveSnapshot.of(snapshot, committedAt, time, false));
  }

  private void change(SnapshotId id, Attributes made) {
    snapshots()
        .computeIfPresent(
            LiveSnapshot.Key.of(id),
            (same, snapshot) -> {
              SnapshotRecord record = snapshot.record();
              TreeMap<String, String> tags = new TreeMap<>(record.tags());
              tags.putAll(made.set());
              made.removed().forEach(tags::remove);
              boolean pinned =
                  made.pin() == Attributes.Pin.KEPT
                      ? snapshot.isPinned()
                      : made.pin() == Attributes.Pin.SET;
              return snapshot.with(record.tagged(tags), pinned);
            });
  }

  private void claim(PackBlocks found) {
    damage.merge(
        found.pack(),
        found,
        (some, others) -> {
          if (some.isWhole() || others.isWhole()) {
            return PackBlocks.all(found.pack());
          }
          List<Integer> blocks = new ArrayList<>(some.blocks());
          blocks.addAll(others.blocks());
          return new PackBlocks(found.pack(), blocks);
        });
  }

  /** Some blocks of a pack that is damaged as a whole cannot be withdrawn: it stays as it is. */
  private void withdraw(PackBlocks intact) {
    if (intact.isWhole()) {
      damage.remove(intact.pack());
      return;
    }
    Optional<PackBlocks> damaged = Optional.ofNullable(damage.get(intact.pack()));
    if (damaged.isPresent() && !damaged.get().isWhole()) {
      List<Integer> rest = new ArrayList<>(damaged.get().blocks());
      rest.removeAll(intact.blocks());
      if (rest.isEmpty()) {
        damage.remove(intact.pack());
      } else {
        damage.put(intact.pack(), new PackBlocks(intact.pack(), rest));
      }
    }
  }

  /** All packs ever named, retired ones too: what is lost may have condemned them. */
  private void suspendAll() {
    packs
        .table()
        .forEach(
            (high, low, first, second) -> {
              PackName name = new PackName(high, low);
              PackStatus pack = PackStatus.of(name, new NameTable.Row(first, second));
              pack.suspended(slot).put(packs);
            });
  }

  private void condemn(RunName name) {
    run(name).condemned(slot).put(runs);
  }

  private PackStatus pack(PackName name) {
    return PackStatus.of(name, packs.row(name.high(), name.low()));
  }

  private RunStatus run(RunName name) {
    return RunStatus.of(name, runs.row(name.high(), name.low()));
  }

  private Map<LiveSnapshot.Key, LiveSnapshot> snapshots() {
    if (changed.isEmpty()) {
      Map<LiveSnapshot.Key, LiveSnapshot> byId = new LinkedHashMap<>();
      sorted.forEach(snapshot -> byId.put(snapshot.key(), snapshot));
      changed = Optional.of(byId);
    }
    return changed.get();
  }
}
