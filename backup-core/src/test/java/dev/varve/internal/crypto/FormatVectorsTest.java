package dev.varve.internal.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.key.Key;
import dev.varve.key.KeyFile;
import dev.varve.key.Passphrase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * The test vectors of the format's description, fixed for ever: a repository written today must
 * open in ten years. Each was also computed by a program in another language.
 */
class FormatVectorsTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final RepositoryId REPOSITORY =
      new RepositoryId(0x0001020304050607L, 0x08090a0b0c0d0e0fL);
  private static final PackName PACK = new PackName(0x1011121314151617L, 0x18191a1b1c1d1e1fL);
  private static final byte[] ROOT = SelfTest.counting(32, 0);

  private final RepositoryKeys keys = RepositoryKeys.ofRoot(ROOT);

  @Test
  void purposeKeys_ofTheRootThatCountsUp_areThese() throws Exception {
    checkKey(
        KeyPurpose.DATA_ID, "f414a2fa9a87dd9e608757868d6fd38b48699d2c607bc4c39f995b04fa9ed6ac");
    checkKey(
        KeyPurpose.CATALOG_ID, "18bceed72b5a5f08739035815644c9eb1e25b26aa21188810397c0790109bd9b");
    checkKey(
        KeyPurpose.LIST_ID, "96d489d650cf1612cb62b88d1527ea322cfc92911bb68876faf9767fb2b7350b");
    checkKey(
        KeyPurpose.CHUNKER_TABLE,
        "508fd27b361c3916ffd96697f2cd364d8c2b79b729337f973e37f99fab9442ba");
    checkKey(
        KeyPurpose.CHUNKER_PRF, "65e90a7ba6311dd9c0a2d52b92eed87b868b6226a5591ab71f12c80d6d9cc678");
    checkKey(
        KeyPurpose.SEAL_DATA, "7b60e45ac2423da7943b522722fb0674db5dfc733ec742bd1a7aa0af3fe447b0");
    checkKey(
        KeyPurpose.SEAL_CATALOG,
        "f7e7f9ae0658822045ffcc2187bc22a6b709988da02755cdb27642ea8d373ab3");
    checkKey(
        KeyPurpose.SEAL_INDEX, "3abf08fa69c38792d8bdf7aec82c818a5216338f4f82d9d8e22c431a0341fce3");
    checkKey(
        KeyPurpose.SEAL_LOG, "9278636759138912946603ae5b38a58d5767bab1948200c5d515d2edb7b8aa98");
    checkKey(KeyPurpose.MARKER, "63864b3e3730aaa3490015af870a259f2cb18cc5674ed5f6c4ec7506ae727713");
    checkKey(
        KeyPurpose.CATALOG_CUT, "7d7a6ce298c4b030bb5c7f90ccfaa34aa6d9b930ce6bd4bd18e14113d138fa1b");
    assertEquals("0104726f6f74" + HEX.formatHex(ROOT), HEX.formatHex(keys.toTable()));
  }

  private void checkKey(KeyPurpose purpose, String expected) throws AbsentKeyException {
    assertEquals(expected, HEX.formatHex(keys.key(purpose)));
  }

  @Test
  void chunkIdsOfAbc_areThese() throws Exception {
    checkId(ChunkKind.DATA, "016b9200581ea297e488bf086bf7b8ce22f035fdbf72f5bf92cbc012912076d9");
    checkId(ChunkKind.CATALOG, "da1ef77363fd0f433d6c4b1fd78b7dd3cc99dacfbac945a8f56845a40a84b5ca");
    checkId(ChunkKind.LIST, "cee8777b06d68e7d5fb5fece6ea09fbdec97e4ee0eff3c17d330e4abbe9061f1");
  }

  private void checkId(ChunkKind kind, String expected) throws AbsentKeyException {
    byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        ChunkId.at(HEX.parseHex(expected), 0), new ChunkIds(keys).id(kind, abc, 0, abc.length));
  }

  @Test
  void bindingAndMarkerOfBlockSeven_areThese() throws Exception {
    assertEquals(
        "766172766501000102030405060708090a0b0c0d0e0f4400297061636b732f31302f"
            + "31303131313231333134313531363137313831393161316231633164316531660000000000000007",
        HEX.formatHex(Binding.of(REPOSITORY, ItemKind.DATA_PACK, PACK.key(), 7)));
    assertEquals("69e971a5d2a1a23e6220604e019290f7", HEX.formatHex(new Marker(keys).of(PACK, 7)));
  }

  @Test
  void slotOfAKeyFile_madeLongAgo_opens() throws Exception {
    KeyFile file =
        KeyFile.parse(
            "varve-key-1 0001-0203-0405-0607-0809-0a0b-0c0d-0e0f-"
                + "1011-1213-1415-1617-1819-1a1b-1c1d-1e1f-6177");
    checkSlot(
        "keys/ed55a11a87316216932b3b043d1beff5",
        "565256454b0102d99ec1c39f34057061706572b3024dbd38a910b9a7707c0fbaf8e78ebe68e588fea447d5fc"
            + "4284759ce032d75adaa1097a5e34db168c762246566a9e4ed3f9e7d50c1f0e01d94b5bd49529d94b88"
            + "da539b1c14357bcdaba3e98139bdbbe19dbae1d6e6ec01090a2bbc3a7f8115825690a5fd5086091d3a"
            + "0c6e62e73ac061813a6510ee0d69641e46f9e84c9a2105da778aebc5a532994b46029fc0",
        file,
        "paper");
  }

  @Test
  void slotOfAPassphrase_madeLongAgo_opens() throws Exception {
    checkSlot(
        "keys/664faf5ae060c17c3a69300bf15bb1dc",
        "565256454b0101d99ec1c39f34047465616d0000040000000001000000015024eca24ef23e6e51f6799ec491"
            + "9377ade49428dcde5af7daaa20118a6fabfe9ece7d7febedcea49ab6442bed9c2c0d4eec63466a874d"
            + "ee48b34fcf776e81a3da42ec4e3213ce27366421c258101c14139980533fa7fbd339c3c0e4032a9bdd"
            + "bb1ea9013e2ab75ab6e6f31bbeb1734a2c1f6a9cfee974c0cb8639f18e2d0318f3fcf8b8b38aaf85fa"
            + "fa7dd74b0959",
        Passphrase.of("correct horse".toCharArray()),
        "team");
  }

  private void checkSlot(String itemKey, String item, Key key, String label) throws Exception {
    KeySlotItem slot = KeySlotItem.read(itemKey, HEX.parseHex(item));
    assertEquals(label, slot.label());
    assertEquals(Instant.parse("2026-11-20T10:11:12.345Z"), slot.created());
    assertArrayEquals(keys.toTable(), slot.open(REPOSITORY, key).toTable());
  }
}
