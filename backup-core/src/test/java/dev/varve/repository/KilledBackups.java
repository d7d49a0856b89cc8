package dev.varve.repository;

import dev.varve.BackupOptions;
import dev.varve.CheckOptions;
import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.PathFilter;
import dev.varve.PruneOptions;
import dev.varve.RepairOptions;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.key.KeyFile;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import dev.varve.testkit.ForwardingRun;
import dev.varve.testkit.MemorySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A process that backs up or prunes until it is killed, telling what is finished. */
final class KilledBackups {

  static final String SEED = "seed";
  static final String NAME = "name";
  static final int MOST_OWN_BYTES = 400_000;
  static final int LARGE_BYTES = 16_000_000;

  private KilledBackups() {}

  /**
   * Arguments: directory, key, name of the source, seed, and {@code once}, {@code on and on} or
   * {@code prune}, which drops all but the newest snapshot of each source of such a name, and does
   * all else there is to do with them.
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    KeyFile key = KeyFile.parse(arguments[1]);
    RepositoryOptions options = Repositories.options().firstPartialBytes(1 << 18).build();
    try (Repository repository =
        Repository.openOrCreate(DirectoryStore.open(directory), key, options)) {
      System.out.println("ready");
      if (arguments[4].equals("once")) {
        MemorySource source = large(Long.parseLong(arguments[3]));
        repository.backup(new Endless(source, directory.resolve("log")));
        return;
      }
      Random random = new Random(Long.parseLong(arguments[3]));
      while (true) {
        try {
          if (arguments[4].equals("prune")) {
            work(repository, arguments[2], random);
            prune(repository, arguments[2], random);
          } else {
            backup(repository, arguments[2], random.nextLong());
          }
        } catch (ConflictException | ConfigurationException overtaken) {
          System.out.println("overtaken");
        }
      }
    }
  }

  private static void backup(Repository repository, String name, long seed) {
    BackupOptions tagged =
        BackupOptions.builder().tag(SEED, Long.toString(seed)).tag(NAME, name).build();
    Snapshot snapshot =
        repository.backup(Generated.source(name, seed, MOST_OWN_BYTES), tagged).snapshot();
    System.out.println(snapshot.id().hex());
  }

  /** Does something to one of the snapshots of sources of such a name, or to all. */
  private static void work(Repository repository, String name, Random random) {
    List<Snapshot> own = of(name, repository.snapshots().list());
    switch (random.nextInt(7)) {
      case 0 -> {
        List<Snapshot> gone = of(name, repository.forgotten().list());
        if (!gone.isEmpty()) {
          repository.undelete(gone.get(random.nextInt(gone.size())).id());
        }
      }
      case 1 -> repository.repair(repository.planRepair(RepairOptions.defaults()));
      case 2 -> repository.check(CheckOptions.builder().record().build());
      case 3 -> repository.removeStaleLocks();
      default -> {
        if (!own.isEmpty()) {
          label(repository, own.get(random.nextInt(own.size())), random);
        }
      }
    }
    System.out.println("worked");
  }

  private static void label(Repository repository, Snapshot snapshot, Random random) {
    switch (random.nextInt(3)) {
      case 0 -> repository.tag(List.of(snapshot.id()), Map.of("seen", "yes"), List.of());
      case 1 -> {
        repository.pin(List.of(snapshot.id()));
        repository.unpin(List.of(snapshot.id()));
      }
      default -> {
        if (!Ledger.isRewritten(snapshot)) {
          PathFilter less = PathFilter.builder().exclude(Ledger.TAKEN_OUT).build();
          repository.rewrite(snapshot, less);
        }
      }
    }
  }

  private static List<Snapshot> of(String name, List<Snapshot> all) {
    return all.stream().filter(each -> each.source().name().startsWith(name)).toList();
  }

  /** Without any grace, and sometimes without sparing what others are storing. */
  private static void prune(Repository repository, String name, Random random) {
    List<SnapshotId> old = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<Snapshot> newestFirst = new ArrayList<>(repository.snapshots().list());
    Collections.reverse(newestFirst);
    for (Snapshot snapshot : newestFirst) {
      String source = snapshot.source().name();
      if (source.startsWith(name) && !seen.add(source) && !snapshot.pinned()) {
        old.add(snapshot.id());
      }
    }
    if (!old.isEmpty()) {
      repository.forget(old);
    }
    PruneOptions.Builder options = PruneOptions.builder().now().repackBelow(random.nextDouble());
    repository.prune(
        random.nextInt(4) == 0 ? options.staleAfter(Duration.ZERO).build() : options.build());
    System.out.println("pruned");
  }

  /** A source of some packs. */
  static MemorySource large(long seed) {
    return Generated.source("large", seed, LARGE_BYTES);
  }

  /**
   * A source that goes on with empty directories until a record of what was stored so far has been
   * appended, and then waits for ever.
   */
  private record Endless(MemorySource source, Path log) implements Source {

    @Override
    public SourceIdentity identity() {
      return source.identity();
    }

    @Override
    public SourceRun begin(SourceContext context) throws IOException {
      return new ForwardingRun(source.begin(context)) {
        @Override
        public EntryCursor entries() throws IOException {
          EntryCursor first = super.entries();
          AtomicInteger more = new AtomicInteger();
          return () -> {
            Optional<Entry> next = first.next();
            return next.isPresent() ? next : Optional.of(another(more.incrementAndGet()));
          };
        }
      };
    }

    private Entry another(int number) throws IOException {
      try (Stream<Path> slots = Files.list(log)) {
        if (slots.count() > 1) {
          System.out.println("partial");
          while (true) {
            LockSupport.park(this);
          }
        }
      }
      LockSupport.parkNanos(1_000_000);
      EntryPath path = EntryPath.of(String.format("z%09d/", number));
      return Entry.builder(path, EntryKind.DIRECTORY).build();
    }
  }
}
