package dev.varve.internal.index;

import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.store.Body;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Makes one run of several, entries copied as they are: what a run claims is never changed, only
 * dropped together with the pack it is about. What no run may say is refused, not spread. Used by
 * one thread.
 *
 * <p>Memory: three pages a run, 8 bytes a page of the result, 4 bytes for each pack of each run,
 * and the result itself up to {@value #IN_MEMORY_BYTES} bytes; what is longer goes to a file.
 */
public final class RunMerger {

  /** The longest result kept in memory. */
  static final int IN_MEMORY_BYTES = 32 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final RunSeal seal;
  private final Predicate<PackName> dropped;

  /** Merges without what is said of packs that are {@code dropped}. */
  public RunMerger(RunSeal seal, Predicate<PackName> dropped) {
    this.seal = seal;
    this.dropped = dropped;
  }

  /** Whether these runs together are not too much for one. */
  public static boolean canMerge(Collection<Run> runs) {
    return runs.stream().mapToLong(Run::storedBytes).sum()
        <= RunLayout.storedBytes(RunLayout.MAX_PAGES - runs.size());
  }

  /**
   * Merges these runs, each given once.
   *
   * @throws dev.varve.internal.format.FormatException naming run and page if one is damaged
   */
  public SealedRun merge(List<Run> runs, RunName name) throws IOException {
    if (!canMerge(runs)) {
      throw new IllegalArgumentException(runs.size() + " runs are too much for one");
    }
    long mostBytes = runs.stream().mapToLong(Run::storedBytes).sum();
    return mostBytes <= IN_MEMORY_BYTES
        ? mergeInMemory(runs, name, (int) mostBytes)
        : mergeToFile(runs, name);
  }

  private SealedRun mergeInMemory(List<Run> runs, RunName name, int bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes);
    RunLayout layout = write(runs, name, out);
    return new SealedRun(name, Body.of(out.toByteArray()), layout, () -> {});
  }

  private SealedRun mergeToFile(List<Run> runs, RunName name) throws IOException {
    Path file = Files.createTempFile("varve-run-", ".tmp");
    try {
      RunLayout layout;
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES)) {
        layout = write(runs, name, out);
      }
      return new SealedRun(
          name, new FileBody(file, Files.size(file)), layout, () -> Files.deleteIfExists(file));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private RunLayout write(List<Run> runs, RunName name, OutputStream out) throws IOException {
    RunEncoder encoder = new RunEncoder(name, seal, PackStep.detailsBytes(runs), out);
    KeptPacks kept = writeNames(runs, encoder);
    writeDetails(runs, kept, encoder);
    writeChunks(runs, kept, encoder);
    return encoder.finish();
  }

  private KeptPacks writeNames(List<Run> runs, RunEncoder encoder) throws IOException {
    KeptPacks kept = KeptPacks.of(runs);
    MergedCursor<PackStep> packs = PackStep.merge(runs);
    byte[] before = new byte[0];
    int row = -1;
    while (packs.next()) {
      PackStep pack = packs.current();
      boolean drop = dropped.test(pack.entry().name());
      if (!drop && !Arrays.equals(before, pack.pair())) {
        before = pack.pair().clone();
        encoder.name(before, 0);
        row++;
      }
      kept.rows(pack.run())[pack.row()] = drop ? -1 : row;
    }
    return kept;
  }

  private void writeDetails(List<Run> runs, KeptPacks kept, RunEncoder encoder) throws IOException {
    MergedCursor<PackStep> packs = PackStep.merge(runs);
    int written = -1;
    while (packs.next()) {
      PackStep pack = packs.current();
      int row = kept.rows(pack.run())[pack.row()];
      if (row > written) {
        encoder.details(pack.pair(), PackRow.NAME_BYTES);
        written = row;
      }
    }
  }

  private void writeChunks(List<Run> runs, KeptPacks kept, RunEncoder encoder) throws IOException {
    MergedCursor<KeptChunks> chunks =
        new MergedCursor<>(
            runs.stream().map(run -> new KeptChunks(run, kept.rows(run))).toList(),
            (a, b) -> Arrays.compareUnsigned(a.entry, b.entry));
    byte[] before = new byte[ChunkRow.BYTES];
    boolean first = true;
    while (chunks.next()) {
      byte[] entry = chunks.current().entry;
      if (first || !Arrays.equals(before, entry)) {
        encoder.chunk(entry, 0);
        System.arraycopy(entry, 0, before, 0, entry.length);
        first = false;
      }
    }
  }

  /** For each run: which row each of its packs has now, or -1. */
  private record KeptPacks(Map<Run, int[]> byRun) {

    static KeptPacks of(List<Run> runs) {
      return new KeptPacks(
          runs.stream().collect(Collectors.toMap(run -> run, run -> new int[run.packs()])));
    }

    int[] rows(Run run) {
      return Objects.requireNonNull(byRun.get(run));
    }
  }

  /** The entries of a run that are not dropped, about the packs' new rows. */
  private static final class KeptChunks implements MergedCursor.Step {

    private final RunCursor cursor;
    private final int[] kept;
    private final byte[] entry = new byte[ChunkRow.BYTES];

    KeptChunks(Run run, int[] kept) {
      this.cursor = new RunCursor(run, run.chunkRows());
      this.kept = kept;
    }

    @Override
    public boolean next() throws IOException {
      while (cursor.next()) {
        int row = kept[cursor.run().checkedPackRow(cursor.rows(), cursor.at(), cursor.row())];
        if (row >= 0) {
          System.arraycopy(cursor.rows(), cursor.at(), entry, 0, entry.length);
          ChunkRow.writePack(entry, 0, row);
          return true;
        }
      }
      return false;
    }
  }

  private record FileBody(Path file, long length) implements Body {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }
}
