package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FuzzTarget;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.IndexMemory;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Fuzzes packs, as they rest and inside their seals. */
public final class ChunkstoreFuzz {

  private static final RepositoryKeys KEYS = RepositoryKeys.generate();
  private static final RepositoryId ID = KEYS.repositoryId();
  private static final int MOST_BLOCK_BYTES = 1 << 16;

  private ChunkstoreFuzz() {}

  /** What takes bytes from strangers here. */
  public static List<FuzzTarget> targets() {
    byte[] header = new PackHeader(PackKind.DATA, 0, PackHeader.AEAD, new byte[72]).encode();
    return List.of(
        new FuzzTarget("pack-header", d -> PackHeader.decode(PackKind.DATA, d), List.of(header)),
        new FuzzTarget(
            "pack-footer", d -> PackFooter.decode(d, 1 << 24), List.of(footer(100, 5000))),
        new FuzzTarget("pack", ChunkstoreFuzz::pack, List.of(header)),
        new FuzzTarget("block", ChunkstoreFuzz::block, blocks()),
        new FuzzTarget("forged-pack", ChunkstoreFuzz::forgedPack, List.of(forged())));
  }

  private static void pack(byte[] data) throws IOException {
    PackName name = PackName.random();
    MemoryStore store = new MemoryStore();
    store.put(name.key(), data);
    look(store, name, data.length);
  }

  /** One block, its plaintext sealed with the real key. */
  private static void block(byte[] data) throws IOException {
    ForgedPack pack = new ForgedPack(ID, KEYS);
    PackKeys.PackKey key = new PackKeys.PackKey(pack.name, PackKind.DATA, pack.key);
    try (BlockOpener opener = new BlockOpener(ID, KEYS)) {
      opener.open(key, 0, ByteBuffer.wrap(pack.sealed(data, 0)));
    }
  }

  /** A block and a footer, both sealed with the real key. */
  private static void forgedPack(byte[] data) throws IOException {
    Decoder in = new Decoder(data);
    ForgedPack pack = new ForgedPack(ID, KEYS);
    pack.add(0, in.bytes(MOST_BLOCK_BYTES));
    byte[] bytes = pack.end(in.bytes(MOST_BLOCK_BYTES));
    MemoryStore store = new MemoryStore();
    store.put(pack.name.key(), bytes);
    look(store, pack.name, bytes.length);
  }

  private static void look(MemoryStore store, PackName name, long length) throws IOException {
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    PackKeys packKeys = new PackKeys(store, ID, KEYS, index);
    try (PackInspector inspector = new PackInspector(store, ID, KEYS, packKeys)) {
      List<FooterBlock> footer = inspector.footer(name, PackKind.DATA, length);
      inspector.verify(name, PackKind.DATA, length, footer, (block, reason) -> {});
    }
  }

  private static List<byte[]> blocks() {
    byte[] plain = "one two three one two three one two three ".repeat(9).getBytes(UTF_8);
    try (BlockCodec raw = new BlockCodec(0);
        BlockCodec packed = new BlockCodec(3)) {
      byte[] one = Arrays.copyOf(packedBy(raw, plain), plain.length + 5);
      return List.of(one, packedBy(packed, plain));
    }
  }

  private static byte[] packedBy(BlockCodec codec, byte[] plain) {
    int length = codec.pack(plain, plain.length);
    return java.util.Arrays.copyOf(codec.packed(), length);
  }

  private static byte[] footer(int offset, int stored) {
    return PackFooter.encode(
        List.of(
            new FooterBlock(
                0,
                offset,
                stored,
                new ChunkKind[] {ChunkKind.DATA, ChunkKind.DATA},
                new ChunkId[] {
                  ChunkId.at(new byte[ChunkId.BYTES], 0), ChunkId.at(new byte[ChunkId.BYTES], 0)
                },
                new int[] {10, 300})));
  }

  private static byte[] forged() {
    byte[] block = blocks().get(0);
    byte[] footer = footer(105, block.length + 56);
    Encoder out = new Encoder(1000);
    return out.varint(block.length).raw(block).varint(footer.length).raw(footer).toBytes();
  }

  private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;
}
