package dev.varve.repository;

import dev.varve.BackupReport;
import dev.varve.Entry;
import dev.varve.RestoreReport;
import dev.varve.internal.store.DirectoryStore;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A process of little memory that backs up and restores much; fails by its exit code. */
final class CapacityMain {

  private CapacityMain() {}

  /** Arguments: directory, what ({@code many}, {@code flat}, {@code deep}, {@code large}), size. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    String what = arguments[1];
    long size = Long.parseLong(arguments[2]);
    WideTree tree = tree(what, size, WideTree.NOWHERE);
    RepositoryOptions options =
        RepositoryOptions.builder().withoutCache().withoutState().parallelism(2).build();
    try (Repository repository =
        Repository.openOrCreate(DirectoryStore.open(directory), Repositories.KEY, options)) {
      BackupReport first = timed(what + " backup", () -> repository.backup(tree));
      require(first.problemCount() == 0, first);
      BackupReport again = timed(what + " backup again", () -> repository.backup(tree));
      require(again.statistics().addedChunks() == 0 && again.statistics().readBytes() == 0, again);
      restore(repository, again, tree, what);
      browse(repository, again, tree);
      if (what.equals("large")) {
        WideTree inserted = tree(what, size, size / 4);
        BackupReport third = timed("one byte inserted", () -> repository.backup(inserted));
        System.out.println("Chunks added by one byte: " + third.statistics().addedChunks());
        require(third.statistics().addedChunks() <= 10, third);
        restore(repository, third, inserted, what);
      }
    }
    System.out.println(what + " " + size + ": " + memory());
  }

  private static void restore(
      Repository repository, BackupReport report, WideTree tree, String what) {
    WideTree.Comparing target = new WideTree.Comparing(tree);
    RestoreReport restored =
        timed(what + " restore", () -> repository.restore(report.snapshot(), target));
    require(restored.complete(), restored);
    require(target.entries.sum() == tree.count(), target.entries);
    require(target.bytes.sum() == report.statistics().contentBytes(), target.bytes);
  }

  private static void browse(Repository repository, BackupReport report, WideTree tree) {
    try (Stream<Entry> entries = repository.entries(report.snapshot())) {
      require(entries.count() == tree.count(), "entries");
    }
    int last = tree.count() - 1;
    require(
        repository
            .find(report.snapshot(), dev.varve.EntryPath.of(tree.paths().apply(last)))
            .isPresent(),
        "the last entry");
  }

  private static WideTree tree(String what, long size, long insertedAt) {
    return switch (what) {
      case "many" ->
          new WideTree(
              (int) size,
              n -> String.format("d%05d/f%07d", n / 500, n),
              n -> n * 7919L % 4001,
              insertedAt);
      case "flat" ->
          new WideTree((int) size, n -> String.format("all/f%07d", n), n -> n % 300, insertedAt);
      case "deep" ->
          new WideTree((int) size, n -> "b/".repeat(n + 1) + "a", n -> n % 300, insertedAt);
      default -> new WideTree(1, n -> "large", n -> size, insertedAt);
    };
  }

  /** Something to be timed. */
  private interface Work<T> {
    T run();
  }

  private static <T> T timed(String what, Work<T> work) {
    long begin = System.nanoTime();
    T result = work.run();
    System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - begin) / 1e9);
    return result;
  }

  private static void require(boolean good, Object what) {
    if (!good) {
      throw new IllegalStateException("Not as it should be: " + what);
    }
  }

  private static String memory() {
    long heap = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        heap += pool.getPeakUsage().getUsed();
      }
    }
    long direct = 0;
    List<BufferPoolMXBean> buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
    for (BufferPoolMXBean pool : buffers) {
      direct += pool.getMemoryUsed();
    }
    return String.format("peak heap %d MiB, buffers now %d MiB", heap >> 20, direct >> 20);
  }
}
