package dev.varve.internal.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.NewerFormatException;
import dev.varve.internal.format.RepositoryId;
import dev.varve.key.Key;
import dev.varve.key.KeyFile;
import dev.varve.key.KeyWrap;
import dev.varve.key.Passphrase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeySlotItemTest {

  private static final RepositoryId REPOSITORY = RepositoryId.random();
  private static final Instant CREATED = Instant.parse("2026-11-20T10:11:12.345Z");
  private static final RepositoryKeys KEYS = RepositoryKeys.generate();
  private static final Passphrase PASSPHRASE = Passphrase.of("Korrekt, Pferd".toCharArray());
  private static final KeyFile FILE = KeyFile.generate();
  private static final SmallSeal HOST_SEAL = new SmallSeal(Known.bytes(32, 1));
  private static final KeyWrap HOST = KeyWrap.of(HOST_SEAL::seal, KeySlotItemTest::hostOpen);
  private static final List<Key> EACH = List.of(PASSPHRASE, FILE, HOST);

  private static byte[] hostOpen(byte[] sealed, byte[] associated) throws GeneralSecurityException {
    try {
      return HOST_SEAL.open(sealed, associated);
    } catch (FormatException e) {
      throw new GeneralSecurityException("refused", e);
    }
  }

  private static KeySlotItem make(Key key) throws IOException {
    return KeySlotItem.make(KEYS, REPOSITORY, key, "Zoë's büro", CREATED, Argon2Cost.LEAST);
  }

  private static KeySlotItem read(KeySlotItem slot, byte[] bytes) throws FormatException {
    return KeySlotItem.read(slot.itemKey(), bytes);
  }

  @Test
  void make_everyKindOfKey_isListedWithoutAndOpenedWithIt() throws Exception {
    for (Key key : EACH) {
      KeySlotItem made = make(key);
      KeySlotItem slot = read(made, made.toBytes());
      assertEquals("Zoë's büro", slot.label());
      assertEquals(CREATED, slot.created());
      assertEquals(SlotMethod.of(key), slot.method());
      assertEquals("keys/" + slot.id(), slot.itemKey());
      assertTrue(slot.toBytes().length <= KeySlotItem.MAX_BYTES);
      RepositoryKeys opened = slot.open(REPOSITORY, key);
      assertTrue(opened.holdsRoot());
      assertArrayEquals(KEYS.key(KeyPurpose.SEAL_LOG), opened.key(KeyPurpose.SEAL_LOG));
    }
  }

  @Test
  void make_someKeysOnly_handsOutNoOthers() throws Exception {
    KeySlotItem slot =
        KeySlotItem.make(
            KEYS.only(EnumSet.of(KeyPurpose.SEAL_LOG)),
            REPOSITORY,
            FILE,
            "",
            CREATED,
            Argon2Cost.LEAST);
    RepositoryKeys opened = slot.open(REPOSITORY, FILE);
    assertTrue(opened.holds(KeyPurpose.SEAL_LOG));
    assertFalse(opened.holds(KeyPurpose.SEAL_DATA));
    assertFalse(opened.holdsRoot());
  }

  @Test
  void open_printedAndTypedKeyFile_opens() throws Exception {
    KeySlotItem slot = make(FILE);
    String printed = FILE.text();
    int digits = printed.indexOf(' ');
    String typed =
        printed.substring(0, digits)
            + printed.substring(digits).toUpperCase(Locale.ROOT).replace("-", "  ");
    assertTrue(slot.open(REPOSITORY, KeyFile.parse(typed)).holdsRoot());
  }

  @Test
  void open_wrongKeyOfTheRightKind_isAWrongKeyNotDamage() throws Exception {
    KeyWrap otherHost =
        KeyWrap.of(
            HOST_SEAL::seal,
            (wrapped, associated) -> {
              throw new GeneralSecurityException("no such key");
            });
    List<Key> wrong =
        List.of(Passphrase.of("Korrekt, pferd".toCharArray()), KeyFile.generate(), otherHost);
    for (int i = 0; i < EACH.size(); i++) {
      KeySlotItem slot = make(EACH.get(i));
      for (Key key : wrong) {
        WrongKeyException error =
            assertThrows(WrongKeyException.class, () -> slot.open(REPOSITORY, key));
        assertEquals(refusal(slot, key), error.getMessage());
        boolean told = slot.method() == SlotMethod.HOST && slot.fits(key);
        if (!told) {
          error = assertThrows(WrongKeyException.class, () -> slot.findRepository(key));
          assertEquals(refusal(slot, key), error.getMessage());
        }
      }
    }
  }

  private static String refusal(KeySlotItem slot, Key key) {
    String name = "key slot " + slot.id() + " (Zoë's büro)";
    String kind =
        switch (slot.method()) {
          case PASSPHRASE -> "passphrase";
          case KEY_FILE -> "key file";
          case HOST -> "host-supplied key";
        };
    if (!slot.fits(key)) {
      return name + " is opened by a " + kind + ", not by a " + key;
    }
    return slot.method() == SlotMethod.HOST
        ? "The host's function does not unwrap " + name + ": no such key"
        : "The " + kind + " is not the one of " + name;
  }

  @Test
  void fits_keysOfTheSameKind_only() throws Exception {
    for (Key key : EACH) {
      for (Key other : EACH) {
        assertEquals(key == other, make(key).fits(other));
      }
    }
    assertTrue(make(FILE).fits(KeyFile.generate()));
  }

  @Test
  void findRepository_rootUnderItsOwnId_isFoundUntold() throws Exception {
    RepositoryId own = KEYS.repositoryId();
    for (Key key : EACH) {
      KeySlotItem slot = KeySlotItem.make(KEYS, own, key, "", CREATED, Argon2Cost.LEAST);
      Optional<RepositoryId> expected = key == HOST ? Optional.empty() : Optional.of(own);
      assertEquals(expected, slot.findRepository(key));
      if (key != HOST) {
        KeySlotItem elsewhere = make(key);
        assertThrows(FormatException.class, () -> elsewhere.findRepository(key));
        byte[] changed = withChecksum(Known.flipped(slot.toBytes(), 8 * 9));
        assertThrows(FormatException.class, () -> read(slot, changed).findRepository(key));
      }
    }
  }

  @Test
  void findRepository_slotWithoutTheRoot_isNotFound() throws Exception {
    RepositoryKeys some = KEYS.only(EnumSet.of(KeyPurpose.SEAL_LOG));
    KeySlotItem slot =
        KeySlotItem.make(some, KEYS.repositoryId(), FILE, "", CREATED, Argon2Cost.LEAST);
    assertEquals(Optional.empty(), slot.findRepository(FILE));
  }

  @Test
  void read_ofANewerVersion_saysSoWhateverItsChecksum() throws Exception {
    KeySlotItem slot = make(FILE);
    byte[] newer = slot.toBytes();
    newer[5]++;
    assertThrows(NewerFormatException.class, () -> read(slot, newer));
    for (int length : new int[] {16, KeySlotItem.MAX_BYTES}) {
      assertThrows(NewerFormatException.class, () -> read(slot, Arrays.copyOf(newer, length)));
    }
  }

  @Test
  void read_anythingBehindTheWrappedKeys_isRefused() throws Exception {
    KeySlotItem slot = make(FILE);
    byte[] bytes = slot.toBytes();
    byte[] longer = withChecksum(Arrays.copyOf(bytes, bytes.length + 1));
    assertThrows(FormatException.class, () -> read(slot, longer));
  }

  @Test
  void read_tooShortOrTooLong_saysHowLong() throws Exception {
    KeySlotItem slot = make(FILE);
    for (int length : new int[] {0, 15, KeySlotItem.MAX_BYTES + 1}) {
      byte[] other = Arrays.copyOf(slot.toBytes(), length);
      var error = assertThrows(FormatException.class, () -> read(slot, other));
      assertEquals("No key slot is " + length + " bytes long", error.getMessage());
    }
  }

  @Test
  void make_longestLabel_isTaken() throws Exception {
    String label = "あ".repeat(KeySlotItem.MAX_LABEL_CHARACTERS);
    KeySlotItem slot = KeySlotItem.make(KEYS, REPOSITORY, FILE, label, CREATED, Argon2Cost.LEAST);
    assertEquals(label, read(slot, slot.toBytes()).label());
  }

  @Test
  void read_anyBitFlippedByAccident_isDamageNotAWrongKey() throws Exception {
    for (Key key : EACH) {
      KeySlotItem slot = make(key);
      byte[] bytes = slot.toBytes();
      for (int bit = 0; bit < 8 * bytes.length; bit++) {
        byte[] changed = Known.flipped(bytes, bit);
        assertThrows(FormatException.class, () -> read(slot, changed));
      }
      for (int length = 0; length < bytes.length + 40; length++) {
        byte[] other = Arrays.copyOf(bytes, length);
        if (length != bytes.length) {
          assertThrows(FormatException.class, () -> read(slot, other));
        }
      }
    }
  }

  /** Who can write the store can make the checksum fit. */
  @Test
  void open_anyBitFlippedOnPurpose_givesNoKeys() throws Exception {
    for (Key key : EACH) {
      KeySlotItem slot = make(key);
      byte[] bytes = slot.toBytes();
      for (int bit = 0; bit < 8 * (bytes.length - 16); bit++) {
        byte[] changed = withChecksum(Known.flipped(bytes, bit));
        try {
          KeySlotItem read = read(slot, changed);
          if (Argon2Cost.LEAST.equals(costIn(read))) {
            assertThrows(IOException.class, () -> read.open(REPOSITORY, key));
          } else {
            assertNotEquals(Argon2Cost.LEAST, costIn(read));
          }
        } catch (FormatException refused) {
          assertTrue(refused.toString().length() > FormatException.class.getName().length() + 2);
        }
      }
    }
  }

  /** Turned up within the limits, Argon2id would run for long; the next test is about that. */
  private static Argon2Cost costIn(KeySlotItem slot) throws FormatException {
    if (slot.method() != SlotMethod.PASSPHRASE) {
      return Argon2Cost.LEAST;
    }
    ByteBuffer bytes = ByteBuffer.wrap(slot.toBytes());
    int start = 6 + 1 + 6 + 1 + slot.label().getBytes(StandardCharsets.UTF_8).length;
    return new Argon2Cost(bytes.getInt(start), bytes.getInt(start + 4), bytes.getInt(start + 8));
  }

  @Test
  void open_argon2TurnedUpOrDownWithinTheLimits_givesNoKeys() throws Exception {
    Argon2Cost cost = new Argon2Cost(2 << 10, 2, 1);
    KeySlotItem slot = KeySlotItem.make(KEYS, REPOSITORY, PASSPHRASE, "", CREATED, cost);
    assertTrue(slot.open(REPOSITORY, PASSPHRASE).holdsRoot());
    int start = 6 + 1 + 6 + 1;
    for (int[] change : new int[][] {{0, 1 << 10}, {0, 3 << 10}, {4, 1}, {4, 3}, {8, 2}}) {
      byte[] bytes = slot.toBytes();
      ByteBuffer.wrap(bytes).putInt(start + change[0], change[1]);
      KeySlotItem changed = read(slot, withChecksum(bytes));
      assertThrows(WrongKeyException.class, () -> changed.open(REPOSITORY, PASSPHRASE));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1",
    "1023, 1, 1",
    "1048577, 1, 1",
    "2147483647, 1, 1",
    "-1, 3, 1",
    "65536, 0, 1",
    "65536, 17, 1",
    "65536, -1, 1",
    "65536, 3, 0",
    "65536, 3, 17",
    "65536, 3, -1"
  })
  void read_argon2BeyondTheLimits_isRefusedUnrun(int memoryKib, int passes, int lanes)
      throws Exception {
    KeySlotItem slot =
        KeySlotItem.make(KEYS, REPOSITORY, PASSPHRASE, "", CREATED, Argon2Cost.LEAST);
    byte[] bytes = slot.toBytes();
    ByteBuffer.wrap(bytes).putInt(14, memoryKib).putInt(18, passes).putInt(22, lanes);
    byte[] hostile = withChecksum(bytes);
    FormatException error = assertThrows(FormatException.class, () -> read(slot, hostile));
    assertTrue(error.toString().contains("the limits are"), error.toString());
    assertThrows(IllegalArgumentException.class, () -> new Argon2Cost(memoryKib, passes, lanes));
  }

  @Test
  void open_moreMemoryThanTheHeapHas_isRefusedUnrun() throws Exception {
    long heapKib = Runtime.getRuntime().maxMemory() >> 10;
    int memoryKib = (int) Math.min(Argon2Cost.MOST_MEMORY_KIB, heapKib);
    assumeTrue(memoryKib == heapKib, "a heap of a GiB holds whatever a slot may ask for");
    KeySlotItem slot =
        KeySlotItem.make(KEYS, REPOSITORY, PASSPHRASE, "", CREATED, Argon2Cost.LEAST);
    byte[] bytes = slot.toBytes();
    ByteBuffer.wrap(bytes).putInt(14, memoryKib);
    KeySlotItem greedy = read(slot, withChecksum(bytes));
    for (Executable use :
        List.<Executable>of(
            () -> greedy.open(REPOSITORY, PASSPHRASE), () -> greedy.findRepository(PASSPHRASE))) {
      IOException error = assertThrows(IOException.class, use);
      assertTrue(error.toString().contains("-Xmx"), error.toString());
    }
  }

  @Test
  void open_anotherRepositorysSlotOrAnotherName_isRefused() throws Exception {
    for (Key key : EACH) {
      KeySlotItem slot = make(key);
      assertThrows(IOException.class, () -> slot.open(RepositoryId.random(), key));
      String otherName = "keys/" + "0123456789abcdef".repeat(2);
      KeySlotItem moved = KeySlotItem.read(otherName, slot.toBytes());
      assertThrows(IOException.class, () -> moved.open(REPOSITORY, key));
    }
    KeySlotItem slot = make(FILE);
    assertThrows(FormatException.class, () -> slot.open(RepositoryId.random(), FILE));
  }

  @Test
  void make_twiceWithTheSameKey_sharesNothingButWhatIsSaid() throws Exception {
    byte[] once = make(FILE).toBytes();
    byte[] again = make(FILE).toBytes();
    int start = 6 + 1 + 6 + 1 + 12;
    assertFalse(Arrays.equals(once, start, start + 48, again, start, start + 48));
  }

  @Test
  void read_aNameOrALabelThatCannotBe_isRefused() throws Exception {
    KeySlotItem slot = make(FILE);
    for (String name : List.of("keys/", "keys/x", "keys/" + "A".repeat(32), "log/" + slot.id())) {
      assertThrows(FormatException.class, () -> KeySlotItem.read(name, slot.toBytes()));
    }
    for (String label : List.of("x".repeat(65), "a\nb", "\u001b[2J")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> KeySlotItem.make(KEYS, REPOSITORY, FILE, label, CREATED, Argon2Cost.LEAST));
    }
    byte[] escaping = slot.toBytes();
    escaping[6 + 1 + 6 + 1] = 0x1b;
    assertThrows(FormatException.class, () -> read(slot, withChecksum(escaping)));
  }

  @Test
  void make_hostFunctionFails_saysSo() {
    KeyWrap broken =
        KeyWrap.of(
            (keys, associated) -> {
              throw new GeneralSecurityException("quota");
            },
            (wrapped, associated) -> wrapped);
    IOException error = assertThrows(IOException.class, () -> make(broken));
    assertTrue(error.toString().contains("quota"));
    assertInstanceOf(GeneralSecurityException.class, error.getCause());
  }

  @Test
  void toString_ofASlot_showsIdAndLabelOnly() throws Exception {
    KeySlotItem slot = make(FILE);
    assertEquals("key slot " + slot.id() + " (Zoë's büro)", slot.toString());
    assertSame(SlotMethod.KEY_FILE, slot.method());
    byte[] bytes = slot.toBytes();
    String secret = FILE.use(key -> HexFormat.of().formatHex(key));
    assertFalse(HexFormat.of().formatHex(bytes).contains(secret));
  }

  private static byte[] withChecksum(byte[] bytes) throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(bytes, 0, bytes.length - 16);
    System.arraycopy(digest.digest(), 0, bytes, bytes.length - 16, 16);
    return bytes;
  }
}
