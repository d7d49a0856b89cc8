package dev.varve.internal.crypto;

import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.RepositoryId;
import java.nio.charset.StandardCharsets;

/**
 * Makes the associated data that ties sealed bytes to their place, so that nothing can be moved,
 * swapped or replayed elsewhere unnoticed. Stateless.
 *
 * <p>The bytes: ASCII {@code varve}; u8 format version; 16 bytes repository id; u8 letter of the
 * item's kind; u16 length and ASCII of the item's store key; u64 position inside the item.
 */
public final class Binding {

  /** The position of what is sealed only once in its item. */
  public static final long WHOLE = 0;

  /** The position of a pack's footer: 2^64-1. */
  public static final long FOOTER = -1;

  /** The position of the block key in a pack's header: 2^64-2. */
  public static final long BLOCK_KEY = -2;

  private static final byte[] LABEL = "varve".getBytes(StandardCharsets.US_ASCII);

  /** Enough for every key that Varve makes. */
  private static final int EXPECTED_BYTES = 128;

  private Binding() {}

  /**
   * The associated data for a place.
   *
   * @param itemKey where the item rests in the store, ASCII, e.g. {@code packs/5f/5f…}
   * @param position a block's ordinal in its pack, or one of the constants
   */
  public static byte[] of(RepositoryId repository, ItemKind kind, String itemKey, long position) {
    byte[] key = itemKey.getBytes(StandardCharsets.US_ASCII);
    if (key.length > 0xffff) {
      throw new IllegalArgumentException("A store key has at most 65535 bytes: " + itemKey);
    }
    Encoder out = new Encoder(EXPECTED_BYTES);
    out.raw(LABEL).u8(ItemKind.VERSION);
    repository.write(out);
    return out.u8(kind.letter()).u16(key.length).raw(key).u64(position).toBytes();
  }
}
