package dev.varve.internal.crypto;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.NewerFormatException;
import dev.varve.internal.format.RepositoryId;
import dev.varve.key.Key;
import dev.varve.key.KeyFile;
import dev.varve.key.KeyWrap;
import dev.varve.key.Passphrase;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key slot as it rests in the store under {@code keys/} and its id: keys of the repository,
 * wrapped with a key that somebody holds. What it says of itself is read without that key.
 * Immutable. Does not store itself.
 *
 * <p>The item: the header of {@link ItemKind#KEY_SLOT}; u8 method; varint time of making in
 * milliseconds since 1970; text label of at most 64 characters; the method's parameters; the
 * wrapped table as varint length and bytes; the first 16 bytes of the SHA-256 of all before.
 *
 * <ul>
 *   <li>Method 1, a passphrase: u32 KiB of memory, u32 passes, u32 lanes, 16 bytes salt, 32 bytes
 *       commitment. The slot key is Argon2id of the passphrase (UTF-8 in normal form C), 32 bytes.
 *   <li>Method 2, a key file: 16 bytes salt, 32 bytes commitment. The slot key is HKDF-SHA-256(the
 *       file's 32 bytes, salt, info {@code varve-1 key-file}, 32 bytes).
 *   <li>Method 3, the host's functions: nothing. They wrap the table themselves.
 * </ul>
 *
 * <p>Commitment and sealing key are HKDF-SHA-256 of the slot key with an empty salt, 32 bytes and
 * the infos {@code varve-1 slot-commitment} and {@code varve-1 slot-seal}. The table is that of
 * {@link RepositoryKeys}, sealed by {@link SmallSeal}. The associated data, of the host's functions
 * too, is the {@link Binding} of the item at position 0, followed by all bytes of the item before
 * the wrapped table.
 *
 * <p>The checksum tells damage from a wrong key where nobody meant harm; the commitment does so
 * where the checksum was made to fit, and keeps one slot from being opened by two keys.
 */
public final class KeySlotItem {

  /** Where slots rest in the store. */
  public static final String PREFIX = "keys/";

  /** The longest item, in bytes. */
  public static final int MAX_BYTES = 32 << 10;

  /** The longest label, in characters (UTF-16 code units). */
  public static final int MAX_LABEL_CHARACTERS = 64;

  static final int COMMITMENT_BYTES = 32;

  private static final int ID_BYTES = 16;
  private static final int SALT_BYTES = 16;
  private static final int CHECKSUM_BYTES = 16;
  private static final int MAX_LABEL_BYTES = 3 * MAX_LABEL_CHARACTERS;
  private static final int MAX_WRAPPED_BYTES = 24 << 10;
  private static final int EXPECTED_BYTES = 512;
  private static final long MAX_MILLIS = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();
  private static final Pattern ITEM_KEY = Pattern.compile(PREFIX + "[0-9a-f]{32}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String itemKey;
  private final byte[] item;

  private final SlotMethod method;
  private final Instant created;
  private final String label;
  private final Argon2Cost cost;
  private final byte[] salt;
  private final byte[] commitment;
  private final int wrappedOffset;
  private final byte[] wrapped;

  /** Reads all fields of an item whose checksum is right. */
  private KeySlotItem(String itemKey, byte[] item) throws FormatException {
    this.itemKey = itemKey;
    this.item = item;
    Decoder in = new Decoder(item, 0, item.length - CHECKSUM_BYTES);
    ItemKind.KEY_SLOT.readHeader(in);
    method = SlotMethod.ofCode(in.u8());
    created = Instant.ofEpochMilli(in.varint(MAX_MILLIS));
    label = in.text(MAX_LABEL_BYTES);
    if (!isLabel(label)) {
      throw new FormatException("A key slot has a label that is too long or not printable");
    }
    cost = method == SlotMethod.PASSPHRASE ? Argon2Cost.read(in) : Argon2Cost.DEFAULT;
    salt = in.raw(method == SlotMethod.HOST ? 0 : SALT_BYTES);
    commitment = in.raw(method == SlotMethod.HOST ? 0 : COMMITMENT_BYTES);
    wrappedOffset = in.position();
    wrapped = in.bytes(MAX_WRAPPED_BYTES);
    in.end();
  }

  /**
   * Reads an item.
   *
   * @throws FormatException if it is no key slot, was damaged, or asks for an unreasonable Argon2id
   */
  public static KeySlotItem read(String itemKey, byte[] item) throws FormatException {
    if (!ITEM_KEY.matcher(itemKey).matches()) {
      throw new FormatException("No key slot is called " + itemKey);
    }
    if (item.length < CHECKSUM_BYTES || item.length > MAX_BYTES) {
      throw new FormatException("No key slot is " + item.length + " bytes long");
    }
    requireKnownVersion(item);
    int end = item.length - CHECKSUM_BYTES;
    if (!Arrays.equals(checksum(item, end), 0, CHECKSUM_BYTES, item, end, item.length)) {
      throw new FormatException("It was damaged: its checksum is wrong");
    }
    return new KeySlotItem(itemKey, item.clone());
  }

  /** What a newer version looks like from here on is not known, nor where its checksum is. */
  private static void requireKnownVersion(byte[] item) throws FormatException {
    try {
      ItemKind.KEY_SLOT.readHeader(new Decoder(item));
    } catch (NewerFormatException newer) {
      throw newer;
    } catch (FormatException damaged) {
      throw new FormatException("It was damaged: " + damaged.getMessage(), damaged);
    }
  }

  /**
   * Makes a slot with an id of its own.
   *
   * @param keys what the slot hands out
   * @param label for people, at most {@value #MAX_LABEL_CHARACTERS} characters, none of them
   *     control characters; readable without a key
   * @param cost how hard it is to try a passphrase; without meaning for other keys
   * @throws IOException if the host's function fails
   */
  public static KeySlotItem make(
      RepositoryKeys keys,
      RepositoryId repository,
      Key key,
      String label,
      Instant created,
      Argon2Cost cost)
      throws IOException {
    if (!isLabel(label)) {
      throw new IllegalArgumentException(
          "A key slot's label has at most 64 characters and no control characters");
    }
    String itemKey = PREFIX + HexFormat.of().formatHex(random(ID_BYTES));
    Encoder out = new Encoder(EXPECTED_BYTES);
    ItemKind.KEY_SLOT.writeHeader(out);
    out.u8(SlotMethod.of(key).code()).varint(created.toEpochMilli()).text(label);
    byte[] table = keys.toTable();
    try {
      if (key instanceof KeyWrap host) {
        out.bytes(wrap(host, table, associated(repository, itemKey, out)));
      } else {
        if (key instanceof Passphrase) {
          cost.write(out);
        }
        byte[] salt = random(SALT_BYTES);
        try (SlotKey slotKey = slotKey(key, cost, salt)) {
          out.raw(salt).raw(slotKey.commitment());
          out.bytes(slotKey.seal(table, associated(repository, itemKey, out)));
        }
      }
    } finally {
      Arrays.fill(table, (byte) 0);
    }
    out.raw(checksum(out.array(), out.length()));
    return read(itemKey, out.toBytes());
  }

  private static byte[] wrap(KeyWrap host, byte[] table, byte[] associated) throws IOException {
    try {
      return host.wrap(table, associated);
    } catch (GeneralSecurityException e) {
      throw new IOException("The host's function did not wrap the keys: " + e.getMessage(), e);
    }
  }

  /**
   * The keys this slot hands out to who holds {@code key}. Takes some tenths of a second for a
   * passphrase.
   *
   * @throws WrongKeyException if it is not the key the slot was made with
   * @throws FormatException if it is, but the slot was changed or belongs to another repository
   * @throws IOException if trying it takes more memory than there is
   */
  public RepositoryKeys open(RepositoryId repository, Key key) throws IOException {
    if (!fits(key)) {
      throw new WrongKeyException(this + " is opened by a " + method + ", not by a " + key);
    }
    byte[] associated =
        associated(repository, itemKey, new Encoder(wrappedOffset).raw(item, 0, wrappedOffset));
    byte[] table = key instanceof KeyWrap host ? unwrap(host, associated) : unseal(key, associated);
    try {
      return RepositoryKeys.ofTable(table);
    } finally {
      Arrays.fill(table, (byte) 0);
    }
  }

  /**
   * The repository whose root this slot hands out, found without being told: the root is opened
   * unconfirmed, its repository's id follows from it, and under that id the slot must open.
   *
   * @return empty if the slot holds no root, or is opened by the host's functions
   * @throws WrongKeyException if it is not the key the slot was made with
   * @throws FormatException if the slot was changed
   */
  public Optional<RepositoryId> findRepository(Key key) throws IOException {
    if (!fits(key)) {
      throw new WrongKeyException(this + " is opened by a " + method + ", not by a " + key);
    }
    if (method == SlotMethod.HOST) {
      return Optional.empty();
    }
    if (method == SlotMethod.PASSPHRASE) {
      cost.checkMemory();
    }
    RepositoryKeys keys;
    try (SlotKey slotKey = slotKey(key, cost, salt)) {
      if (!MessageDigest.isEqual(commitment, slotKey.commitment())) {
        throw new WrongKeyException("The " + method + " is not the one of " + this);
      }
      byte[] table = slotKey.unconfirmed(wrapped);
      try {
        keys = RepositoryKeys.ofTable(table);
      } finally {
        Arrays.fill(table, (byte) 0);
      }
    }
    return keys.holdsRoot()
        ? Optional.of(open(keys.repositoryId(), key).repositoryId())
        : Optional.empty();
  }

  private byte[] unwrap(KeyWrap host, byte[] associated) throws WrongKeyException {
    try {
      return host.unwrap(wrapped.clone(), associated);
    } catch (GeneralSecurityException e) {
      throw new WrongKeyException(
          "The host's function does not unwrap " + this + ": " + e.getMessage(), e);
    }
  }

  private byte[] unseal(Key key, byte[] associated) throws IOException {
    if (method == SlotMethod.PASSPHRASE) {
      cost.checkMemory();
    }
    try (SlotKey slotKey = slotKey(key, cost, salt)) {
      if (!MessageDigest.isEqual(commitment, slotKey.commitment())) {
        throw new WrongKeyException("The " + method + " is not the one of " + this);
      }
      return slotKey.open(wrapped, associated);
    }
  }

  private static SlotKey slotKey(Key key, Argon2Cost cost, byte[] salt) {
    return key instanceof Passphrase passphrase
        ? SlotKey.of(passphrase, cost, salt)
        : SlotKey.of((KeyFile) key, salt);
  }

  /** Whether this kind of key opens the slot. */
  public boolean fits(Key key) {
    return SlotMethod.of(key) == method;
  }

  /** The slot's name: 32 hexadecimal digits. */
  public String id() {
    return itemKey.substring(PREFIX.length());
  }

  /** Where it rests in the store. */
  public String itemKey() {
    return itemKey;
  }

  /** What it is called by people; authenticated only once the slot was opened. */
  public String label() {
    return label;
  }

  /** When it was made by its maker's clock; authenticated only once the slot was opened. */
  public Instant created() {
    return created;
  }

  /** By what kind of key it is opened. */
  public SlotMethod method() {
    return method;
  }

  /** The bytes to store. */
  public byte[] toBytes() {
    return item.clone();
  }

  @Override
  public String toString() {
    return "key slot " + id() + (label.isEmpty() ? "" : " (" + label + ")");
  }

  private static byte[] associated(RepositoryId repository, String itemKey, Encoder head) {
    byte[] binding = Binding.of(repository, ItemKind.KEY_SLOT, itemKey, Binding.WHOLE);
    return new Encoder(EXPECTED_BYTES).raw(binding).raw(head.array(), 0, head.length()).toBytes();
  }

  private static boolean isLabel(String label) {
    return label.length() <= MAX_LABEL_CHARACTERS
        && label.chars().noneMatch(Character::isISOControl);
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }

  private static byte[] checksum(byte[] bytes, int end) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, end);
      return Arrays.copyOf(digest.digest(), CHECKSUM_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
