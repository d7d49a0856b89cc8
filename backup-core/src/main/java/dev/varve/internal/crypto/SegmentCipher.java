package dev.varve.internal.crypto;

import dev.varve.internal.format.FormatException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens single segments of one sealed stream; {@link StreamSeal} says how they are laid
 * out. Used by one thread. Does not guard against sealing one segment twice: its callers do.
 */
final class SegmentCipher {

  private static final int NONCE_BYTES = 12;
  private static final int NUMBER_OFFSET = StreamSeal.PREFIX_BYTES;
  private static final int LAST_OFFSET = NONCE_BYTES - 1;

  private final Cipher cipher;
  private final byte[] nonce = new byte[NONCE_BYTES];
  private byte[] inputScratch = new byte[0];
  private byte[] outputScratch = new byte[0];

  SegmentCipher() {
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has AES-GCM", e);
    }
  }

  /** Takes the stream's nonce prefix from its header. */
  void header(byte[] header) {
    System.arraycopy(
        header, StreamSeal.HEADER_BYTES - NUMBER_OFFSET, nonce, 0, StreamSeal.PREFIX_BYTES);
  }

  /**
   * Takes {@code plainBytes} from {@code plain} and puts the sealed segment into {@code sealed}.
   */
  void seal(
      SecretKeySpec key,
      long number,
      boolean last,
      ByteBuffer plain,
      int plainBytes,
      ByteBuffer sealed) {
    try {
      apply(
          Cipher.ENCRYPT_MODE, key, number, last, plain, plainBytes, sealed, StreamSeal.TAG_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM refuses to encrypt", e);
    }
  }

  /** Takes {@code sealedBytes} from {@code sealed} and puts the plaintext into {@code plain}. */
  void open(
      SecretKeySpec key,
      long number,
      boolean last,
      ByteBuffer sealed,
      int sealedBytes,
      ByteBuffer plain)
      throws FormatException {
    try {
      apply(
          Cipher.DECRYPT_MODE,
          key,
          number,
          last,
          sealed,
          sealedBytes,
          plain,
          -StreamSeal.TAG_BYTES);
    } catch (GeneralSecurityException e) {
      throw new FormatException(
          "Segment "
              + number
              + " was changed, or it was sealed with another key or for another place",
          e);
    }
  }

  private void apply(
      int mode,
      SecretKeySpec key,
      long number,
      boolean last,
      ByteBuffer input,
      int inputBytes,
      ByteBuffer output,
      int growth)
      throws GeneralSecurityException {
    nonce[NUMBER_OFFSET] = (byte) (number >>> 24);
    nonce[NUMBER_OFFSET + 1] = (byte) (number >>> 16);
    nonce[NUMBER_OFFSET + 2] = (byte) (number >>> 8);
    nonce[NUMBER_OFFSET + 3] = (byte) number;
    nonce[LAST_OFFSET] = (byte) (last ? 1 : 0);
    cipher.init(mode, key, new GCMParameterSpec(8 * StreamSeal.TAG_BYTES, nonce));

    byte[] from;
    int fromOffset;
    if (input.hasArray()) {
      from = input.array();
      fromOffset = input.arrayOffset() + input.position();
    } else {
      from = inputScratch = room(inputScratch, inputBytes);
      fromOffset = 0;
      input.get(input.position(), from, 0, inputBytes);
    }
    int outputBytes = inputBytes + growth;
    if (output.hasArray()) {
      cipher.doFinal(
          from, fromOffset, inputBytes, output.array(), output.arrayOffset() + output.position());
      output.position(output.position() + outputBytes);
    } else {
      outputScratch = room(outputScratch, outputBytes);
      cipher.doFinal(from, fromOffset, inputBytes, outputScratch, 0);
      output.put(outputScratch, 0, outputBytes);
    }
    input.position(input.position() + inputBytes);
  }

  private static byte[] room(byte[] scratch, int bytes) {
    return scratch.length >= bytes ? scratch : Arrays.copyOf(scratch, StreamSeal.SEGMENT_BYTES);
  }
}
