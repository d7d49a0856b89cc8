package dev.varve.internal.repair;

import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.internal.log.PackStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a survey found that can be repaired, or recorded. Safe for use by many threads. */
final class Wounds {

  private Optional<LogWounds> log = Optional.empty();
  private final Map<RunName, String> runs = new TreeMap<>();
  private final List<PackStatus> missing = new ArrayList<>();
  private final Map<PackName, Wounded> packs = new TreeMap<>();
  private final Map<PackName, Long> unindexed = new TreeMap<>();
  private final Map<PackName, SortedSet<Integer>> blocks = new TreeMap<>();
  private final Set<PackName> verified = new HashSet<>();

  /** A pack whose header or footer cannot be read. */
  record Wounded(PackStatus pack, String reason) {}

  /** How the log is. */
  synchronized void log(LogWounds found) {
    log = Optional.of(found);
  }

  /** How the log is; empty if not even its first slot can be read. */
  synchronized Optional<LogWounds> log() {
    return log;
  }

  /** A run that is lost, damaged or says what is not so. */
  synchronized void run(RunName run, String reason) {
    runs.putIfAbsent(run, reason);
  }

  /** A pack that is not there. */
  synchronized void missing(PackStatus pack) {
    missing.add(pack);
  }

  /** A pack that is there, but does not say what it holds. */
  synchronized void wounded(PackStatus pack, String reason) {
    packs.putIfAbsent(pack.name(), new Wounded(pack, reason));
  }

  /** A pack of which the index does not know so many chunks. */
  synchronized void unindexed(PackName pack, long chunks) {
    unindexed.put(pack, chunks);
  }

  /** A block that could not be opened twice. */
  synchronized void block(PackName pack, int block) {
    blocks.computeIfAbsent(pack, p -> new TreeSet<>()).add(block);
  }

  /** A pack of which every block was looked at. */
  synchronized void verified(PackName pack) {
    verified.add(pack);
  }

  synchronized Map<RunName, String> runs() {
    return new TreeMap<>(runs);
  }

  synchronized List<PackStatus> missing() {
    return List.copyOf(missing);
  }

  synchronized List<Wounded> packs() {
    return List.copyOf(packs.values());
  }

  synchronized Map<PackName, Long> unindexed() {
    return new TreeMap<>(unindexed);
  }

  /** The blocks that could not be opened, of packs that say what they hold. */
  synchronized Map<PackName, SortedSet<Integer>> blocks() {
    return new TreeMap<>(blocks);
  }

  /** Whether every block of a pack was looked at. */
  synchronized boolean isVerified(PackName pack) {
    return verified.contains(pack);
  }
}
