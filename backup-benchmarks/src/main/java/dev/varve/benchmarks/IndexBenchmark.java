package dev.varve.benchmarks;

import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.format.RunName;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.IndexMemory;
import dev.varve.internal.index.PackEntry;
import dev.varve.internal.index.RunCache;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.index.RunShelf;
import dev.varve.internal.index.RunWriter;
import dev.varve.internal.index.SealedRun;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How many microseconds one lookup takes in an index of generated chunks. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
public class IndexBenchmark {

  private static final int CHUNKS_PER_PACK = 64;
  private static final int CHUNK_BYTES = 512 << 10;

  /** How many chunks there are. */
  @Param({"1000000"})
  public int chunks = 1_000_000;

  private final ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
  private final SplittableRandom asked = new SplittableRandom(2);
  private Optional<Path> directory = Optional.empty();
  private Optional<Store> store = Optional.empty();

  /** Makes the runs, as many as a backup of so many chunks would. */
  @Setup
  public void setUp() throws IOException {
    Path made = Files.createTempDirectory("varve-index-benchmark");
    directory = Optional.of(made);
    Store opened = DirectoryStore.open(Files.createDirectory(made.resolve("store")));
    store = Optional.of(opened);
    RunSeal seal = new RunSeal(RepositoryId.random(), RepositoryKeys.generate());
    RunShelf shelf =
        new RunShelf(opened, seal, RunCache.in(made.resolve("cache")), IndexMemory.DEFAULT);
    RunWriter writer = new RunWriter();
    PackName pack = PackName.random();
    for (int i = 0; i < chunks; i++) {
      if (i % CHUNKS_PER_PACK == 0) {
        if (writer.isFull()) {
          keep(opened, shelf, writer.seal(RunName.random(), seal));
          writer = new RunWriter();
        }
        pack = PackName.random();
        writer.pack(new PackEntry(pack, PackKind.DATA, 32 << 20, new byte[32], 0, 1, new byte[72]));
      }
      int inPack = i % CHUNKS_PER_PACK;
      writer.chunk(id(i), new ChunkLocation(pack, inPack, 100, CHUNK_BYTES, 0, CHUNK_BYTES));
    }
    if (!writer.isEmpty()) {
      keep(opened, shelf, writer.seal(RunName.random(), seal));
    }
  }

  /** Removes what was made. */
  @TearDown
  public void tearDown() throws IOException {
    if (store.isPresent()) {
      store.get().close();
    }
    if (directory.isPresent()) {
      try (Stream<Path> all = Files.walk(directory.get())) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** Asks for a chunk that is there, which opens pages. */
  @Benchmark
  public Optional<ChunkLocation> present() throws IOException {
    return index.find(id(asked.nextInt(chunks)));
  }

  /** Asks for a chunk that is not there, as a first backup does for each of its chunks. */
  @Benchmark
  public Optional<ChunkLocation> absent() throws IOException {
    return index.find(id(asked.nextLong(chunks, Long.MAX_VALUE)));
  }

  private void keep(Store opened, RunShelf shelf, SealedRun run) throws IOException {
    try (run) {
      opened.create(run.name().key(), run.body());
      index.add(shelf.adopt(run));
    }
  }

  /** An id that looks random, always the same for the same number. */
  private static ChunkId id(long number) {
    byte[] bytes = new byte[ChunkId.BYTES];
    SplittableRandom random = new SplittableRandom(number);
    random.nextBytes(bytes);
    return ChunkId.at(bytes, 0);
  }
}
