package dev.varve.internal.prune;

import dev.varve.Problem;
import dev.varve.internal.task.Reporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands in the way because it cannot be read. Safe for use by many threads. */
final class Unreadable {

  private static final int MOST_LISTED = 1000;

  private final List<String> first = new ArrayList<>();
  private boolean any;

  /** Something cannot be read, so that it is not known what snapshots need. */
  synchronized void inTheWay(String what) {
    any = true;
    note(what);
  }

  /** Something cannot be read that keeps itself and nothing else. */
  synchronized void note(String what) {
    if (first.size() < MOST_LISTED && !first.contains(what)) {
      first.add(what);
    }
  }

  /** Tells of all so far, once it is known that it was not only that others were faster. */
  synchronized void tell(Reporter reporter) {
    first.forEach(what -> reporter.problem(new Problem(Optional.empty(), what)));
  }

  /** Whether nothing may be given up. */
  synchronized boolean blocks() {
    return any;
  }

  synchronized List<String> list() {
    return List.copyOf(first);
  }
}
