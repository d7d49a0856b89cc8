package dev.varve.internal.chunkstore;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.internal.crypto.ChunkIds;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.RepositoryId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bit that flips in memory between any two stages is noticed before anything is stored. */
class SpoiledBlockTest {

  private static final int CHUNK_BYTES = 20_000;
  private static final int CHUNKS = 5;
  private static final int ROUNDS = 40;

  private final RepositoryKeys keys = RepositoryKeys.generate();
  private final RepositoryId id = keys.repositoryId();
  private final BlockSeals seals = new BlockSeals(id, keys);
  private final Random random = new Random(42);
  private final ByteBuffer slab = ByteBuffer.allocateDirect(PackSizes.DEFAULT.packBytes());
  private Bench bench;
  private Block block;

  @BeforeEach
  void fill() throws IOException {
    bench = new Bench(keys, seals, 3);
    block = new Block(PackSizes.DEFAULT, CHUNK_BYTES);
    byte[] chunk = new byte[CHUNK_BYTES];
    ChunkIds ids = new ChunkIds(keys);
    for (int i = 0; i < CHUNKS; i++) {
      for (int j = 0; j < chunk.length; j++) {
        chunk[j] = (byte) ('a' + random.nextInt(4));
      }
      CRC32C crc = new CRC32C();
      crc.update(chunk, 0, chunk.length);
      block.add(
          ChunkKind.DATA,
          ids.id(ChunkKind.DATA, chunk, 0, chunk.length),
          (int) crc.getValue(),
          chunk,
          0,
          chunk.length);
    }
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"DATA", "CATALOG"})
  void bitFlippedInPlaintext_isNoticed(String kind) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      int at = random.nextInt(block.length());
      int bit = 1 << random.nextInt(8);
      block.plain()[at] ^= (byte) bit;
      OpenPack.Place place = place(PackKind.valueOf(kind), bench.pack(block));
      assertThrows(SpoiledBlockException.class, () -> bench.seal(block, place));
      block.plain()[at] ^= (byte) bit;
    }
    OpenPack.Place sound = place(PackKind.valueOf(kind), bench.pack(block));
    assertDoesNotThrow(() -> bench.seal(block, sound));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 6, 100, 5000})
  void bitFlippedAfterCompressing_isSealedAgain(int at) throws IOException {
    OpenPack.Place place = place(PackKind.DATA, bench.pack(block));
    bench.packed()[at] ^= 1;
    assertDoesNotThrow(() -> bench.seal(block, place));
    assertDoesNotThrow(() -> bench.verify(block, place));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void bitFlippedAfterSealing_isNoticed(long seed) throws IOException {
    OpenPack.Place place = place(PackKind.DATA, bench.pack(block));
    bench.seal(block, place);
    Random positions = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      int at = place.offset() + positions.nextInt(place.bytes());
      slab.put(at, (byte) (slab.get(at) ^ 1 << positions.nextInt(8)));
      assertThrows(SpoiledBlockException.class, () -> bench.verify(block, place));
      bench.seal(block, place);
    }
  }

  private OpenPack.Place place(PackKind kind, int sealedBytes) throws IOException {
    OpenPack pack = new OpenPack(seals, kind, slab);
    return pack.place(block, sealedBytes);
  }
}
