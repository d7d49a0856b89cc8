package dev.varve.internal.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.ByteBuffer;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentCipherTest {

  private static final SecretKeySpec KEY = new SecretKeySpec(Known.bytes(32, 1), "AES");

  /** A nonce that comes twice gives the key away, so every byte of the number has to be in it. */
  @ParameterizedTest
  @CsvSource({"0,false", "255,true", "256,false", "16909060,true", "4294967295,false"})
  void seal_anyNumber_isInTheNonce(long number, boolean last) throws Exception {
    byte[] plain = Known.bytes(100, 2);
    byte[] header = Known.bytes(StreamSeal.HEADER_BYTES, 3);
    ByteBuffer sealed = ByteBuffer.allocate(plain.length + StreamSeal.TAG_BYTES);

    SegmentCipher cipher = new SegmentCipher();
    cipher.header(header);
    cipher.seal(KEY, number, last, ByteBuffer.wrap(plain), plain.length, sealed);

    ByteBuffer nonce = ByteBuffer.allocate(12);
    nonce.put(header, header.length - StreamSeal.PREFIX_BYTES, StreamSeal.PREFIX_BYTES);
    nonce.putInt((int) number).put((byte) (last ? 1 : 0));
    Cipher expected = Cipher.getInstance("AES/GCM/NoPadding");
    expected.init(Cipher.ENCRYPT_MODE, KEY, new GCMParameterSpec(128, nonce.array()));
    assertArrayEquals(expected.doFinal(plain), sealed.array());
  }
}
