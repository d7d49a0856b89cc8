package dev.varve.internal.prune;

import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.SlotHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the last prune looked at that left nothing to do, as this machine remembers it: so that the
 * next need not look at it again. Immutable. Lost or wrong, it costs work or puts it off.
 *
 * @param slot the slot whose snapshots were followed
 * @param hash that slot's hash, as text
 * @param consideredSlot packs retired up to here were considered for being condemned
 * @param dead the backup calls that were thought dead, as a word
 * @param settings the options that decide what is garbage, as text
 */
record LastPrune(long slot, String hash, long consideredSlot, String dead, String settings) {

  static final String NAME = "last-prune";

  /** What a note says, if it is one. */
  static Optional<LastPrune> parse(String line) {
    String[] words = line.strip().split(" ", -1);
    if (words.length != 5) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new LastPrune(
              Long.parseLong(words[0]), words[1], Long.parseLong(words[2]), words[3], words[4]));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The note. */
  String line() {
    return slot + " " + hash + " " + consideredSlot + " " + dead + " " + settings;
  }

  /** Whether it still says all, as far as snapshots go: nothing since left garbage. */
  boolean holds(Log log, LogState state, PruneRules rules, AtWork others, Instant now)
      throws IOException {
    if (slot > state.slot() || !settings.equals(rules.settings())) {
      return false;
    }
    if (slot == state.slot()) {
      return hash.equals(text(state.hash())) && noneDied(state, rules, others, now);
    }
    boolean[] same = {false, true};
    log.forEachEntry(
        slot + 1,
        state.slot(),
        entry -> {
          same[0] |= entry.slot() == slot + 1 && text(entry.header().predecessor()).equals(hash);
          same[1] &= !rules.leavesGarbage(entry.record());
        });
    return same[0] && same[1] && noneDied(state, rules, others, now);
  }

  /** Whether the same backup calls are thought dead now. */
  private boolean noneDied(LogState state, PruneRules rules, AtWork others, Instant now) {
    return dead.equals(dead(state, rules, others, now));
  }

  /** The backup calls that are thought dead at a time, as a word. */
  static String dead(LogState state, PruneRules rules, AtWork others, Instant now) {
    String all =
        state.calls().stream()
            .filter(call -> !rules.isGoing(call, others, now))
            .map(call -> call.call().hex())
            .sorted()
            .collect(Collectors.joining());
    return SlotHash.of(all.getBytes(StandardCharsets.US_ASCII)).hex().substring(0, 16);
  }

  static String text(SlotHash hash) {
    return hash.toString();
  }
}
