package dev.varve.internal.crypto;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.internal.format.FormatException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The vectors of Project Wycheproof that apply, valid and invalid; the file says which. */
class WycheproofTest {

  private static final String FILE = "wycheproof.txt";

  /** The vectors of one function: their fields, number and result first. */
  private static List<List<String>> vectors(String function) throws IOException {
    List<List<String>> vectors = new ArrayList<>();
    List<String> before = List.of();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                requireNonNull(WycheproofTest.class.getResourceAsStream(FILE)),
                StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.startsWith(function + " ")) {
          continue;
        }
        List<String> fields = new ArrayList<>(Arrays.asList(line.split(" ", -1)));
        for (int i = 0; i < fields.size(); i++) {
          if (fields.get(i).equals("\"")) {
            fields.set(i, before.get(i));
          }
        }
        vectors.add(fields.subList(1, fields.size()));
        before = fields;
      }
    }
    return vectors;
  }

  private static byte[] bytes(String field) {
    return field.equals("-") ? new byte[0] : HexFormat.of().parseHex(field);
  }

  private static boolean valid(List<String> vector) {
    return vector.get(1).equals("valid");
  }

  @Test
  void gcm_everyVector_isSealedAsPublishedAndOpenedIfItsTagIsRight() throws Exception {
    List<List<String>> vectors = vectors("gcm");
    assertEquals(54, vectors.size());
    for (List<String> vector : vectors) {
      SecretKeySpec key = new SecretKeySpec(bytes(vector.get(2)), "AES");
      byte[] nonce = bytes(vector.get(3));
      byte[] associated = bytes(vector.get(4));
      byte[] message = bytes(vector.get(5));
      byte[] sealed = bytes(vector.get(6).replace("-", "") + vector.get(7));
      byte[] ours = gcm(Cipher.ENCRYPT_MODE, key, nonce, associated, message);
      int tag = message.length;
      if (valid(vector)) {
        assertArrayEquals(sealed, ours, vector.get(0));
        assertArrayEquals(
            message, gcm(Cipher.DECRYPT_MODE, key, nonce, associated, sealed), vector.get(0));
      } else {
        assertArrayEquals(Arrays.copyOf(sealed, tag), Arrays.copyOf(ours, tag), vector.get(0));
        assertThrows(
            AEADBadTagException.class,
            () -> gcm(Cipher.DECRYPT_MODE, key, nonce, associated, sealed),
            vector.get(0));
      }
    }
  }

  private static byte[] gcm(
      int mode, SecretKeySpec key, byte[] nonce, byte[] associated, byte[] input)
      throws GeneralSecurityException {
    Cipher gcm = SmallSeal.gcm();
    SmallSeal.init(gcm, mode, key, nonce, 0, associated);
    return gcm.doFinal(input);
  }

  /** A segment has no associated data, and its nonce ends in 0 or 1: that leaves one. */
  @Test
  void segments_vectorsThatCanBeOne_areSealedAsPublishedAndOpened() throws Exception {
    int segments = 0;
    for (List<String> vector : vectors("gcm")) {
      byte[] nonce = bytes(vector.get(3));
      if (!vector.get(4).equals("-") || nonce[11] < 0 || nonce[11] > 1) {
        continue;
      }
      segments++;
      SecretKeySpec key = new SecretKeySpec(bytes(vector.get(2)), "AES");
      byte[] header = new byte[StreamSeal.HEADER_BYTES];
      int prefix = StreamSeal.PREFIX_BYTES;
      System.arraycopy(nonce, 0, header, header.length - prefix, prefix);
      long number = Integer.toUnsignedLong(ByteBuffer.wrap(nonce).getInt(prefix));
      boolean last = nonce[11] == 1;
      byte[] message = bytes(vector.get(5));
      byte[] expected = bytes(vector.get(6) + vector.get(7));
      SegmentCipher cipher = new SegmentCipher();
      cipher.header(header);
      ByteBuffer sealed = ByteBuffer.allocate(expected.length);
      cipher.seal(key, number, last, ByteBuffer.wrap(message), message.length, sealed);
      assertArrayEquals(expected, sealed.array());
      ByteBuffer plain = ByteBuffer.allocate(message.length);
      cipher.open(key, number, last, sealed.flip(), expected.length, plain);
      assertArrayEquals(message, plain.array());
      for (int bit = 0; bit < 8 * expected.length; bit++) {
        ByteBuffer changed = ByteBuffer.wrap(Known.flipped(expected, bit));
        assertThrows(
            FormatException.class,
            () -> cipher.open(key, number, last, changed, expected.length, plain.clear()));
      }
    }
    assertEquals(1, segments);
  }

  @Test
  void hmac_everyVector_isThePublishedCodeAndNoOther() throws Exception {
    List<List<String>> vectors = vectors("hmac");
    assertEquals(81, vectors.size());
    for (List<String> vector : vectors) {
      byte[] code = Hmac.under(bytes(vector.get(2))).doFinal(bytes(vector.get(3)));
      assertEquals(valid(vector), Arrays.equals(bytes(vector.get(4)), code), vector.get(0));
    }
  }

  @Test
  void hkdf_everyVector_givesThePublishedKeyAndNoLongerOne() throws Exception {
    List<List<String>> vectors = vectors("hkdf");
    assertEquals(36, vectors.size());
    for (List<String> vector : vectors) {
      byte[] key = bytes(vector.get(2));
      byte[] salt = bytes(vector.get(3));
      byte[] info = bytes(vector.get(4));
      int length = Integer.parseInt(vector.get(5));
      if (valid(vector)) {
        assertArrayEquals(
            bytes(vector.get(6)), Hkdf.derive(key, salt, info, length), vector.get(0));
      } else {
        assertThrows(
            IllegalArgumentException.class,
            () -> Hkdf.derive(key, salt, info, length),
            vector.get(0));
      }
    }
  }
}
