package dev.varve.repository;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.PruneOptions;
import dev.varve.PrunePlan;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.Statistics;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogWriter;
import dev.varve.internal.chunkstore.Published;
import dev.varve.internal.chunkstore.WriteSession;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.PackEntry;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.index.RunWriter;
import dev.varve.internal.index.SealedRun;
import dev.varve.internal.log.CallId;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.Index;
import dev.varve.internal.log.NewPack;
import dev.varve.internal.log.NewRun;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.log.Snapshots;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.VaultDoor;
import dev.varve.key.Key;
import dev.varve.key.KeyFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Measures planning to prune a repository of very many chunks, of which only catalogs, index and
 * log exist. To be run by hand: {@code make DIRECTORY CHUNKS}, then with a small heap {@code plan
 * DIRECTORY}. The first snapshot reaches all chunks, the second every second one.
 */
final class PruneScaleMain {

  private static final int CHUNKS_PER_PACK = 32;
  private static final int CHUNKS_PER_FILE = 40;
  private static final int CHUNK_BYTES = 500_000;
  private static final int PACK_BYTES = 16 << 20;
  private static final int PACKS_PER_RECORD = 2000;

  private PruneScaleMain() {}

  /** Runs one of the two. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[1]);
    if (arguments[0].equals("make")) {
      make(directory, Integer.parseInt(arguments[2]));
    } else {
      plan(directory);
    }
  }

  private static RepositoryOptions options(Path directory) {
    return RepositoryOptions.builder()
        .cacheDirectory(directory.resolve("cache"))
        .withoutState()
        .parallelism(2)
        .passphraseCost(1024, 1)
        .build();
  }

  private static void plan(Path directory) throws IOException {
    Key key = KeyFile.load(directory.resolve("key"));
    try (Repository repository =
        Repository.open(DirectoryStore.open(directory.resolve("store")), key, options(directory))) {
      long start = System.nanoTime();
      PrunePlan plan = repository.planPrune(PruneOptions.defaults());
      System.out.printf("planned in %.1f s: %s%n", (System.nanoTime() - start) / 1e9, plan);
    }
    long peak = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      peak += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
    }
    System.out.printf(
        "peak heap at most %d MiB of %d MiB%n", peak >> 20, Runtime.getRuntime().maxMemory() >> 20);
  }

  private static void make(Path directory, int chunks) throws IOException {
    Files.createDirectories(directory);
    KeyFile key = KeyFile.generate();
    key.save(directory.resolve("key"));
    try (Vault vault =
        new VaultDoor(
                DirectoryStore.open(directory.resolve("store")), options(directory).forVault())
            .create(key)
            .vault()) {
      claim(vault, chunks);
      List<SnapshotRecord> snapshots = new ArrayList<>();
      List<NewPack> packs = new ArrayList<>();
      List<NewRun> runs = new ArrayList<>();
      try (WriteSession session = vault.write(true)) {
        for (int step = 1; step <= 2; step++) {
          snapshots.add(snapshot(vault, session, chunks, step));
        }
        session.drain();
        Published published = session.publish();
        published.packs().forEach(p -> packs.add(newPack(p.name(), p.kind(), p.storedBytes())));
        published.runs().forEach(run -> runs.add(new NewRun(run.name(), run.storedBytes())));
      }
      vault
          .log()
          .append(
              Draft.computed(
                  at ->
                      new Snapshots(
                          at.slot(), CallId.random(), snapshots, List.of(), packs, runs)));
      vault.log().verify();
      vault.log().checkpoint();
    }
  }

  private static SnapshotRecord snapshot(Vault vault, WriteSession session, int chunks, int step)
      throws IOException {
    CatalogWriter catalog = new CatalogWriter(session.sink(), vault.pathCuts());
    List<ChunkRef> refs = new ArrayList<>();
    for (int chunk = 0; chunk < chunks; chunk += step) {
      refs.add(new ChunkRef(id(chunk), CHUNK_BYTES));
      if (refs.size() == CHUNKS_PER_FILE || chunk + step >= chunks) {
        EntryPath path = EntryPath.of(String.format("srv/data/%09d", chunk));
        Entry entry =
            Entry.builder(path, EntryKind.FILE).size((long) refs.size() * CHUNK_BYTES).build();
        catalog.add(new CatalogEntry(entry, new ChunkList(0, refs), false));
        refs.clear();
      }
    }
    CatalogRoot root = catalog.finish();
    return new SnapshotRecord(
        SnapshotId.random(),
        new SourceIdentity("made", "step" + step, "here"),
        Instant.now(),
        new TreeMap<>(),
        Statistics.NONE,
        0,
        "scale",
        root,
        ChunkList.EMPTY);
  }

  private static void claim(Vault vault, int chunks) throws IOException {
    RunSeal seal = new RunSeal(vault.id(), vault.keys());
    RunWriter writer = new RunWriter();
    List<NewPack> packs = new ArrayList<>();
    for (int chunk = 0; chunk < chunks; chunk++) {
      PackName pack = new PackName(mixed(chunk / CHUNKS_PER_PACK), chunk / CHUNKS_PER_PACK);
      int at = chunk % CHUNKS_PER_PACK;
      if (at == 0) {
        writer.pack(
            new PackEntry(pack, PackKind.DATA, PACK_BYTES, new byte[32], 0, 1, new byte[72]));
        packs.add(newPack(pack, PackKind.DATA, PACK_BYTES));
      }
      int block = at / 4;
      writer.chunk(
          id(chunk),
          new ChunkLocation(
              pack, block, 200 + block * 2_000_100L, 2_000_000, at % 4 * CHUNK_BYTES, CHUNK_BYTES));
      boolean whole = at == CHUNKS_PER_PACK - 1;
      if (chunk == chunks - 1 || (whole && writer.isFull())) {
        register(vault, packs, writer, seal);
        writer = new RunWriter();
        packs.clear();
      }
    }
  }

  private static void register(Vault vault, List<NewPack> packs, RunWriter writer, RunSeal seal)
      throws IOException {
    RunName name = RunName.random();
    try (SealedRun run = writer.seal(name, seal)) {
      vault.store().create(name.key(), run.body());
      NewRun added = new NewRun(name, run.body().length());
      for (int i = 0; i < packs.size(); i += PACKS_PER_RECORD) {
        List<NewPack> some =
            List.copyOf(packs.subList(i, Math.min(packs.size(), i + PACKS_PER_RECORD)));
        boolean last = i + PACKS_PER_RECORD >= packs.size();
        vault
            .log()
            .append(
                Draft.computed(
                    at ->
                        new Index(at.slot(), List.of(), last ? List.of(added) : List.of(), some)));
      }
    }
  }

  private static NewPack newPack(PackName name, PackKind kind, long storedBytes) {
    return new NewPack(name, kind, Math.toIntExact(storedBytes));
  }

  private static ChunkId id(int chunk) {
    byte[] bytes = new byte[ChunkId.BYTES];
    for (int i = 0; i < 4; i++) {
      ByteBuffer.wrap(bytes).putLong(8 * i, mixed(4L * chunk + i));
    }
    return ChunkId.at(bytes, 0);
  }

  /** Evenly spread, and another for each number. */
  private static long mixed(long number) {
    long z = number * 0x9e3779b97f4a7c15L + 1;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
