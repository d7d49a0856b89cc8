package dev.varve.internal.crypto;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.RepositoryId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of a repository, or as many of them as a slot hands out. Immutable. Never prints a key.
 *
 * <p>A key of a purpose is HKDF-SHA-256 of the 32-byte root with an empty salt, the info {@code
 * "varve-1 "} followed by the purpose's label, and 32 bytes of output.
 *
 * <p>The plain table, which slots wrap: varint count of keys, 1 to 64; for each, varint length and
 * ASCII of its label, then its 32 bytes. The label {@code root} stands alone; otherwise the labels
 * are those of {@link KeyPurpose}, each at most once.
 */
public final class RepositoryKeys {

  /** The length of the root and of each key, in bytes. */
  public static final int KEY_BYTES = 32;

  /** The longest plain table, in bytes. */
  static final int MAX_TABLE_BYTES = 4096;

  private static final String ROOT = "root";
  private static final String INFO = "varve-1 ";
  private static final int MAX_KEYS = 64;
  private static final int MAX_LABEL_BYTES = 32;

  private final Optional<byte[]> root;
  private final Map<KeyPurpose, byte[]> keys;

  private RepositoryKeys(Optional<byte[]> root, Map<KeyPurpose, byte[]> keys) {
    this.root = root;
    this.keys = keys;
  }

  /** The keys of a new repository. */
  public static RepositoryKeys generate() {
    byte[] root = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(root);
    return ofRoot(root);
  }

  /** All keys that follow from a root, which is copied. */
  public static RepositoryKeys ofRoot(byte[] root) {
    if (root.length != KEY_BYTES) {
      throw new IllegalArgumentException("A root has " + KEY_BYTES + " bytes, not " + root.length);
    }
    Map<KeyPurpose, byte[]> keys = new EnumMap<>(KeyPurpose.class);
    Hkdf derivation = new Hkdf(root, new byte[0]);
    for (KeyPurpose purpose : KeyPurpose.values()) {
      byte[] info = (INFO + purpose.label()).getBytes(StandardCharsets.US_ASCII);
      keys.put(purpose, derivation.expand(info, KEY_BYTES));
    }
    return new RepositoryKeys(Optional.of(root.clone()), keys);
  }

  /** Reads the plain table as {@link #toTable()} wrote it. */
  public static RepositoryKeys ofTable(byte[] table) throws FormatException {
    Decoder in = new Decoder(table);
    int count = in.count(MAX_KEYS, KEY_BYTES + 1);
    Map<KeyPurpose, byte[]> keys = new EnumMap<>(KeyPurpose.class);
    for (int i = 0; i < count; i++) {
      String label = in.text(MAX_LABEL_BYTES);
      byte[] key = in.raw(KEY_BYTES);
      if (label.equals(ROOT) && count == 1) {
        in.end();
        return ofRoot(key);
      }
      Optional<KeyPurpose> purpose = KeyPurpose.find(label);
      if (purpose.isEmpty() || keys.put(purpose.get(), key) != null) {
        throw new FormatException("A table of keys has a label that is unknown or out of place");
      }
    }
    in.end();
    if (keys.isEmpty()) {
      throw new FormatException("A table of keys is empty");
    }
    return new RepositoryKeys(Optional.empty(), keys);
  }

  /** The plain table: the root if it is known, else the keys. A secret; to be wiped after use. */
  public byte[] toTable() {
    Encoder out = new Encoder(MAX_TABLE_BYTES);
    if (root.isPresent()) {
      return out.varint(1).text(ROOT).raw(root.get()).toBytes();
    }
    out.varint(keys.size());
    keys.forEach((purpose, key) -> out.text(purpose.label()).raw(key));
    return out.toBytes();
  }

  /**
   * These keys of them and no others, not the root either: for a slot that hands out less.
   *
   * @throws AbsentKeyException if one of them is not held
   */
  public RepositoryKeys only(Set<KeyPurpose> purposes) throws AbsentKeyException {
    if (purposes.isEmpty()) {
      throw new IllegalArgumentException("A slot must hand out one key at least");
    }
    Map<KeyPurpose, byte[]> some = new EnumMap<>(KeyPurpose.class);
    for (KeyPurpose purpose : purposes) {
      some.put(purpose, key(purpose));
    }
    return new RepositoryKeys(Optional.empty(), some);
  }

  /**
   * The id of the repository these keys are of: HKDF-SHA-256 of the root with an empty salt, the
   * info {@code "varve-1 repository-id"}, and 16 bytes of output.
   *
   * @throws IllegalStateException if the root is not held
   */
  public RepositoryId repositoryId() {
    byte[] held = root.orElseThrow(() -> new IllegalStateException("The root is not held"));
    byte[] info = (INFO + "repository-id").getBytes(StandardCharsets.US_ASCII);
    try {
      return RepositoryId.read(
          new Decoder(Hkdf.derive(held, new byte[0], info, RepositoryId.BYTES)));
    } catch (FormatException e) {
      throw new IllegalStateException("16 bytes are too few for an id", e);
    }
  }

  /** Whether the key of this purpose is held. */
  public boolean holds(KeyPurpose purpose) {
    return keys.containsKey(purpose);
  }

  /** Whether the root is held, and with it every key there is or will be. */
  public boolean holdsRoot() {
    return root.isPresent();
  }

  /**
   * A copy of the key of this purpose, {@value #KEY_BYTES} bytes.
   *
   * @throws AbsentKeyException if it is not held
   */
  public byte[] key(KeyPurpose purpose) throws AbsentKeyException {
    byte[] key = keys.get(purpose);
    if (key == null) {
      throw new AbsentKeyException(purpose);
    }
    return key.clone();
  }

  /** The purposes of the keys held, and nothing of the keys. */
  @Override
  public String toString() {
    return "keys for " + keys.keySet();
  }
}
