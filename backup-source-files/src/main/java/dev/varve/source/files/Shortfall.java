package dev.varve.source.files;

import dev.varve.EntryPath;
import dev.varve.target.TargetContext;
import java.util.Optional;

/** Counts entries that all lack the same, to report them as one. Safe for use by many threads. */
final class Shortfall {

  private final TargetContext context;
  private final String what;
  private long count;
  private Optional<EntryPath> first = Optional.empty();

  Shortfall(TargetContext context, String what) {
    this.context = context;
    this.what = what;
  }

  synchronized void add(EntryPath path) {
    count++;
    if (first.isEmpty()) {
      first = Optional.of(path);
    }
  }

  synchronized void report() {
    if (first.isPresent()) {
      String others = count == 1 ? "" : " (and " + (count - 1) + " more)";
      context.warn(first.get(), what + others);
    }
  }
}
