package dev.varve.internal.log;

import dev.varve.internal.crypto.Binding;
import dev.varve.internal.crypto.SmallSeal;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.RepositoryId;
import java.util.Arrays;

/**
 * Lays out the stored item of a lock and reads it. Safe for use by many threads.
 *
 * <p>The item {@code locks/<32 hexadecimal digits>} is its header (6 bytes, letter O), then the
 * {@link LockNote}, sealed by {@link SmallSeal} under the log's key and {@link Binding} of the
 * item's key at position 0.
 */
public final class LockItem {

  /** What the keys of all locks begin with. */
  public static final String PREFIX = "locks/";

  /** The longest item. */
  public static final int MAX_BYTES =
      ItemKind.HEADER_BYTES + LockNote.MAX_BYTES + SmallSeal.OVERHEAD_BYTES;

  private final RepositoryId repository;
  private final SmallSeal seal;

  /** Locks of a repository, sealed under its log's key. */
  public LockItem(RepositoryId repository, SmallSeal seal) {
    this.repository = repository;
    this.seal = seal;
  }

  /** A new key. */
  public static String newKey() {
    return PREFIX + CallId.random().hex();
  }

  /** The bytes of a lock that will rest at {@code key}. */
  public byte[] seal(String key, LockNote note) {
    Encoder plain = new Encoder(512);
    note.write(plain);
    Encoder out = new Encoder(512);
    ItemKind.LOCK.writeHeader(out);
    return out.raw(seal.seal(plain.toBytes(), binding(key))).toBytes();
  }

  /** What the lock says that rests at {@code key}. */
  public LockNote open(String key, byte[] bytes) throws FormatException {
    ItemKind.LOCK.readHeader(new Decoder(bytes));
    byte[] sealed = Arrays.copyOfRange(bytes, ItemKind.HEADER_BYTES, bytes.length);
    Decoder in = new Decoder(seal.open(sealed, binding(key)));
    LockNote note = LockNote.read(in);
    in.end();
    return note;
  }

  private byte[] binding(String key) {
    return Binding.of(repository, ItemKind.LOCK, key, Binding.WHOLE);
  }
}
