package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.Binding;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.crypto.StreamSeal;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.index.PackEntry;
import dev.varve.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * Looks into packs as they rest, believing nothing but what authenticates. Used by one thread at a
 * time; reuses its memory, which holds a whole pack.
 */
public final class PackInspector implements AutoCloseable {

  /** The longest pack that is looked into. */
  public static final int MAX_PACK_BYTES = 256 << 20;

  private final Store store;
  private final RepositoryId repository;
  private final PackKeys packKeys;
  private final BlockOpener opener;
  private byte[] bytes = new byte[0];

  /** Looks into packs of this repository. */
  public PackInspector(Store store, RepositoryId repository, RepositoryKeys keys, PackKeys packKeys)
      throws IOException {
    this.store = store;
    this.repository = repository;
    this.packKeys = packKeys;
    this.opener = new BlockOpener(repository, keys);
  }

  /** Hears of a block that cannot be opened or holds something else than the footer says. */
  @FunctionalInterface
  public interface BadBlock {
    /** Looks at a bad block. */
    void accept(FooterBlock block, String reason);
  }

  /**
   * What a pack's footer says, ascending by offset; the key is taken from the pack's own header.
   *
   * @throws FormatException if header or footer are not what they should be
   */
  public List<FooterBlock> footer(PackName pack, PackKind kind, long storedBytes)
      throws IOException {
    if (storedBytes < PackFooter.TRAILER_BYTES || storedBytes > MAX_PACK_BYTES) {
      throw new FormatException("No pack is " + storedBytes + " bytes long");
    }
    ByteBuffer trailer = ByteBuffer.allocate(PackFooter.TRAILER_BYTES);
    store.read(pack.key(), storedBytes - PackFooter.TRAILER_BYTES, trailer);
    int sealedBytes = trailer.getInt(0);
    long footerAt = storedBytes - PackFooter.TRAILER_BYTES - sealedBytes;
    if (sealedBytes < 0 || footerAt < 0) {
      throw new FormatException("Its footer would be " + sealedBytes + " bytes long");
    }
    long plainBytes = StreamSeal.plainLength(sealedBytes);
    if (plainBytes > PackFooter.MAX_BYTES) {
      throw new FormatException("Its footer would be " + plainBytes + " bytes long");
    }
    byte[] sealed = new byte[sealedBytes];
    store.read(pack.key(), footerAt, ByteBuffer.wrap(sealed));
    byte[] plain = new byte[(int) plainBytes];
    byte[] binding = Binding.of(repository, kind.item(), pack.key(), Binding.FOOTER);
    packKeys.fromHeader(pack, kind, storedBytes).key().stream()
        .open(ByteBuffer.wrap(sealed), binding, ByteBuffer.wrap(plain));
    return PackFooter.decode(plain, footerAt);
  }

  /**
   * What is to be said of a pack in the index, by its own header.
   *
   * @param sha256 of its stored bytes; {@link PackEntry#unknownSha256} if they were not read
   * @throws FormatException if the header is not what it should be
   */
  public PackEntry entry(PackName pack, PackKind kind, long storedBytes, byte[] sha256)
      throws IOException {
    PackHeader header = packKeys.header(pack, kind, storedBytes);
    return new PackEntry(
        pack, kind, storedBytes, sha256, header.epoch(), header.sealing(), header.sealedBlockKey());
  }

  /**
   * Reads one block again, opens it and computes every chunk's id; fails if anything is wrong.
   *
   * @throws FormatException if it is damaged
   */
  public void verifyAgain(PackName pack, PackKind kind, long storedBytes, FooterBlock block)
      throws IOException {
    int length = block.storedBytes();
    if (length > BlockOpener.MAX_SEALED_BYTES) {
      throw new FormatException("No sealed block has " + length + " bytes");
    }
    byte[] sealed = new byte[length];
    store.read(pack.key(), block.offset(), ByteBuffer.wrap(sealed));
    verify(packKeys.fromHeader(pack, kind, storedBytes), block, ByteBuffer.wrap(sealed));
  }

  /**
   * Reads a whole pack, opens every block that its footer names and computes every chunk's id.
   *
   * @return the SHA-256 of the stored bytes
   */
  public byte[] verify(
      PackName pack, PackKind kind, long storedBytes, List<FooterBlock> footer, BadBlock bad)
      throws IOException {
    if (bytes.length < storedBytes) {
      bytes = new byte[Math.toIntExact(storedBytes)];
    }
    int length = (int) storedBytes;
    store.read(pack.key(), 0, ByteBuffer.wrap(bytes, 0, length));
    PackKeys.PackKey key = packKeys.fromHeader(pack, kind, storedBytes);
    for (FooterBlock block : footer) {
      try {
        int start = Math.toIntExact(block.offset());
        verify(key, block, ByteBuffer.wrap(bytes, start, block.storedBytes()));
      } catch (FormatException e) {
        bad.accept(block, String.valueOf(e.getMessage()));
      }
    }
    return sha256(length);
  }

  @Override
  public void close() {
    opener.close();
  }

  private void verify(PackKeys.PackKey key, FooterBlock block, ByteBuffer sealed)
      throws IOException {
    int plain = opener.open(key, block.ordinal(), sealed);
    if (plain != block.plainBytes()) {
      throw new FormatException(
          "It has " + plain + " bytes, its footer says " + block.plainBytes());
    }
    int offset = 0;
    for (int i = 0; i < block.ids().length; i++) {
      opener.verify(block.kinds()[i], block.ids()[i], offset, block.lengths()[i]);
      offset += block.lengths()[i];
    }
  }

  private byte[] sha256(int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
