package dev.varve.internal.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.Statistics;
import dev.varve.Tally;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * 10^5 snapshots, 10^6 packs: how much heap the folded state takes, and that a checkpoint holds it.
 */
class LargeLogTest {

  private static final int PACKS_A_SNAPSHOT = 10;

  /** What 10^5 snapshots and 10^6 packs may take, for each of the snapshots. */
  private static final long MOST_BYTES_A_SNAPSHOT = (128 << 20) / 100_000;

  private final Random random = new Random(7);

  @Test
  void hundredThousandPacks_fitIntoTheHeapPromised() throws IOException {
    stateFits(10_000);
  }

  @Test
  @Tag("deep")
  void millionPacks_fitIntoTheHeapPromised() throws IOException {
    stateFits(100_000);
  }

  private void stateFits(int count) throws IOException {
    long before = usedBytes();
    Folding folding = new Folding(Samples.state());
    for (int i = 1; i <= count; i++) {
      folding.apply(Samples.entry(i, snapshots(i), 1000L * i));
    }
    LogState state = folding.state();
    long bytes = usedBytes() - before;
    System.out.printf(
        "folded %,d snapshots and %,d packs: %,d bytes of heap%n",
        state.snapshots().size(), state.packs.size(), bytes);
    assertTrue(bytes < count * MOST_BYTES_A_SNAPSHOT, () -> "the state takes " + bytes + " bytes");
    assertEquals(count, state.snapshots().size());
    assertEquals(count * PACKS_A_SNAPSHOT, state.packs.size());

    LogState next = state.fold(Samples.entry(count + 1, snapshots(0), 1L << 40));
    assertEquals(count, state.snapshots().size());
    assertEquals(count + 1, next.snapshots().size());

    LogFixture fixture = new LogFixture();
    Checkpoints checkpoints =
        new Checkpoints(fixture.store, Samples.REPOSITORY, LogFixture.SEAL, fixture.notes::add);
    checkpoints.write(state);
    System.out.printf("its checkpoint: %,d bytes%n", fixture.store.totalBytes());
    Optional<LogState> restored = checkpoints.newest(any -> true);
    assertArrayEquals(digest(state), digest(restored.orElseThrow()));
  }

  private Snapshots snapshots(int number) {
    List<NewPack> packs = new ArrayList<>();
    for (int i = 0; i < PACKS_A_SNAPSHOT; i++) {
      PackName name = new PackName(random.nextLong(), random.nextLong());
      packs.add(new NewPack(name, PackKind.DATA, 16 << 20));
    }
    RunName run = new RunName(random.nextLong(), random.nextLong());
    return new Snapshots(
        number,
        new CallId(random.nextLong(), number),
        List.of(snapshot()),
        List.of(),
        packs,
        number % 10 == 0 ? List.of(new NewRun(run, 100_000)) : List.of());
  }

  private SnapshotRecord snapshot() {
    Tally tally = new Tally(100_000, 20_000, 3_000_000);
    TreeMap<String, String> tags = new TreeMap<>(Map.of("release", "4.2.1", "job", "nightly"));
    return new SnapshotRecord(
        new SnapshotId(String.format("%016x%016x", random.nextLong(), random.nextLong())),
        new SourceIdentity("files", "uploads", "web-" + random.nextInt(100)),
        Instant.ofEpochMilli(1_700_000_000_000L),
        tags,
        new Statistics(
            tally,
            tally,
            tally,
            1L << 40,
            1L << 38,
            1L << 36,
            1L << 35,
            1 << 22,
            1 << 18,
            Duration.ofMinutes(90),
            Map.of()),
        3,
        "varve 0.1.0",
        new CatalogRoot(chunks(2), 3_120_000, 400_000_000),
        chunks(1));
  }

  private ChunkList chunks(int count) {
    List<ChunkRef> refs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] id = new byte[ChunkId.BYTES];
      random.nextBytes(id);
      refs.add(new ChunkRef(ChunkId.at(id, 0), 500_000));
    }
    return new ChunkList(1, refs);
  }

  private static byte[] digest(LogState state) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      StateCodec.write(state, digest::update);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
