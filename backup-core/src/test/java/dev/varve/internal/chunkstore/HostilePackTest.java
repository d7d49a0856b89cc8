package dev.varve.internal.chunkstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import dev.varve.internal.crypto.ChunkIds;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
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
import dev.varve.internal.store.ReadCache;
import dev.varve.testkit.MemoryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Packs and runs sealed with the real keys by somebody who means harm are refused before they cost
 * memory or time.
 */
class HostilePackTest {

  private static final int RAW = 0;
  private static final int ZSTD = 1;

  private final MemoryStore store = new MemoryStore();
  private final RepositoryKeys keys = RepositoryKeys.generate();
  private final RepositoryId id = keys.repositoryId();
  private final ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
  private final PackKeys packKeys = new PackKeys(store, id, keys, index);

  @BeforeEach
  void warmUp() throws Throwable {
    byte[] plain = new byte[1000];
    assertEquals(1000, open(ForgedPack.block(ZSTD, 1000, Zstd.compress(plain))));
    assertEquals(1000, open(ForgedPack.block(RAW, 1000, plain)));
  }

  @Test
  void open_bombThatUnpacksToMoreThanItClaims_isRefused() throws Throwable {
    byte[] bomb = zeros(512 << 20);
    assertTrue(bomb.length < 100_000, bomb.length + " bytes");
    for (int claimed : new int[] {0, 1, 1000, 1 << 20, BlockCodec.MAX_PLAIN_BYTES}) {
      refuse(ForgedPack.block(ZSTD, claimed, bomb));
    }
  }

  @Test
  void open_claimOfMoreThanAnyBlockHas_isRefused() throws Throwable {
    byte[] payload = Zstd.compress(new byte[1000]);
    for (long claimed :
        new long[] {BlockCodec.MAX_PLAIN_BYTES + 1, 1L << 31, (1L << 31) - 1, (1L << 32) - 1}) {
      refuse(ForgedPack.block(ZSTD, claimed, payload));
      refuse(ForgedPack.block(RAW, claimed, payload));
    }
  }

  @Test
  void open_claimThatDoesNotFitThePayload_isRefused() throws Throwable {
    byte[] payload = Zstd.compress(new byte[1000]);
    for (int claimed : new int[] {0, 1, 999, 1001, BlockCodec.MAX_PLAIN_BYTES}) {
      refuse(ForgedPack.block(ZSTD, claimed, payload));
      refuse(ForgedPack.block(RAW, claimed, payload));
    }
    refuse(ForgedPack.block(2, 1000, payload));
    refuse(new byte[0]);
    refuse(new byte[4]);
  }

  @Test
  void open_frameThatWantsAWindowOfTwoGigabytes_takesNone() throws Throwable {
    // Magic, no content size and many segments, window of 2^31 bytes, one raw block of 3 bytes.
    ByteBuffer frame = ByteBuffer.allocate(12);
    frame.putInt(0x28b52ffd).put((byte) 0).put((byte) (21 << 3));
    frame.put((byte) (1 | 3 << 3)).put((byte) 0).put((byte) 0).put(new byte[] {1, 2, 3});
    Allocation.requireLittle(() -> openOrRefuse(ForgedPack.block(ZSTD, 3, frame.array())));
  }

  @Test
  void open_blockLongerThanAny_isRefusedUnopened() throws Throwable {
    ForgedPack pack = new ForgedPack(id, keys);
    PackKeys.PackKey key = new PackKeys.PackKey(pack.name, PackKind.DATA, pack.key);
    ByteBuffer sealed = ByteBuffer.allocate(BlockOpener.MAX_SEALED_BYTES + 1);
    try (BlockOpener opener = new BlockOpener(id, keys)) {
      Allocation.requireLittle(
          () -> assertThrows(FormatException.class, () -> opener.open(key, 0, sealed)));
    }
  }

  @Test
  void footer_absurdCounts_areRefused() throws Throwable {
    long huge = Long.MAX_VALUE;
    refuseFooter(new Encoder(20).varint(huge));
    refuseFooter(new Encoder(20).varint(-1));
    refuseFooter(new Encoder(20).varint(PackFooter.MAX_BLOCKS));
    refuseFooter(new Encoder(20).varint(1).varint(0).varint(huge).varint(1).varint(0));
    refuseFooter(new Encoder(20).varint(1).varint(0).varint(0).varint(huge).varint(0));
    refuseFooter(new Encoder(20).varint(1).varint(0).varint(0).varint(1).varint(huge));
    refuseFooter(new Encoder(20).varint(1).varint(0).varint(0).varint(1).varint(8192));
    Encoder chunks = new Encoder(2000).varint(1).varint(0).varint(0).varint(1).varint(9);
    for (int i = 0; i < 9; i++) {
      chunks.u8(1).raw(new byte[ChunkId.BYTES]).varint(ChunkRef.MAX_LENGTH);
    }
    refuseFooter(chunks);
  }

  @Test
  void footer_lengthsThatCannotBe_areRefused() throws Throwable {
    for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 1, 64 << 20}) {
      ForgedPack pack = new ForgedPack(id, keys);
      byte[] bytes = pack.end(new byte[] {0});
      ByteBuffer.wrap(bytes).putInt(bytes.length - PackFooter.TRAILER_BYTES, length);
      store.put(pack.name.key(), bytes);
      try (PackInspector inspector = new PackInspector(store, id, keys, packKeys)) {
        Allocation.requireLittle(
            () ->
                assertThrows(
                    FormatException.class,
                    () -> inspector.footer(pack.name, PackKind.DATA, bytes.length)));
      }
    }
  }

  @Test
  void get_indexThatTellsAbsurdPlaces_isRefused() throws Throwable {
    byte[] chunk = new byte[1000];
    ChunkId chunkId = new ChunkIds(keys).id(ChunkKind.DATA, chunk, 0, chunk.length);
    int big = Integer.MAX_VALUE;
    for (ChunkLocation lie :
        List.of(
            new ChunkLocation(PackName.random(), 0, 0, big, 0, 1000),
            new ChunkLocation(PackName.random(), big, (1L << 32) - 1, big, big, 1000),
            new ChunkLocation(PackName.random(), 0, 300, BlockOpener.MAX_SEALED_BYTES, 0, 1000),
            new ChunkLocation(PackName.random(), 0, 0, 1, big, 1000),
            new ChunkLocation(PackName.random(), 0, 0, 57, 0, 1000),
            new ChunkLocation(PackName.random(), 0, 0, 5000, 0, ChunkRef.MAX_LENGTH))) {
      claim(chunkId, lie);
    }
    try (ChunkReader reader = new ChunkReader(store, ReadCache.none(), id, keys, index, packKeys)) {
      ChunkRef ref = new ChunkRef(chunkId, 1000);
      Allocation.requireLittle(
          () -> assertThrows(ChunkMissingException.class, () -> reader.get(ChunkKind.DATA, ref)));
      claimTruly(chunkId, chunk);
      assertEquals(1000, reader.get(ChunkKind.DATA, ref).length);
    }
  }

  /** Says that the chunk lies there, in a pack that exists and has almost nothing in it. */
  private void claim(ChunkId chunk, ChunkLocation place) throws IOException {
    ForgedPack pack = new ForgedPack(id, keys);
    pack.add(0, ForgedPack.block(RAW, 1000, new byte[1000]));
    publish(pack, pack.end(new byte[] {0}), chunk, place);
  }

  private void claimTruly(ChunkId chunk, byte[] content) throws IOException {
    ForgedPack pack = new ForgedPack(id, keys);
    byte[] block = ForgedPack.block(RAW, content.length, content);
    int offset = pack.add(0, block);
    int sealed = pack.sealed(block, 0).length;
    ChunkLocation place = new ChunkLocation(pack.name, 0, offset, sealed, 0, content.length);
    publish(pack, pack.end(new byte[] {0}), chunk, place);
  }

  private void publish(ForgedPack pack, byte[] bytes, ChunkId chunk, ChunkLocation place)
      throws IOException {
    store.put(pack.name.key(), bytes);
    RunWriter writer = new RunWriter();
    byte[] sealedKey = pack.key.seal(keys, id, PackKind.DATA, pack.name);
    writer.pack(
        new PackEntry(
            pack.name, PackKind.DATA, bytes.length, new byte[32], 0, PackHeader.AEAD, sealedKey));
    writer.chunk(
        chunk,
        new ChunkLocation(
            pack.name,
            place.block(),
            place.blockOffset(),
            place.blockBytes(),
            place.chunkOffset(),
            place.chunkBytes()));
    RunSeal seal = new RunSeal(id, keys);
    RunShelf shelf = new RunShelf(store, seal, RunCache.temporary(), IndexMemory.DEFAULT);
    try (SealedRun run = writer.seal(RunName.random(), seal)) {
      store.create(run.name().key(), run.body());
      index.add(shelf.adopt(run));
    }
  }

  private void refuseFooter(Encoder footer) throws Throwable {
    ForgedPack pack = new ForgedPack(id, keys);
    byte[] bytes = pack.end(footer.toBytes());
    store.put(pack.name.key(), bytes);
    try (PackInspector inspector = new PackInspector(store, id, keys, packKeys)) {
      Allocation.requireLittle(
          () ->
              assertThrows(
                  FormatException.class,
                  () -> inspector.footer(pack.name, PackKind.DATA, bytes.length)));
    }
  }

  private void refuse(byte[] block) throws Throwable {
    Allocation.requireLittle(() -> assertThrows(FormatException.class, () -> open(block)));
  }

  private void openOrRefuse(byte[] block) throws Throwable {
    try {
      assertEquals(3, open(block));
    } catch (FormatException refused) {
      assertTrue(String.valueOf(refused.getMessage()).length() > 5);
    }
  }

  private int open(byte[] block) throws IOException {
    ForgedPack pack = new ForgedPack(id, keys);
    byte[] sealed = pack.sealed(block, 7);
    PackKeys.PackKey key = new PackKeys.PackKey(pack.name, PackKind.DATA, pack.key);
    try (BlockOpener opener = new BlockOpener(id, keys)) {
      return opener.open(key, 7, ByteBuffer.wrap(sealed));
    }
  }

  private static byte[] zeros(long count) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZstdOutputStream out = new ZstdOutputStream(bytes)) {
      byte[] zeros = new byte[1 << 20];
      for (long i = 0; i < count; i += zeros.length) {
        out.write(zeros);
      }
    }
    return bytes.toByteArray();
  }
}
