package dev.varve.store.gcs;

import dev.varve.store.Body;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Base64;
import java.util.zip.CRC32C;

/** Adds a body up, so that the server can refuse what arrives otherwise. Used by one thread. */
final class Digest implements WritableByteChannel {

  private final CRC32C crc = new CRC32C();
  private long count;

  private Digest() {}

  /** The body's CRC-32C as the JSON API writes it; fails if the body has not its length. */
  static String crc32c(Body body) throws IOException {
    Digest digest = new Digest();
    body.local().writeTo(digest);
    if (digest.count != body.length()) {
      throw new IOException(
          "A body should have " + body.length() + " bytes, but has " + digest.count);
    }
    byte[] sum = ByteBuffer.allocate(Integer.BYTES).putInt((int) digest.crc.getValue()).array();
    return Base64.getEncoder().encodeToString(sum);
  }

  @Override
  public int write(ByteBuffer piece) {
    int length = piece.remaining();
    crc.update(piece);
    count += length;
    return length;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
