package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.Binding;
import dev.varve.internal.crypto.ChunkIds;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.crypto.StreamSeal;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.RepositoryId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Opens sealed blocks and verifies chunks, reusing its memory. Used by one thread at a time. Trusts
 * neither lengths nor offsets it is told.
 */
public final class BlockOpener implements AutoCloseable {

  /** The longest sealed block; whoever is told of a longer one need not fetch it. */
  public static final int MAX_SEALED_BYTES =
      (int) StreamSeal.sealedLength(BlockCodec.HEADER_BYTES + BlockCodec.MAX_PLAIN_BYTES);

  private final RepositoryId repository;
  private final ChunkIds ids;
  private final BlockCodec codec = new BlockCodec(0);
  private byte[] packed = new byte[0];
  private byte[] plain = new byte[0];
  private int packedBytes;
  private int length;

  /** Opens blocks of this repository. */
  public BlockOpener(RepositoryId repository, RepositoryKeys keys) throws IOException {
    this.repository = repository;
    this.ids = new ChunkIds(keys);
  }

  /**
   * Opens the block whose sealed bytes remain in {@code sealed}; its plaintext is then at the start
   * of {@link #plain()}.
   *
   * @return how many bytes of plaintext it has
   * @throws FormatException if it is not the block of this ordinal in this pack
   */
  public int open(PackKeys.PackKey pack, int ordinal, ByteBuffer sealed) throws IOException {
    length = 0;
    if (sealed.remaining() > MAX_SEALED_BYTES) {
      throw new FormatException("No sealed block has " + sealed.remaining() + " bytes");
    }
    packedBytes = Math.toIntExact(StreamSeal.plainLength(sealed.remaining()));
    if (packed.length < packedBytes) {
      packed = new byte[packedBytes];
    }
    byte[] binding = Binding.of(repository, pack.kind().item(), pack.name().key(), ordinal);
    pack.key().stream().open(sealed, binding, ByteBuffer.wrap(packed, 0, packedBytes));
    int plainBytes = BlockCodec.plainLength(packed, packedBytes);
    if (plain.length < plainBytes) {
      plain =
          new byte[Math.max(plainBytes, Math.min(2 * plain.length, PackSizes.MOST_BLOCK_BYTES))];
    }
    length = codec.unpack(packed, packedBytes, plain);
    return length;
  }

  /** The block opened last as it was before it was sealed, compressed or not. */
  byte[] packed() {
    return Arrays.copyOf(packed, packedBytes);
  }

  /** The plaintext of the block opened last. */
  public byte[] plain() {
    return plain;
  }

  /**
   * Fails unless these bytes of the block opened last are that chunk.
   *
   * @throws FormatException if they are not
   */
  public void verify(ChunkKind kind, ChunkId id, int offset, int count) throws IOException {
    if (offset < 0 || count <= 0 || offset > length - count) {
      throw new FormatException(
          "Chunk " + id + " should lie at " + offset + " in a block of " + length + " bytes");
    }
    verify(kind, id, plain, offset, count);
  }

  /** Fails unless these bytes are that chunk. */
  void verify(ChunkKind kind, ChunkId id, byte[] bytes, int offset, int count) throws IOException {
    if (!ids.id(kind, bytes, offset, count).equals(id)) {
      throw new FormatException("Chunk " + id + " is not what its id says");
    }
  }

  @Override
  public void close() {
    codec.close();
  }
}
