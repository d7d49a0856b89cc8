package dev.varve.internal.prune;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.index.ChunkCursor;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.IndexMemory;
import dev.varve.internal.index.Run;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.RunStatus;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Goes through what the runs live at one slot say of chunks, one chunk after the other, ascending.
 * Used by one thread. What cannot be read is told, and stands in the way.
 */
final class ClaimedChunks {

  private final ChunkCursor cursor;
  private final Unreadable unreadable;
  private final Cancellation cancellation;
  private final List<ChunkLocation> places = new ArrayList<>();
  private final List<Integer> packs = new ArrayList<>();
  private ChunkId id = ChunkId.at(new byte[ChunkId.BYTES], 0);
  private boolean ahead;

  ClaimedChunks(
      Vault vault,
      LogState state,
      PackTable packs,
      Unreadable unreadable,
      Cancellation cancellation)
      throws IOException {
    this.unreadable = unreadable;
    this.cancellation = cancellation;
    ChunkIndex live = new ChunkIndex(IndexMemory.DEFAULT);
    live.replace(runs(vault, state, unreadable));
    this.cursor = live.chunks(packs);
    this.ahead = step();
  }

  /** The runs live at a slot; those that cannot be opened are told. */
  private static List<Run> runs(Vault vault, LogState state, Unreadable unreadable)
      throws IOException {
    Map<Object, Run> open =
        vault.index().runs().stream().collect(Collectors.toMap(Run::name, run -> run));
    List<Run> runs = new ArrayList<>();
    for (RunStatus live : state.liveRuns()) {
      Run run = open.get(live.name());
      try {
        runs.add(run == null ? vault.runs().reread(live) : run);
      } catch (FormatException | NoSuchFileException e) {
        unreadable.inTheWay(
            live.name() + " of the index cannot be opened; repair can make it again from packs");
      }
    }
    return runs;
  }

  /** Goes to the next chunk, if there is one. */
  boolean next() throws IOException {
    if (!ahead) {
      return false;
    }
    places.clear();
    packs.clear();
    id = cursor.id();
    while (ahead && cursor.id().equals(id)) {
      try {
        ChunkLocation place = cursor.location();
        if (!places.contains(place)) {
          places.add(place);
          packs.add(cursor.pack());
        }
      } catch (FormatException e) {
        damaged(e);
      }
      ahead = step();
    }
    return true;
  }

  /** The chunk stood at. */
  ChunkId id() {
    return id;
  }

  /** The places where it is said to be; valid until the next step. */
  List<ChunkLocation> places() {
    return places;
  }

  /** The numbers, by the table, of the packs of these places; negative for those not in it. */
  List<Integer> packs() {
    return packs;
  }

  private boolean step() throws IOException {
    while (true) {
      cancellation.check();
      try {
        return cursor.next();
      } catch (FormatException e) {
        damaged(e);
      }
    }
  }

  private void damaged(FormatException e) {
    unreadable.inTheWay(
        "The index cannot be read to its end: "
            + e.getMessage()
            + "; repair can make it again from packs");
  }
}
