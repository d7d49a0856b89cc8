package dev.varve.reader;

import static dev.varve.reader.BadFormatException.require;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Sections 7 and 8: what records do, as far as a reader cares. Used by one thread. */
final class LogState {

  /** A live snapshot. */
  record Live(long slot, OptionalLong millis, boolean pinned, SnapshotRecord snapshot) {}

  /** A registered pack. */
  record Pack(int kind, long storedBytes, long registeredAt) {}

  final Map<String, Live> snapshots = new LinkedHashMap<>();
  final Map<String, Pack> packs = new TreeMap<>();
  final Map<String, Long> retired = new HashMap<>();
  final Set<String> condemned = new TreeSet<>();
  final Map<String, Long> runs = new TreeMap<>();
  final Set<String> condemnedRuns = new TreeSet<>();
  int[] chunker = new int[0];
  long[] thresholds = new long[0];

  private final byte[] repository;
  private long previousMillis = Long.MIN_VALUE;

  LogState(byte[] repository) {
    this.repository = repository;
  }

  /** Runs that are live, with their lengths. */
  Map<String, Long> liveRuns() {
    Map<String, Long> live = new TreeMap<>(runs);
    live.keySet().removeAll(condemnedRuns);
    return live;
  }

  /** The slot after that of snapshots tells their time. */
  private void tellTime(long slot, long millis) {
    boolean inOrder = millis >= previousMillis;
    snapshots.replaceAll(
        (id, live) -> {
          if (live.slot() == slot - 1 && live.millis().isEmpty()) {
            return at(live, inOrder ? OptionalLong.of(millis) : OptionalLong.empty());
          }
          boolean late =
              !inOrder && live.millis().isPresent() && live.millis().getAsLong() > millis;
          return late ? at(live, OptionalLong.empty()) : live;
        });
    previousMillis = millis;
  }

  private static Live at(Live live, OptionalLong millis) {
    return new Live(live.slot(), millis, live.pinned(), live.snapshot());
  }

  /** Applies a record of which the header was read; gives the slots it gives up. */
  Map<Long, String> apply(long slot, long predecessorMillis, Input in) {
    if (slot > 0) {
      tellTime(slot, predecessorMillis);
    }
    Map<Long, String> givenUp = new TreeMap<>();
    int kind = in.u8();
    require((slot == 0) == (kind == 1), "Settings stand in slot 0 and nowhere else");
    switch (kind) {
      case 1 -> settings(in);
      case 2 -> {
        in.raw(16);
        List<SnapshotRecord> made = in.list(() -> SnapshotRecord.read(in));
        in.list(() -> in.hex(16));
        register(slot, in);
        for (SnapshotRecord snapshot : made) {
          snapshots.putIfAbsent(
              snapshot.id(), new Live(slot, OptionalLong.empty(), false, snapshot));
        }
      }
      case 3 -> {
        in.raw(16);
        in.list(() -> in.text(3072));
        register(slot, in);
      }
      case 4 -> {
        in.list(() -> in.hex(16)).forEach(snapshots::remove);
        in.list(() -> in.hex(16));
      }
      case 5 -> undelete(in);
      case 6 -> attributes(in);
      case 7 -> {
        List<String> replaced = in.list(() -> in.hex(16));
        in.list(() -> addRun(in));
        in.list(() -> addPack(slot, in));
        condemnedRuns.addAll(replaced);
      }
      case 8 -> {
        in.list(() -> in.hex(16)).forEach(name -> retired.putIfAbsent(name, slot));
        in.list(() -> in.hex(16)).forEach(retired::remove);
      }
      case 9 -> {
        List<String> packsGone =
            in.list(
                () -> {
                  String name = in.hex(16);
                  in.varint();
                  return name;
                });
        condemned.addAll(packsGone);
        condemnedRuns.addAll(in.list(() -> in.hex(16)));
        in.list(() -> in.hex(16));
      }
      case 10 -> {
        in.list(() -> packBlocks(in));
        in.list(() -> packBlocks(in));
      }
      case 11 -> {
        in.list(() -> givenUp.put(in.varint(), in.hex(32)) == null);
        packs.keySet().forEach(name -> retired.put(name, slot));
      }
      default -> {
        return givenUp; // Of newer software: its effect is unknown, the rest is readable.
      }
    }
    in.end();
    return givenUp;
  }

  private void settings(Input in) {
    require(java.util.Arrays.equals(in.raw(16), repository), "They are another repository's");
    chunker = new int[] {(int) in.u32(), (int) in.u32(), (int) in.u32()};
    thresholds = new long[] {in.u32(), in.u32()};
    long level = in.signed();
    require(level >= -100 && level <= 100, "There is no such level");
    require(in.list(() -> in.text(1024)).isEmpty(), "Features are not known");
  }

  private void register(long slot, Input in) {
    in.list(() -> addPack(slot, in));
    in.list(() -> addRun(in));
  }

  private String addPack(long slot, Input in) {
    String name = in.hex(16);
    Pack pack = new Pack(in.u8(), in.varint(Integer.MAX_VALUE), slot);
    if (packs.putIfAbsent(name, pack) == null) {
      retired.remove(name);
    }
    return name;
  }

  private String addRun(Input in) {
    String name = in.hex(16);
    runs.putIfAbsent(name, in.varint(5L << 30));
    return name;
  }

  private void undelete(Input in) {
    SnapshotRecord snapshot = SnapshotRecord.read(in);
    long slot = in.varint(Integer.MAX_VALUE - 1);
    OptionalLong time = in.u8() == 0 ? OptionalLong.empty() : OptionalLong.of(in.signed());
    in.list(() -> in.hex(16));
    boolean known = time.isPresent() && time.getAsLong() <= previousMillis;
    snapshots.putIfAbsent(
        snapshot.id(), new Live(slot, known ? time : OptionalLong.empty(), false, snapshot));
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

  private static String packBlocks(Input in) {
    String name = in.hex(16);
    in.list(in::varint);
    return name;
  }
}
