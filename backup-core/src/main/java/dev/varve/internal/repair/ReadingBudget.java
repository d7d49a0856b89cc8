package dev.varve.internal.repair;

import dev.varve.CheckOptions;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.vault.LocalNotes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides which packs are read from beginning to end. Safe for use by many threads.
 *
 * <p>With a bound they are taken in the order of their names, beginning behind the one that was
 * read last and going round: names are random, so that is a random part that was not looked at for
 * longest. One line has to be remembered for that.
 */
final class ReadingBudget {

  private static final String NOTE = "checked-to";

  private final LocalNotes notes;
  private final CheckOptions options;
  private final RandomGenerator random;
  private final boolean bounded;
  private final long end;
  private long bytes;
  private long read;
  private long left;
  private Optional<PackName> last = Optional.empty();

  /** A budget that begins now. */
  ReadingBudget(LocalNotes notes, CheckOptions options, RandomGenerator random) {
    this.notes = notes;
    this.options = options;
    this.random = random;
    this.bounded = options.mostBytes().isPresent() || options.mostTime().isPresent();
    this.end =
        System.nanoTime()
            + options.mostTime().map(time -> time.toNanos()).orElse(Long.MAX_VALUE / 2);
  }

  /** The packs in the order in which they are to be asked about. */
  List<PackStatus> ordered(List<PackStatus> packs) {
    if (!bounded) {
      return packs;
    }
    List<PackStatus> sorted = new ArrayList<>(packs);
    sorted.sort(Comparator.comparing(PackStatus::name));
    PackName after = start();
    int begin = 0;
    while (begin < sorted.size() && sorted.get(begin).name().compareTo(after) <= 0) {
      begin++;
    }
    Collections.rotate(sorted, -begin);
    return sorted;
  }

  /** Whether a pack is read. */
  synchronized boolean admits(PackStatus pack) {
    if (options.sample() < 1 && random.nextDouble() >= options.sample()) {
      return false;
    }
    boolean exhausted =
        (options.mostBytes().isPresent() && bytes >= options.mostBytes().getAsLong())
            || System.nanoTime() - end >= 0;
    if (exhausted) {
      left++;
      return false;
    }
    bytes += pack.storedBytes();
    read++;
    last = Optional.of(pack.name());
    return true;
  }

  /** Remembers how far it came. */
  synchronized void finish() {
    if (bounded && last.isPresent()) {
      notes.put(NOTE, last.get().key());
    }
  }

  synchronized long read() {
    return read;
  }

  synchronized long left() {
    return left;
  }

  private PackName start() {
    Optional<String> known = notes.find(NOTE);
    try {
      return known.isPresent()
          ? PackName.ofKey(known.get())
          : new PackName(random.nextLong(), random.nextLong());
    } catch (FormatException e) {
      return new PackName(random.nextLong(), random.nextLong());
    }
  }
}
