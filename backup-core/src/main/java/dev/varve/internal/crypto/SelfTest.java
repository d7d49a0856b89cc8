package dev.varve.internal.crypto;

import dev.varve.internal.format.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Known answers of every cryptographic function in use, to be asked for before anything is written:
 * a faulty JDK, library or memory shows here rather than in a backup. Takes a few milliseconds,
 * most of them for loading what is needed anyway. Stateless.
 */
public final class SelfTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] KEY = counting(32, 0);
  private static final byte[] PLAIN = counting(8200, 3);
  private static final byte[] PLACE = "place".getBytes(StandardCharsets.US_ASCII);

  private SelfTest() {}

  /**
   * Runs all of them.
   *
   * @throws IOException if an answer is wrong, naming the function
   */
  public static void run() throws IOException {
    // RFC 4231, test case 2.
    expect(
        "HMAC-SHA-256",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        Hmac.under("Jefe".getBytes(StandardCharsets.US_ASCII))
            .doFinal("what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII)));
    // FIPS 197, appendix C.1.
    expect("AES-128", "69c4e0d86a7b0430d8cdb78070b4c55a", aesBlock());
    small();
    // One segment; a first, a full and a short last one.
    stream(100, "aa5505ee547e41701b66bd9329b66fde9275a7538888e217be2f82b629f90a28");
    stream(PLAIN.length, "8556511073891167263acff3416dbbee44296e0a25bc29ab3046f35b50e37c63");
  }

  private static byte[] aesBlock() {
    try {
      Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(KEY, 0, 16, "AES"));
      return aes.doFinal(HEX.parseHex("00112233445566778899aabbccddeeff"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has AES-128", e);
    }
  }

  /** The second vector of the C2SP specification. */
  private static void small() throws IOException {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 3);
    byte[] nonce = "ABCDEFGHIJKLMNOPQRSTUVWX".getBytes(StandardCharsets.US_ASCII);
    byte[] plain = "XAES-256-GCM".getBytes(StandardCharsets.US_ASCII);
    byte[] place = "c2sp.org/XAES-256-GCM".getBytes(StandardCharsets.US_ASCII);
    SmallSeal seal = new SmallSeal(key);
    byte[] sealed = seal.seal(nonce, plain, place);
    expect(
        "XAES-256-GCM",
        HEX.formatHex(nonce) + "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d",
        sealed);
    try {
      expect("XAES-256-GCM", HEX.formatHex(plain), seal.open(sealed, place));
    } catch (FormatException e) {
      throw wrong("XAES-256-GCM", e);
    }
  }

  /** Seals so many bytes under a fixed header; the answers are what Tink gives. */
  private static void stream(int plainBytes, String expectedHash) throws IOException {
    byte[] header = counting(StreamSeal.HEADER_BYTES, StreamSeal.HEADER_BYTES);
    StreamSeal seal = new StreamSeal(KEY);
    ByteBuffer sealed = ByteBuffer.allocate((int) StreamSeal.sealedLength(plainBytes));
    seal.seal(header, ByteBuffer.wrap(PLAIN, 0, plainBytes), PLACE, sealed);
    String what = "Segmented AES-256-GCM of " + plainBytes + " bytes";
    expect(what, expectedHash, Hmac.under(KEY).doFinal(sealed.array()));
    ByteBuffer opened = ByteBuffer.allocate(plainBytes);
    try {
      seal.open(sealed.flip(), PLACE, opened);
    } catch (FormatException e) {
      throw wrong(what, e);
    }
    if (!opened.flip().equals(ByteBuffer.wrap(PLAIN, 0, plainBytes))) {
      throw wrong(what, new IOException("What was opened is not what was sealed"));
    }
  }

  private static void expect(String what, String expected, byte[] answer) throws IOException {
    String given = HEX.formatHex(answer);
    if (!given.equals(expected)) {
      throw wrong(what, new IOException("Expected " + expected + ", got " + given));
    }
  }

  private static IOException wrong(String what, IOException cause) {
    return new IOException(
        what
            + " gives wrong results on this machine; look for bad memory or a faulty JDK, and write"
            + " no backup before it is found",
        cause);
  }

  /** Bytes that count up from {@code first}. */
  static byte[] counting(int count, int first) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }
}
