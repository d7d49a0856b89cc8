package dev.varve.internal.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.crypto.tink.subtle.Hkdf;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class RepositoryKeysTest {

  private static final byte[] ROOT = Known.bytes(32, 1);
  private static final RepositoryId REPOSITORY = new RepositoryId(0x0123456789abcdefL, -2);

  private final RepositoryKeys keys = RepositoryKeys.ofRoot(ROOT);

  @Test
  void ofRoot_everyPurpose_isHkdfOfItsLabelAndUnlikeTheOthers() throws Exception {
    Set<String> seen = new HashSet<>();
    for (KeyPurpose purpose : KeyPurpose.values()) {
      byte[] info = ("varve-1 " + purpose.label()).getBytes(StandardCharsets.US_ASCII);
      byte[] expected = Hkdf.computeHkdf("HmacSha256", ROOT, new byte[0], info, 32);
      assertArrayEquals(expected, keys.key(purpose));
      assertTrue(seen.add(HexFormat.of().formatHex(expected)));
      assertEquals(purpose, KeyPurpose.find(purpose.label()).orElseThrow());
    }
  }

  @Test
  void generate_twice_sharesNothing() throws Exception {
    assertFalse(
        Arrays.equals(
            RepositoryKeys.generate().key(KeyPurpose.DATA_ID),
            RepositoryKeys.generate().key(KeyPurpose.DATA_ID)));
  }

  @Test
  void table_ofTheRoot_givesEverythingBack() throws Exception {
    RepositoryKeys again = RepositoryKeys.ofTable(keys.toTable());
    assertTrue(again.holdsRoot());
    assertArrayEquals(keys.key(KeyPurpose.SEAL_LOG), again.key(KeyPurpose.SEAL_LOG));
  }

  @Test
  void only_someKeys_holdsNoOthersAndNoRoot() throws Exception {
    Set<KeyPurpose> pruner =
        EnumSet.complementOf(EnumSet.of(KeyPurpose.SEAL_DATA, KeyPurpose.DATA_ID));
    RepositoryKeys some = RepositoryKeys.ofTable(keys.only(pruner).toTable());
    assertFalse(some.holdsRoot());
    for (KeyPurpose purpose : KeyPurpose.values()) {
      assertEquals(pruner.contains(purpose), some.holds(purpose));
      if (pruner.contains(purpose)) {
        assertArrayEquals(keys.key(purpose), some.key(purpose));
      } else {
        AbsentKeyException error = assertThrows(AbsentKeyException.class, () -> some.key(purpose));
        assertTrue(error.toString().contains("'" + purpose.label() + "'"));
      }
    }
    assertThrows(
        AbsentKeyException.class, () -> some.only(EnumSet.of(KeyPurpose.SEAL_DATA)).toTable());
    assertThrows(
        AbsentKeyException.class, () -> new ChunkIds(some).id(ChunkKind.DATA, new byte[1], 0, 1));
    assertThrows(
        AbsentKeyException.class,
        () -> BlockKey.draw().seal(some, REPOSITORY, PackKind.DATA, PackName.random()));
  }

  @Test
  void ofTable_anythingElse_isRefused() {
    Encoder none = new Encoder(8).varint(0);
    Encoder unknown = new Encoder(64).varint(1).text("other").raw(ROOT);
    Encoder twice = new Encoder(99).varint(2).text("marker").raw(ROOT).text("marker").raw(ROOT);
    Encoder rootAndMore = new Encoder(99).varint(2).text("root").raw(ROOT).text("marker").raw(ROOT);
    Encoder longer = new Encoder(99).raw(keys.toTable()).u8(0);
    Encoder purposeAndMore = new Encoder(99).varint(1).text("marker").raw(ROOT).u8(0);
    Encoder many = new Encoder(99).varint(Long.MAX_VALUE).text("root").raw(ROOT);
    for (Encoder table :
        new Encoder[] {none, unknown, twice, rootAndMore, longer, purposeAndMore, many}) {
      assertThrows(FormatException.class, () -> RepositoryKeys.ofTable(table.toBytes()));
    }
    byte[] table = keys.toTable();
    for (int length = 0; length < table.length; length++) {
      byte[] cut = Arrays.copyOf(table, length);
      assertThrows(FormatException.class, () -> RepositoryKeys.ofTable(cut));
    }
  }

  @Test
  void toString_ofWhateverHoldsAKey_showsNone() throws Exception {
    assertEquals("keys for [MARKER]", keys.only(EnumSet.of(KeyPurpose.MARKER)).toString());
    assertFalse(keys.toString().contains(HexFormat.of().formatHex(ROOT, 0, 4)));
    assertEquals("block key", BlockKey.draw().toString());
  }

  @Test
  void binding_isLaidOutAsStated() {
    String key = PackName.random().key();
    byte[] binding = Binding.of(REPOSITORY, ItemKind.DATA_PACK, key, Binding.BLOCK_KEY);
    ByteBuffer expected = ByteBuffer.allocate(5 + 1 + 16 + 1 + 2 + key.length() + 8);
    expected.put("varve".getBytes(StandardCharsets.US_ASCII)).put((byte) 1);
    expected.putLong(0x0123456789abcdefL).putLong(-2).put((byte) 'D');
    expected.putShort((short) 41).put(key.getBytes(StandardCharsets.US_ASCII)).putLong(-2);
    assertArrayEquals(expected.array(), binding);
  }

  @Test
  void binding_longestKeyThereCanBe_isLaidOutAndALongerOneRefused() {
    String longest = "k".repeat(0xffff);
    byte[] binding = Binding.of(REPOSITORY, ItemKind.DATA_PACK, longest, 7);
    assertEquals(5 + 1 + 16 + 1 + 2 + 0xffff + 8, binding.length);
    assertEquals((short) 0xffff, ByteBuffer.wrap(binding).getShort(23));
    assertEquals(7, ByteBuffer.wrap(binding).getLong(binding.length - 8));
    assertThrows(
        IllegalArgumentException.class,
        () -> Binding.of(REPOSITORY, ItemKind.DATA_PACK, longest + "k", 7));
  }

  @Test
  void repositoryId_isHkdfOfTheRootAndNeedsIt() throws Exception {
    byte[] info = "varve-1 repository-id".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer expected =
        ByteBuffer.wrap(Hkdf.computeHkdf("HmacSha256", ROOT, new byte[0], info, 16));
    assertEquals(new RepositoryId(expected.getLong(), expected.getLong()), keys.repositoryId());
    RepositoryKeys some = keys.only(EnumSet.of(KeyPurpose.MARKER));
    var error = assertThrows(IllegalStateException.class, some::repositoryId);
    assertEquals("The root is not held", error.getMessage());
  }

  @Test
  void blockKey_drawn_isNeitherZeroNorDrawnAgain() throws Exception {
    ByteBuffer sealed = ByteBuffer.allocate((int) StreamSeal.sealedLength(32));
    BlockKey.draw().stream().seal(ByteBuffer.wrap(ROOT), new byte[0], sealed);
    ByteBuffer opened = ByteBuffer.allocate(32);
    for (StreamSeal other :
        new StreamSeal[] {new StreamSeal(new byte[32]), BlockKey.draw().stream()}) {
      assertThrows(
          FormatException.class, () -> other.open(sealed.duplicate().flip(), new byte[0], opened));
    }
  }

  @Test
  void chunkId_isHmacUnderTheKeyOfItsKind() throws Exception {
    byte[] content = Known.bytes(5000, 2);
    ChunkIds ids = new ChunkIds(keys);
    Set<ChunkId> seen = new HashSet<>();
    for (ChunkKind kind : ChunkKind.values()) {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(keys.key(KeyPurpose.idOf(kind)), "HmacSHA256"));
      mac.update(content, 100, 4000);
      ChunkId id = ids.id(kind, content, 100, 4000);
      assertEquals(ChunkId.at(mac.doFinal(), 0), id);
      assertEquals(id, ids.id(kind, content, 100, 4000));
      assertNotEquals(id, ids.id(kind, content, 101, 4000));
      assertTrue(seen.add(id));
    }
  }

  @Test
  void marker_isTheStartOfAnHmacOfNameAndOrdinal() throws Exception {
    PackName pack = PackName.random();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(keys.key(KeyPurpose.MARKER), "HmacSHA256"));
    mac.update(HexFormat.of().parseHex(pack.hex() + "fffffffe"));
    Marker marker = new Marker(keys);
    byte[] expected = Arrays.copyOf(mac.doFinal(), 16);
    assertArrayEquals(expected, marker.of(pack, 0xffff_fffeL));
    assertFalse(Arrays.equals(expected, marker.of(pack, 0)));
  }

  @Test
  void blockKey_sealedForAPack_opensForThatPackOnly() throws Exception {
    BlockKey drawn = BlockKey.draw();
    PackName pack = PackName.random();
    byte[] sealed = drawn.seal(keys, REPOSITORY, PackKind.DATA, pack);
    assertEquals(BlockKey.SEALED_BYTES, sealed.length);

    BlockKey opened = BlockKey.open(sealed, keys, REPOSITORY, PackKind.DATA, pack);
    ByteBuffer block = ByteBuffer.allocate((int) StreamSeal.sealedLength(100));
    drawn.stream().seal(ByteBuffer.wrap(ROOT), new byte[0], block);
    ByteBuffer plain = ByteBuffer.allocate(32);
    opened.stream().open(block.flip(), new byte[0], plain);
    assertArrayEquals(ROOT, plain.array());

    assertThrows(
        FormatException.class,
        () -> BlockKey.open(sealed, keys, REPOSITORY, PackKind.DATA, PackName.random()));
    assertThrows(
        FormatException.class,
        () -> BlockKey.open(sealed, keys, REPOSITORY, PackKind.CATALOG, pack));
    assertThrows(
        FormatException.class,
        () -> BlockKey.open(sealed, keys, RepositoryId.random(), PackKind.DATA, pack));
  }
}
