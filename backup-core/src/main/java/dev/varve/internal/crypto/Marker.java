package dev.varve.internal.crypto;

import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.PackName;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * Makes the 16 bytes that stand before each block of a pack, by which repair finds blocks again
 * around damage and nobody else can. Used by one thread.
 *
 * <p>A marker is the first 16 bytes of HMAC-SHA-256 under the marker key of the pack's name, 16
 * bytes, and the block's ordinal as u32.
 */
public final class Marker {

  /** The length of a marker. */
  public static final int BYTES = 16;

  private final Mac mac;
  private final Encoder message = new Encoder(PackName.BYTES + 4);

  /** Makes markers of the repository with these keys. */
  public Marker(RepositoryKeys keys) throws AbsentKeyException {
    mac = Hmac.under(keys.key(KeyPurpose.MARKER));
  }

  /** The marker before the block with this ordinal, from 0 to 2^32-1. */
  public byte[] of(PackName pack, long ordinal) {
    pack.write(message.clear());
    message.u32(ordinal);
    mac.update(message.array(), 0, message.length());
    return Arrays.copyOf(mac.doFinal(), BYTES);
  }
}
