package dev.varve.source.files;

import dev.varve.EntryPath;
import dev.varve.target.TargetContext;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts entries that all lack the same, to report each kind of lack once. Safe for use by many
 * threads.
 */
final class Shortfalls {

  private final Map<String, Lack> lacks = new TreeMap<>();

  /** Of how many entries the same is to be said, and of which first. */
  private record Lack(EntryPath first, long others) {}

  /**
   * Adds an entry.
   *
   * @param what is said of it: one of a few sentences, never one made of names
   */
  synchronized void add(String what, EntryPath path) {
    lacks.merge(what, new Lack(path, 0), (known, one) -> new Lack(known.first, known.others + 1));
  }

  synchronized void report(TargetContext context) {
    lacks.forEach(
        (what, lack) -> {
          String others = lack.others == 0 ? "" : " (and " + lack.others + " more)";
          context.warn(lack.first, what + others);
        });
    lacks.clear();
  }
}
