package dev.varve.repository;

import dev.varve.CheckOptions;
import dev.varve.EntryPath;
import dev.varve.Snapshot;
import dev.varve.testkit.CollectedEntry;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;

/**
 * Whatever is edited between backups, every snapshot restores to what was there when it was made.
 */
class RepositoryPropertiesTest {

  /** One change of the source. */
  record Edit(int file, int action, int size, long seed) {

    void apply(MemorySource source) {
      String path = "dir" + file % 3 + "/file" + file;
      boolean there = source.entries().containsKey(EntryPath.of(path));
      switch (action % 4) {
        case 0 -> source.file(path, size, seed);
        case 1 -> source.file(path, "small " + seed);
        case 2 -> {
          if (there) {
            source.remove(path);
          }
        }
        default -> source.file(path, insertion());
      }
    }

    /** Content that shares most of its bytes with that of other seeds. */
    private byte[] insertion() {
      byte[] bytes = new byte[size];
      new Random(file).nextBytes(bytes);
      if (size > 0) {
        bytes[Math.floorMod(seed, size)]++;
      }
      return bytes;
    }
  }

  @Property(tries = 40)
  void everySnapshotRestores(@ForAll("nights") List<List<Edit>> nights) {
    MemorySource source = new MemorySource();
    List<Snapshot> snapshots = new ArrayList<>();
    List<SortedMap<EntryPath, CollectedEntry>> expected = new ArrayList<>();
    MemoryStore store = new MemoryStore().pageSize(7);
    Repositories.create(store.handle()).close();
    for (List<Edit> edits : nights) {
      edits.forEach(edit -> edit.apply(source));
      try (Repository repository = Repositories.open(store.handle())) {
        snapshots.add(Repositories.backup(repository, source));
        CollectingTarget target = new CollectingTarget();
        repository.restore(snapshots.get(snapshots.size() - 1), target);
        target.assertHolds(source);
        expected.add(target.collected());
      }
    }
    try (Repository repository = Repositories.open(store.handle())) {
      for (int i = 0; i < snapshots.size(); i++) {
        CollectingTarget target = new CollectingTarget();
        repository.restore(snapshots.get(i), target);
        Assertions.assertEquals(describe(expected.get(i)), describe(target.collected()));
      }
      Assertions.assertTrue(
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build()).clean());
    }
  }

  @Provide
  Arbitrary<List<List<Edit>>> nights() {
    Arbitrary<Edit> edit =
        Combinators.combine(
                Arbitraries.integers().between(0, 11),
                Arbitraries.integers().between(0, 3),
                Arbitraries.integers().between(0, 400_000),
                Arbitraries.longs())
            .as(Edit::new);
    return edit.list().ofMaxSize(8).list().ofMinSize(1).ofMaxSize(5);
  }

  private static List<String> describe(SortedMap<EntryPath, CollectedEntry> collected) {
    return collected.entrySet().stream()
        .map(
            e -> {
              CollectedEntry entry = e.getValue();
              return e.getKey()
                  + " "
                  + entry.entry().modified()
                  + " "
                  + Arrays.hashCode(entry.bytes());
            })
        .toList();
  }
}
