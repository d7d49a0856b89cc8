package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.ChunkIds;
import dev.varve.internal.crypto.Marker;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.crypto.StreamSeal;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Where one thread at a time compresses and seals a block and opens it again to see that nothing
 * was lost on the way. Reused.
 */
final class Bench implements AutoCloseable {

  private final BlockCodec codec;
  private final BlockSeals seals;
  private final ChunkIds ids;
  private final Marker marker;
  private byte[] opened = new byte[0];
  private byte[] plain = new byte[0];

  Bench(RepositoryKeys keys, BlockSeals seals, int level) throws IOException {
    this.codec = new BlockCodec(level);
    this.seals = seals;
    this.ids = new ChunkIds(keys);
    this.marker = new Marker(keys);
  }

  /** Compresses the block unless it is already; how many bytes it will have when sealed. */
  int pack(Block block) {
    int packedBytes =
        block.packed().isPresent()
            ? codec.take(block.packed().get())
            : codec.pack(block.plain(), block.length());
    return (int) StreamSeal.sealedLength(packedBytes);
  }

  /** Seals what was packed last into its place and verifies it, once more if that fails. */
  void seal(Block block, OpenPack.Place place) throws IOException {
    OpenPack pack = place.pack();
    int packedBytes = (int) StreamSeal.plainLength(place.bytes());
    pack.slab().put(place.markerOffset(), marker.of(pack.name(), place.ordinal()));
    try {
      sealOnce(block, place, packedBytes);
    } catch (SpoiledBlockException first) {
      pack(block);
      sealOnce(block, place, packedBytes);
    }
  }

  @Override
  public void close() {
    codec.close();
  }

  private void sealOnce(Block block, OpenPack.Place place, int packedBytes) throws IOException {
    OpenPack pack = place.pack();
    byte[] binding = seals.binding(pack.kind(), pack.name(), place.ordinal());
    pack.key().stream()
        .seal(ByteBuffer.wrap(codec.packed(), 0, packedBytes), binding, place.slice());
    verify(block, place);
  }

  /** What was packed last, for tests that spoil it. */
  byte[] packed() {
    return codec.packed();
  }

  /** Opens a sealed block again and compares it with what it is to hold. */
  void verify(Block block, OpenPack.Place place) throws IOException {
    try {
      open(block, place);
    } catch (FormatException e) {
      throw new SpoiledBlockException("A block sealed just now does not open: " + e.getMessage());
    }
    boolean alsoIds = place.ordinal() == 0 || place.pack().kind() != PackKind.DATA;
    CRC32C crc = new CRC32C();
    for (int i = 0; i < block.count(); i++) {
      int start = block.start(i);
      int length = block.end(i) - start;
      crc.reset();
      crc.update(plain, start, length);
      ChunkId id = block.id(i);
      if ((int) crc.getValue() != block.sum(i)
          || (alsoIds && !ids.id(block.kind(i), plain, start, length).equals(id))) {
        throw new SpoiledBlockException("A chunk changed between being read and being sealed");
      }
    }
  }

  private void open(Block block, OpenPack.Place place) throws IOException {
    OpenPack pack = place.pack();
    int packedBytes = (int) StreamSeal.plainLength(place.bytes());
    byte[] binding = seals.binding(pack.kind(), pack.name(), place.ordinal());
    opened = grown(opened, packedBytes, block);
    plain = grown(plain, block.length(), block);
    pack.key().stream().open(place.slice(), binding, ByteBuffer.wrap(opened, 0, packedBytes));
    if (BlockCodec.plainLength(opened, packedBytes) != block.length()) {
      throw new FormatException("it has another length");
    }
    codec.unpack(opened, packedBytes, plain);
  }

  private static byte[] grown(byte[] bytes, int length, Block block) {
    int most = block.plain().length + 4096;
    return bytes.length >= length ? bytes : new byte[Math.max(length, most)];
  }
}
