package dev.varve.reader;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Section 14: where contents are cut, computed the slow and obvious way. Used by one thread. */
final class Cutter {

  private final long[] table = new long[256];
  private final byte[] prfKey;
  private final int[] sizes;
  private final long[] thresholds;

  /** Cuts under two keys; sizes are minimum, normal and maximum, thresholds early and late. */
  Cutter(byte[] tableKey, byte[] prfKey, int[] sizes, long[] thresholds) {
    this.prfKey = Arrays.copyOf(prfKey, 16);
    this.sizes = sizes.clone();
    this.thresholds = thresholds.clone();
    try {
      Cipher stream = Cipher.getInstance("AES/CTR/NoPadding");
      stream.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(tableKey, "AES"),
          new IvParameterSpec(new byte[16]));
      ByteBuffer bytes = ByteBuffer.wrap(stream.doFinal(new byte[2048]));
      for (int i = 0; i < table.length; i++) {
        table[i] = bytes.getLong();
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The lengths of the chunks of a content. */
  List<Integer> cut(byte[] content) {
    List<Integer> lengths = new ArrayList<>();
    for (int start = 0; start < content.length; start += lengths.get(lengths.size() - 1)) {
      lengths.add(first(content, start));
    }
    return lengths;
  }

  private int first(byte[] content, int start) {
    int most = Math.min(sizes[2], content.length - start);
    if (most <= sizes[0]) {
      return most;
    }
    long hash = 0;
    for (int n = sizes[0] - 64 + 1; n <= most; n++) {
      hash = (hash << 1) + table[content[start + n - 1] & 0xff];
      if (n >= sizes[0] && hash >>> 56 == 0) {
        byte[] block = ByteBuffer.allocate(16).putLong(hash).array();
        long answer = ByteBuffer.wrap(Primitives.aes(prfKey, block)).getInt() & 0xffff_ffffL;
        if (answer < (n < sizes[1] ? thresholds[0] : thresholds[1])) {
          return n;
        }
      }
    }
    return most;
  }
}
