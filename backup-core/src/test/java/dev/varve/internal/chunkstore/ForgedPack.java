package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.Binding;
import dev.varve.internal.crypto.BlockKey;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.crypto.StreamSeal;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A data pack made with the real keys by somebody who means harm: every seal is right, what is
 * sealed is whatever is wanted. Used by one thread.
 */
final class ForgedPack {

  private static final int MARKER_BYTES = 16;

  final PackName name = PackName.random();
  final BlockKey key = BlockKey.draw();
  private final RepositoryId repository;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  ForgedPack(RepositoryId repository, RepositoryKeys keys) throws IOException {
    this.repository = repository;
    byte[] sealedKey = key.seal(keys, repository, PackKind.DATA, name);
    bytes.write(new PackHeader(PackKind.DATA, 0, PackHeader.AEAD, sealedKey).encode());
  }

  /** A block as it is before sealing: codec, claimed length of the plaintext, payload. */
  static byte[] block(int codec, long claimedBytes, byte[] payload) {
    ByteBuffer block = ByteBuffer.allocate(BlockCodec.HEADER_BYTES + payload.length);
    return block.put((byte) codec).putInt((int) claimedBytes).put(payload).array();
  }

  byte[] sealed(byte[] plain, long position) {
    ByteBuffer sealed = ByteBuffer.allocate((int) StreamSeal.sealedLength(plain.length));
    byte[] binding = Binding.of(repository, PackKind.DATA.item(), name.key(), position);
    key.stream().seal(ByteBuffer.wrap(plain), binding, sealed);
    return sealed.array();
  }

  /** Adds a block; where it begins. */
  int add(int ordinal, byte[] block) throws IOException {
    bytes.write(new byte[MARKER_BYTES]);
    int offset = bytes.size();
    bytes.write(sealed(block, ordinal));
    return offset;
  }

  /** The whole pack, ended by this as the plaintext of its footer. */
  byte[] end(byte[] footer) throws IOException {
    byte[] sealed = sealed(footer, Binding.FOOTER);
    bytes.write(sealed);
    bytes.write(ByteBuffer.allocate(PackFooter.TRAILER_BYTES).putInt(sealed.length).array());
    return bytes.toByteArray();
  }
}
