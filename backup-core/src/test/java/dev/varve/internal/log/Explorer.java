package dev.varve.internal.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Visits every world that can follow from a scenario, each once, depth first. */
final class Explorer {

  /** What was found. */
  record Finding(long states, Optional<String> violation, List<String> trace) {

    @Override
    public String toString() {
      return violation.map(what -> what + " after:\n  " + String.join("\n  ", trace)).orElse("ok");
    }
  }

  private record Frame(Supplier<String> how, Iterator<Moves.Step> rest) {}

  private final Seen seen = new Seen();

  static Finding explore(Scenario scenario) {
    return new Explorer().run(scenario);
  }

  private Finding run(Scenario scenario) {
    Deque<Frame> path = new ArrayDeque<>();
    World start = new World(scenario);
    seen.add(start.fingerprint());
    path.push(new Frame(() -> "start", Moves.of(start).iterator()));
    while (!path.isEmpty()) {
      Iterator<Moves.Step> rest = path.peek().rest();
      if (!rest.hasNext()) {
        path.pop();
        continue;
      }
      Moves.Step step = rest.next();
      rest.remove();
      if (seen.add(step.after().fingerprint())) {
        path.push(new Frame(step.what(), List.<Moves.Step>of().iterator()));
        Optional<String> violation = step.after().violation();
        if (violation.isPresent()) {
          List<String> trace = new ArrayList<>();
          path.descendingIterator().forEachRemaining(frame -> trace.add(frame.how().get()));
          return new Finding(seen.size, violation, trace);
        }
        path.pop();
        path.push(new Frame(step.what(), Moves.of(step.after()).iterator()));
      }
    }
    return new Finding(seen.size, Optional.empty(), List.of());
  }

  /** A set of fingerprints. */
  private static final class Seen {
    private long[] slots = new long[1 << 12];
    private int size;

    boolean add(long fingerprint) {
      long value = fingerprint == 0 ? 1 : fingerprint;
      int at = (int) (value >>> 17) & slots.length - 1;
      while (slots[at] != 0) {
        if (slots[at] == value) {
          return false;
        }
        at = at + 1 & slots.length - 1;
      }
      slots[at] = value;
      if (++size > slots.length / 2) {
        grow();
      }
      return true;
    }

    private void grow() {
      long[] old = slots;
      slots = new long[old.length * 2];
      size = 0;
      Arrays.stream(old).filter(value -> value != 0).forEach(this::add);
    }
  }
}
