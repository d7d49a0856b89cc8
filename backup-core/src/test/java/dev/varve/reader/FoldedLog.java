package dev.varve.reader;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What the second reader makes of a log alone, as lines that can be compared. Stateless. */
public final class FoldedLog {

  private FoldedLog() {}

  /** The state after all slots of a repository in a directory, by its root. */
  public static Map<String, String> of(Path directory, byte[] root) {
    LogState state = new Log(new StoredItems(directory), new Keys(root)).fold();
    Map<String, String> lines = new TreeMap<>();
    state.snapshots.forEach(
        (id, live) ->
            lines.put(
                "snapshot " + id,
                String.format(
                    "slot %d, %s, pinned %s, tags %s",
                    live.slot(), time(live.millis()), live.pinned(), live.snapshot().tags())));
    state.packs.forEach(
        (name, pack) -> {
          if (pack.registered() + pack.retired() + pack.condemned() > 0) {
            lines.put(
                "pack " + name,
                String.format(
                    "kind %d, %d bytes, registered %d, retired %d, condemned %d",
                    pack.kind(),
                    pack.storedBytes(),
                    pack.registered(),
                    pack.retired(),
                    pack.condemned()));
          }
        });
    state.runs.forEach(
        (name, run) ->
            lines.put(
                "run " + name,
                String.format(
                    "%d bytes, added %d, condemned %d",
                    run.storedBytes(), run.added(), run.condemned())));
    state.damaged.forEach((name, blocks) -> lines.put("damaged " + name, blocks.toString()));
    state.calls.forEach(
        (id, call) ->
            lines.put(
                "call " + id,
                call.sources() + " in " + call.slots() + ", " + time(call.lastSign())));
    return lines;
  }

  private static String time(OptionalLong millis) {
    return millis.isPresent() ? "at " + millis.getAsLong() : "at an unknown time";
  }
}
