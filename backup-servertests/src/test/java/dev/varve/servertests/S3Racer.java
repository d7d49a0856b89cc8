package dev.varve.servertests;

import dev.varve.BackupOptions;
import dev.varve.ConflictException;
import dev.varve.PruneOptions;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.store.s3.S3Store;
import dev.varve.testkit.GeneratedSource;
import dev.varve.testkit.MemorySource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A process that backs up to a server or prunes there until it is killed, telling what is done. */
final class S3Racer {

  private static final String NAME = "name";
  private static final String SEED = "seed";
  private static final int OWN_FILES = 4;
  private static final int MOST_OWN_BYTES = 200_000;
  private static final int SHARED_BYTES = 60_000;

  private S3Racer() {}

  /** Arguments: endpoint, bucket, key, local cache, name of the source, seed, what to do. */
  public static void main(String... arguments) {
    Random random = new Random(Long.parseLong(arguments[5]));
    try (Repository repository =
        open(arguments[0], arguments[1], KeyFile.parse(arguments[2]), Path.of(arguments[3]))) {
      System.out.println("ready");
      while (true) {
        try {
          if (arguments[6].equals("prune")) {
            prune(repository, arguments[4], random);
            System.out.println("pruned");
          } else {
            System.out.println(backup(repository, arguments[4], random.nextLong()).id().hex());
          }
        } catch (ConflictException overtaken) {
          System.out.println("overtaken");
        }
      }
    }
  }

  /** Opens or makes the repository, with copies in a directory that all processes share. */
  static Repository open(String endpoint, String bucket, KeyFile key, Path cache) {
    S3Store store =
        S3Store.builder()
            .bucket(bucket, "races")
            .endpoint(endpoint)
            .pathStyleAccess(true)
            .credentials(TestServer.ACCESS_KEY, TestServer.SECRET_KEY)
            .build();
    RepositoryOptions options =
        RepositoryOptions.builder().cacheDirectory(cache).withoutState().build();
    return Repository.openOrCreate(store, key, options);
  }

  private static Snapshot backup(Repository repository, String name, long seed) {
    BackupOptions tagged =
        BackupOptions.builder().tag(NAME, name).tag(SEED, Long.toString(seed)).build();
    return repository.backup(source(name, seed), tagged).snapshot();
  }

  /** The source that a snapshot was made of. */
  static MemorySource source(Snapshot snapshot) {
    Map<String, String> tags = snapshot.tags();
    return source(tags.getOrDefault(NAME, ""), Long.parseLong(tags.getOrDefault(SEED, "untagged")));
  }

  private static MemorySource source(String name, long seed) {
    return GeneratedSource.of(name, seed, OWN_FILES, MOST_OWN_BYTES, SHARED_BYTES);
  }

  /**
   * Drops all but the newest; without any grace, sometimes sparing nothing that is being stored.
   */
  private static void prune(Repository repository, String name, Random random) {
    List<SnapshotId> old = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<Snapshot> newestFirst = new ArrayList<>(repository.snapshots().list());
    Collections.reverse(newestFirst);
    for (Snapshot snapshot : newestFirst) {
      if (snapshot.source().name().equals(name) && !seen.add(name)) {
        old.add(snapshot.id());
      }
    }
    if (!old.isEmpty()) {
      repository.forget(old);
    }
    PruneOptions.Builder options = PruneOptions.builder().now().repackBelow(random.nextDouble());
    repository.prune(
        random.nextInt(4) == 0 ? options.staleAfter(Duration.ZERO).build() : options.build());
  }
}
