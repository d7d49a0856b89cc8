package dev.varve.reader;

import static dev.varve.reader.BadFormatException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** Sections 7 and 8: what records do. Used by one thread. */
final class LogState {

  /** A live snapshot. */
  record Live(long slot, OptionalLong millis, boolean pinned, SnapshotRecord snapshot) {}

  /** What the log says of a pack; slot 0 means never. */
  record Pack(int kind, long storedBytes, long registered, long retired, long condemned) {
    private static final Pack NONE = new Pack(1, 0, 0, 0, 0);

    Pack registered(int itsKind, long bytes, long slot) {
      return registered == 0 ? new Pack(itsKind, bytes, slot, 0, condemned) : this;
    }

    Pack retired(long slot) {
      return new Pack(kind, storedBytes, registered, slot, condemned);
    }

    Pack condemned(long slot) {
      return condemned == 0 ? new Pack(kind, storedBytes, registered, retired, slot) : this;
    }
  }

  /** What the log says of a run; slot 0 means never. */
  record Run(long storedBytes, long added, long condemned) {
    private static final Run NONE = new Run(0, 0, 0);
  }

  /** A backup call that has not committed. */
  record Call(List<String> sources, List<Long> slots, OptionalLong lastSign) {
    long lastSlot() {
      return slots.get(slots.size() - 1);
    }
  }

  private static final int MOST_CALLS = 256;

  final Map<String, Live> snapshots = new TreeMap<>();
  final Map<String, Pack> packs = new TreeMap<>();
  final Map<String, Run> runs = new TreeMap<>();

  /** Ordinals by pack; none means all. */
  final Map<String, NavigableSet<Long>> damaged = new TreeMap<>();

  final Map<String, Call> calls = new LinkedHashMap<>();
  int[] chunker = new int[0];
  long[] thresholds = new long[0];

  private final byte[] repository;
  private long previousMillis = Long.MIN_VALUE;
  private long slot;

  LogState(byte[] repository) {
    this.repository = repository;
  }

  /** Runs that are live, with their lengths. */
  Map<String, Long> liveRuns() {
    Map<String, Long> live = new TreeMap<>();
    runs.forEach(
        (name, run) -> {
          if (run.added() > 0 && run.condemned() == 0) {
            live.put(name, run.storedBytes());
          }
        });
    return live;
  }

  boolean isCondemned(String pack) {
    return packs.getOrDefault(pack, Pack.NONE).condemned() > 0;
  }

  /** The store shows when the newest slot was created: the time of its snapshots, if in order. */
  void seen(long headMillis) {
    boolean inOrder = headMillis >= previousMillis;
    snapshots.replaceAll(
        (id, live) -> {
          if (live.slot() == slot) {
            return at(live, inOrder ? OptionalLong.of(headMillis) : OptionalLong.empty());
          }
          boolean late = live.millis().isPresent() && live.millis().getAsLong() > headMillis;
          return late ? at(live, OptionalLong.empty()) : live;
        });
  }

  /** A slot tells the time of the one before. */
  private void tellTime(long millis) {
    boolean inOrder = millis >= previousMillis;
    OptionalLong known = inOrder ? OptionalLong.of(millis) : OptionalLong.empty();
    snapshots.replaceAll(
        (id, live) -> {
          if (live.slot() == slot - 1) {
            return at(live, known);
          }
          boolean late =
              !inOrder && live.millis().isPresent() && live.millis().getAsLong() > millis;
          return late ? at(live, OptionalLong.empty()) : live;
        });
    calls.replaceAll(
        (id, call) ->
            call.lastSlot() == slot - 1 ? new Call(call.sources(), call.slots(), known) : call);
    previousMillis = millis;
  }

  private static Live at(Live live, OptionalLong millis) {
    return new Live(live.slot(), millis, live.pinned(), live.snapshot());
  }

  /** Applies a record of which the header was read; gives the slots it gives up. */
  Map<Long, String> apply(long itsSlot, long predecessorMillis, Input in) {
    slot = itsSlot;
    if (slot > 0) {
      tellTime(predecessorMillis);
    }
    Map<Long, String> givenUp = new TreeMap<>();
    int kind = in.u8();
    require((slot == 0) == (kind == 1), "Settings stand in slot 0 and nowhere else");
    switch (kind) {
      case 1 -> settings(in);
      case 2 -> commit(in);
      case 3 -> partial(in);
      case 4 -> {
        in.list(() -> in.hex(16)).forEach(snapshots::remove);
        in.list(() -> in.hex(16));
      }
      case 5 -> undelete(in);
      case 6 -> attributes(in);
      case 7 -> {
        List<String> replaced = in.list(() -> in.hex(16));
        in.list(() -> addRun(in));
        in.list(() -> addPack(in));
        replaced.forEach(this::condemnRun);
      }
      case 8 -> retire(in);
      case 9 -> {
        in.list(() -> condemnedPack(in))
            .forEach(name -> packs.put(name, pack(name).condemned(slot)));
        in.list(() -> in.hex(16)).forEach(this::condemnRun);
        in.list(() -> in.hex(16));
      }
      case 10 -> {
        in.list(() -> blocks(in)).forEach(this::found);
        in.list(() -> blocks(in)).forEach(this::withdrawn);
      }
      case 11 -> {
        in.list(() -> Optional.ofNullable(givenUp.put(in.varint(), in.hex(32))));
        packs.replaceAll((name, pack) -> pack.condemned() == 0 ? pack.retired(slot) : pack);
      }
      default -> {
        return givenUp; // Of newer software: its effect is unknown, the rest is readable.
      }
    }
    in.end();
    return givenUp;
  }

  private Pack pack(String name) {
    return packs.getOrDefault(name, Pack.NONE);
  }

  private void settings(Input in) {
    require(Arrays.equals(in.raw(16), repository), "They are another repository's");
    chunker = new int[] {(int) in.u32(), (int) in.u32(), (int) in.u32()};
    thresholds = new long[] {in.u32(), in.u32()};
    long level = in.signed();
    require(level >= -100 && level <= 100, "There is no such level");
    require(in.list(() -> in.text(1024)).isEmpty(), "Features are not known");
  }

  private void commit(Input in) {
    String call = in.hex(16);
    List<SnapshotRecord> made = in.list(() -> SnapshotRecord.read(in));
    in.list(() -> in.hex(16));
    in.list(() -> addPack(in));
    in.list(() -> addRun(in));
    for (SnapshotRecord snapshot : made) {
      snapshots.putIfAbsent(snapshot.id(), new Live(slot, OptionalLong.empty(), false, snapshot));
    }
    calls.remove(call);
  }

  private void partial(Input in) {
    String id = in.hex(16);
    List<String> sources = in.list(() -> in.text(3072));
    in.list(() -> addPack(in));
    in.list(() -> addRun(in));
    List<Long> slots = new ArrayList<>();
    Optional.ofNullable(calls.remove(id)).ifPresent(before -> slots.addAll(before.slots()));
    slots.add(slot);
    calls.put(id, new Call(sources, List.copyOf(slots), OptionalLong.empty()));
    if (calls.size() > MOST_CALLS) {
      calls.remove(calls.keySet().iterator().next());
    }
  }

  private String addPack(Input in) {
    String name = in.hex(16);
    int kind = in.u8();
    packs.put(name, pack(name).registered(kind, in.varint(Integer.MAX_VALUE), slot));
    return name;
  }

  private String addRun(Input in) {
    String name = in.hex(16);
    long bytes = in.varint(5L << 30);
    Run run = runs.getOrDefault(name, Run.NONE);
    runs.put(name, run.added() == 0 ? new Run(bytes, slot, run.condemned()) : run);
    return name;
  }

  private void condemnRun(String name) {
    Run run = runs.getOrDefault(name, Run.NONE);
    runs.put(name, run.condemned() == 0 ? new Run(run.storedBytes(), run.added(), slot) : run);
  }

  private void undelete(Input in) {
    SnapshotRecord snapshot = SnapshotRecord.read(in);
    long committedAt = Math.min(in.varint(Integer.MAX_VALUE - 1), slot - 1);
    OptionalLong time = in.u8() == 0 ? OptionalLong.empty() : OptionalLong.of(in.signed());
    in.list(() -> in.hex(16));
    boolean known = time.isPresent() && time.getAsLong() <= previousMillis;
    snapshots.putIfAbsent(
        snapshot.id(), new Live(committedAt, known ? time : OptionalLong.empty(), false, snapshot));
  }

  private void attributes(Input in) {
    List<String> ids = in.list(() -> in.hex(16));
    int pin = in.u8();
    Map<String, String> set = SnapshotRecord.tags(in);
    List<String> removed = in.list(() -> in.text(1024));
    for (String id : ids) {
      snapshots.computeIfPresent(
          id,
          (same, live) -> {
            Map<String, String> tags = new TreeMap<>(live.snapshot().tags());
            tags.putAll(set);
            tags.keySet().removeAll(removed);
            boolean pinned = pin == 0 ? live.pinned() : pin == 1;
            return new Live(live.slot(), live.millis(), pinned, live.snapshot().tagged(tags));
          });
    }
  }

  private void retire(Input in) {
    for (String name : in.list(() -> in.hex(16))) {
      Pack pack = pack(name);
      packs.put(name, pack.retired() == 0 ? pack.retired(slot) : pack);
    }
    in.list(() -> in.hex(16)).forEach(name -> packs.put(name, pack(name).retired(0)));
  }

  private static String condemnedPack(Input in) {
    String name = in.hex(16);
    in.varint();
    return name;
  }

  private record Blocks(String pack, NavigableSet<Long> ordinals) {}

  private static Blocks blocks(Input in) {
    String name = in.hex(16);
    NavigableSet<Long> ordinals = new TreeSet<>();
    long next = 0;
    for (long between : in.list(in::varint)) {
      ordinals.add(next + between);
      next += between + 1;
    }
    return new Blocks(name, ordinals);
  }

  private void found(Blocks blocks) {
    Optional<NavigableSet<Long>> before = Optional.ofNullable(damaged.get(blocks.pack()));
    boolean all = blocks.ordinals().isEmpty() || before.filter(NavigableSet::isEmpty).isPresent();
    NavigableSet<Long> together = new TreeSet<>();
    if (!all) {
      together.addAll(blocks.ordinals());
      before.ifPresent(together::addAll);
    }
    damaged.put(blocks.pack(), together);
  }

  private void withdrawn(Blocks blocks) {
    Optional<NavigableSet<Long>> before = Optional.ofNullable(damaged.get(blocks.pack()));
    if (blocks.ordinals().isEmpty()) {
      damaged.remove(blocks.pack());
    } else if (before.filter(some -> !some.isEmpty()).isPresent()) {
      NavigableSet<Long> rest = new TreeSet<>(before.get());
      rest.removeAll(blocks.ordinals());
      if (rest.isEmpty()) {
        damaged.remove(blocks.pack());
      } else {
        damaged.put(blocks.pack(), rest);
      }
    }
  }
}
