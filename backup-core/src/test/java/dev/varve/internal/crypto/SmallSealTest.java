package dev.varve.internal.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.aead.XAesGcmKey;
import com.google.crypto.tink.aead.XAesGcmParameters;
import com.google.crypto.tink.aead.internal.XAesGcm;
import com.google.crypto.tink.util.SecretBytes;
import dev.varve.internal.format.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.LongStream;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.junit.jupiter.api.Test;

class SmallSealTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] NONCE = ascii("ABCDEFGHIJKLMNOPQRSTUVWX");

  @Test
  void seal_c2spVectors_giveThePublishedCiphertexts() throws Exception {
    checkVector(1, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271");
    checkVector(
        3, "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d");
  }

  private static void checkVector(int keyByte, String associated, String expected)
      throws FormatException {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) keyByte);
    SmallSeal seal = new SmallSeal(key);
    byte[] sealed = seal.seal(NONCE, ascii("XAES-256-GCM"), ascii(associated));
    assertEquals(HEX.formatHex(NONCE) + expected, HEX.formatHex(sealed));
    assertArrayEquals(ascii("XAES-256-GCM"), seal.open(sealed, ascii(associated)));
  }

  @Test
  void seal_c2spAccumulatedTenThousand_givesThePublishedHash() throws Exception {
    SHAKEDigest random = new SHAKEDigest(128);
    SHAKEDigest hash = new SHAKEDigest(128);
    for (int i = 0; i < 10_000; i++) {
      SmallSeal seal = new SmallSeal(next(random, 32));
      byte[] nonce = next(random, 24);
      byte[] plain = next(random, next(random, 1)[0] & 0xff);
      byte[] associated = next(random, next(random, 1)[0] & 0xff);
      byte[] sealed = seal.seal(nonce, plain, associated);
      assertArrayEquals(plain, seal.open(sealed, associated));
      hash.update(sealed, 24, sealed.length - 24);
    }
    byte[] result = new byte[32];
    hash.doFinal(result, 0, result.length);
    assertEquals(
        "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939", HEX.formatHex(result));
  }

  private static byte[] next(SHAKEDigest random, int count) {
    byte[] bytes = new byte[count];
    random.doOutput(bytes, 0, count);
    return bytes;
  }

  @Test
  void seal_andTinksXAes_openEachOther() throws Exception {
    byte[] key = Known.bytes(32, 1);
    byte[] plain = Known.bytes(300, 2);
    byte[] associated = Known.bytes(40, 3);
    var tink =
        XAesGcm.create(
            XAesGcmKey.create(
                XAesGcmParameters.create(XAesGcmParameters.Variant.NO_PREFIX, 12),
                SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()),
                null));
    SmallSeal ours = new SmallSeal(key);
    assertArrayEquals(plain, tink.decrypt(ours.seal(plain, associated), associated));
    assertArrayEquals(plain, ours.open(tink.encrypt(plain, associated), associated));
  }

  @Test
  void open_anythingChanged_isRefused() throws Exception {
    SmallSeal seal = new SmallSeal(Known.bytes(32, 1));
    byte[] associated = Known.bytes(20, 2);
    byte[] sealed = seal.seal(Known.bytes(100, 3), associated);
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] changed = Known.flipped(sealed, bit);
      assertThrows(FormatException.class, () -> seal.open(changed, associated));
    }
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThrows(FormatException.class, () -> seal.open(cut, associated));
    }
    byte[] longer = Arrays.copyOf(sealed, sealed.length + 1);
    assertThrows(FormatException.class, () -> seal.open(longer, associated));
    for (int bit = 0; bit < 8 * associated.length; bit++) {
      byte[] elsewhere = Known.flipped(associated, bit);
      assertThrows(FormatException.class, () -> seal.open(sealed, elsewhere));
    }
    SmallSeal other = new SmallSeal(Known.bytes(32, 4));
    assertThrows(FormatException.class, () -> other.open(sealed, associated));
  }

  @Test
  void seal_twice_looksDifferentAndHasTheStatedLength() {
    SmallSeal seal = new SmallSeal(Known.bytes(32, 1));
    byte[] once = seal.seal(new byte[10], new byte[0]);
    byte[] again = seal.seal(new byte[10], new byte[0]);
    assertEquals(10 + SmallSeal.OVERHEAD_BYTES, once.length);
    assertFalse(Arrays.equals(once, again));
  }

  /** Ciphers are kept and used again; no two threads may have the same. */
  @Test
  void sealAndOpen_byManyThreadsAtOnce_giveThePlaintext() {
    SmallSeal seal = new SmallSeal(Known.bytes(32, 1));
    long wrong =
        LongStream.range(0, 2000)
            .parallel()
            .filter(
                i -> {
                  byte[] plain = Known.bytes(1 + (int) i % 700, i);
                  byte[] associated = Known.bytes(20, -i);
                  try {
                    return !Arrays.equals(
                        plain, seal.open(seal.seal(plain, associated), associated));
                  } catch (FormatException e) {
                    return true;
                  }
                })
            .count();
    assertEquals(0, wrong);
  }

  @Test
  void unconfirmed_ofWhatWasSealed_isThePlaintextWhereverItBelongs() throws Exception {
    SmallSeal seal = new SmallSeal(Known.bytes(32, 1));
    for (int bytes : new int[] {0, 1, 16, 33, 5000}) {
      byte[] plain = Known.bytes(bytes, 3);
      byte[] sealed = seal.seal(plain, Known.bytes(20, 2));
      assertArrayEquals(plain, seal.unconfirmed(sealed));
      byte[] otherTag = Known.flipped(sealed, 8 * sealed.length - 1);
      assertArrayEquals(plain, seal.unconfirmed(otherTag));
    }
    FormatException error =
        assertThrows(FormatException.class, () -> seal.unconfirmed(new byte[39]));
    assertEquals("A sealed item has at least 40 bytes, this 39", error.getMessage());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
