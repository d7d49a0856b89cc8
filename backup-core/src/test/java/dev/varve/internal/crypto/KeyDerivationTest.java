package dev.varve.internal.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;

/** HMAC, HKDF and Argon2id against the vectors of their RFCs. */
class KeyDerivationTest {

  private static final HexFormat HEX = HexFormat.of();

  /** RFC 4231, test cases 1, 3 and 4. */
  @Test
  void hmac_rfc4231Vectors_giveThePublishedCode() {
    checkHmac(
        "0b".repeat(20),
        "4869205468657265",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    checkHmac(
        "aa".repeat(20),
        "dd".repeat(50),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    checkHmac(
        "0102030405060708090a0b0c0d0e0f10111213141516171819",
        "cd".repeat(50),
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  }

  private static void checkHmac(String key, String message, String expected) {
    assertEquals(
        expected, HEX.formatHex(Hmac.under(HEX.parseHex(key)).doFinal(HEX.parseHex(message))));
  }

  @Test
  void hmac_rfc4231KeyLongerThanABlock_givesThePublishedCode() {
    String message = "Test Using Larger Than Block-Size Key - Hash Key First";
    assertEquals(
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        HEX.formatHex(
            Hmac.under(HEX.parseHex("aa".repeat(131)))
                .doFinal(message.getBytes(StandardCharsets.US_ASCII))));
  }

  @Test
  void hkdf_rfc5869Vectors_giveThePublishedKeys() {
    assertEquals(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        HEX.formatHex(
            Hkdf.derive(
                HEX.parseHex("0b".repeat(22)),
                HEX.parseHex("000102030405060708090a0b0c"),
                HEX.parseHex("f0f1f2f3f4f5f6f7f8f9"),
                42)));
    assertEquals(
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
            + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
            + "cc30c58179ec3e87c14c01d5c1f3434f1d87",
        HEX.formatHex(
            Hkdf.derive(
                SelfTest.counting(80, 0),
                SelfTest.counting(80, 0x60),
                SelfTest.counting(80, 0xb0),
                82)));
    assertEquals(
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        HEX.formatHex(Hkdf.derive(HEX.parseHex("0b".repeat(22)), new byte[0], new byte[0], 42)));
  }

  @Test
  void hkdf_anyLength_isWhatTinkGives() throws Exception {
    for (int bytes = 1; bytes <= 200; bytes++) {
      byte[] key = Known.bytes(bytes, 1);
      byte[] salt = Known.bytes(bytes % 70, 2);
      byte[] info = Known.bytes(bytes % 90, 3);
      assertEquals(
          HEX.formatHex(
              com.google.crypto.tink.subtle.Hkdf.computeHkdf("HmacSha256", key, salt, info, bytes)),
          HEX.formatHex(Hkdf.derive(key, salt, info, bytes)));
    }
  }

  @Test
  void hkdf_asMuchAsThereIsAndNoMore_isGiven() throws Exception {
    byte[] key = Known.bytes(32, 1);
    assertEquals(
        HEX.formatHex(
            com.google.crypto.tink.subtle.Hkdf.computeHkdf("HmacSha256", key, key, key, 255 * 32)),
        HEX.formatHex(Hkdf.derive(key, key, key, 255 * 32)));
    for (int bytes : new int[] {-1, 0, 255 * 32 + 1}) {
      var error =
          assertThrows(IllegalArgumentException.class, () -> Hkdf.derive(key, key, key, bytes));
      assertEquals("HKDF gives 1 to 8160 bytes, not " + bytes, error.getMessage());
    }
  }

  @Test
  void argon2id_rfc9106Vector_givesThePublishedTag() {
    Argon2BytesGenerator argon = new Argon2BytesGenerator();
    argon.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(32)
            .withIterations(3)
            .withParallelism(4)
            .withSalt(HEX.parseHex("02".repeat(16)))
            .withSecret(HEX.parseHex("03".repeat(8)))
            .withAdditional(HEX.parseHex("04".repeat(12)))
            .build());
    byte[] tag = new byte[32];
    argon.generateBytes(HEX.parseHex("01".repeat(32)), tag);
    assertEquals(
        "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659", HEX.formatHex(tag));
  }

  /** From the test programme of Argon2's reference implementation. */
  @Test
  void argon2Cost_referenceVector_givesThePublishedKey() {
    assertEquals(
        "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
        HEX.formatHex(
            new Argon2Cost(64 << 10, 2, 1)
                .derive(
                    "password".getBytes(StandardCharsets.US_ASCII),
                    "somesalt".getBytes(StandardCharsets.US_ASCII))));
  }
}
