package dev.varve.internal.index;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Goes through all chunk entries of some runs, ascending by id; entries about one chunk follow each
 * other. Used by one thread. Takes a page of memory for each run.
 *
 * <p>When {@link #next} meets a damaged page it fails, naming run and page, and when it is called
 * again goes on without that page: so a check can find all damage, and nobody overlooks any.
 */
public final class ChunkCursor {

  /** What somebody calls packs: numbers from 0. */
  public interface PackNumbers {

    /** The number of a pack; negative if it has none. */
    int find(PackName pack);

    /** The pack of a number. */
    PackName name(int number);
  }

  private final PackNumbers packs;
  private final MergedCursor<Step> merged;

  ChunkCursor(Collection<Run> runs) {
    this.packs = new Nameless();
    List<Step> steps = new ArrayList<>();
    runs.forEach(run -> steps.add(new Step(run, new int[0])));
    this.merged = merged(steps);
  }

  /** One that keeps the number of each pack, 4 bytes, so that it need not look names up. */
  ChunkCursor(Collection<Run> runs, PackNumbers packs) throws IOException {
    this.packs = packs;
    List<Step> steps = new ArrayList<>();
    for (Run run : runs) {
      steps.add(new Step(run, run.packNumbers(packs::find)));
    }
    this.merged = merged(steps);
  }

  private static MergedCursor<Step> merged(List<Step> steps) {
    return new MergedCursor<>(
        steps, Comparator.comparing(step -> ChunkRow.id(step.rows.rows(), step.rows.at())));
  }

  /** Goes to the next entry, if there is one. */
  public boolean next() throws IOException {
    return merged.next();
  }

  /** Which chunk the entry is about. */
  public ChunkId id() {
    RunCursor at = merged.current().rows;
    return ChunkRow.id(at.rows(), at.at());
  }

  /** Where the chunk is said to be. */
  public ChunkLocation location() throws IOException {
    int pack = pack();
    RunCursor at = merged.current().rows;
    return pack < 0
        ? at.run().location(at.rows(), at.at(), at.row())
        : at.run().location(at.rows(), at.at(), at.row(), packs.name(pack));
  }

  /** The number of the pack it is said to be in; negative if that has none, or nobody asked. */
  public int pack() throws IOException {
    Step at = merged.current();
    return at.numbers.length == 0
        ? -1
        : at.numbers[at.rows.run().packRow(at.rows.rows(), at.rows.at(), at.rows.row())];
  }

  /** Which run says so. */
  public RunName run() {
    return merged.current().rows.run().name();
  }

  /** Packs that nobody numbered. */
  private static final class Nameless implements PackNumbers {
    @Override
    public int find(PackName pack) {
      return -1;
    }

    @Override
    public PackName name(int number) {
      throw new IllegalArgumentException("No pack has the number " + number);
    }
  }

  /** One run's entries, and the numbers of its packs by their rows. */
  private static final class Step implements MergedCursor.Step {
    final RunCursor rows;
    final int[] numbers;

    Step(Run run, int[] numbers) {
      this.rows = new RunCursor(run, run.chunkRows());
      this.numbers = numbers;
    }

    @Override
    public boolean next() throws IOException {
      return rows.next();
    }
  }
}
